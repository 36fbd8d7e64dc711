//! What a transaction moves and allows, read from value transfers and from logs that were not undone.

use alloy::primitives::{Address, B256, Log, U256, address, b256};

/// Effects of one kind kept of one transaction. A log costs gas: 50 million pay for no more than this.
const MAX_EFFECTS: usize = 65_536;

/// `Transfer(address,address,uint256)` of ERC-20 (amount in the data) and ERC-721 (id in a topic).
const TRANSFER: B256 = b256!("ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef");
/// `TransferSingle(address,address,address,uint256,uint256)` of ERC-1155.
const TRANSFER_SINGLE: B256 = b256!("c3d58168c5ae7397731d063d5bbf3d657854427343f4c083240f7aacaa2d0f62");
/// `TransferBatch(address,address,address,uint256[],uint256[])` of ERC-1155.
const TRANSFER_BATCH: B256 = b256!("4a39dc06d4c0dbc64b70af90fd698a233a518aa5d07e595d983b8c0526c8f7fb");
/// `Approval(address,address,uint256)` of ERC-20 and ERC-721.
const APPROVAL: B256 = b256!("8c5be1e5ebec7d5bd14f71427d1e84f3dd0314c0f7b2291e5b200ac8c7c3b925");
/// `ApprovalForAll(address,address,bool)` of ERC-721 and ERC-1155.
const APPROVAL_FOR_ALL: B256 = b256!("17307eab39ab6107e8899845ad3d59bd9653f200f220920489ca2b5937696c31");
/// `Approval(address,address,address,uint160,uint48)` of Permit2.
const PERMIT2_APPROVAL: B256 = b256!("da9fa7c1b00402c17d0161b249b1ab8bbec047c5a52207b9c112deffd817036b");
/// `Permit(address,address,address,uint160,uint48,uint48)` of Permit2.
const PERMIT2_PERMIT: B256 = b256!("c6a377bfc4eb120024a8ac08eef205be16b817020812c73223e81d1bdb9708ec");
/// `Deposit(address,uint256)` of WETH9, which writes no `Transfer` when it mints.
const DEPOSIT: B256 = b256!("e1fffcc4923d04b559f4d29a8bfc6cda04eb5b0d3c460751c2402c5c5cc9109c");
/// `Withdrawal(address,uint256)` of WETH9.
const WITHDRAWAL: B256 = b256!("7fcf532c15f0a6db0bd6d0e038bea71d30d808c7d98cb3bf7268a95bf5081b65");
/// Writes the logs of ether transfers from Amsterdam on (EIP-7708): no token.
const SYSTEM_ADDRESS: Address = address!("fffffffffffffffffffffffffffffffffffffffe");

/// What is moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Asset {
    /// The chain's own, in wei. Moved by the chain itself.
    Ether,
    /// An ERC-20, in its smallest unit.
    Erc20 {
        /// The token.
        token: Address,
    },
    /// One ERC-721 item.
    Erc721 {
        /// The collection.
        token: Address,
        /// Which.
        id: U256,
    },
    /// Items of an ERC-1155 kind.
    Erc1155 {
        /// The collection.
        token: Address,
        /// Which kind.
        id: U256,
    },
}

/// One movement. Ether moves by the chain's rules; a token's movement is what the token itself says in its log, and a
/// token may say anything: only its balances show what it did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Transfer {
    /// What.
    pub asset: Asset,
    /// From whom; the zero address where it is made.
    pub from: Address,
    /// To whom; the zero address where it is destroyed.
    pub to: Address,
    /// How much, in the asset's smallest unit; 1 for an ERC-721 item.
    pub amount: U256,
}

/// What is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Allowance {
    /// To spend up to an amount of an ERC-20.
    Erc20 {
        /// In the token's smallest unit.
        amount: U256,
    },
    /// To move one ERC-721 item; the zero address as spender takes the permission back.
    Erc721 {
        /// Which.
        id: U256,
    },
    /// To move everything of the owner's in this collection.
    Operator {
        /// False where the permission is taken back.
        allowed: bool,
    },
    /// To spend an ERC-20 through Permit2.
    Permit2 {
        /// In the token's smallest unit.
        amount: U256,
        /// Unix seconds.
        expires: u64,
        /// Which contract keeps this permission.
        keeper: Address,
    },
}

/// A permission that was given or taken back, as the contract's log says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Approval {
    /// On which token.
    pub token: Address,
    /// By whom.
    pub owner: Address,
    /// To whom.
    pub spender: Address,
    /// What.
    pub allowance: Allowance,
}

impl Approval {
    /// Somebody may take something after it; false where a permission is taken back.
    pub fn gives(&self) -> bool {
        match self.allowance {
            Allowance::Erc20 { amount } | Allowance::Permit2 { amount, .. } => !amount.is_zero(),
            Allowance::Erc721 { .. } => !self.spender.is_zero(),
            Allowance::Operator { allowed } => allowed,
        }
    }
}

/// Effects so far, in order.
#[derive(Debug, Default)]
pub(super) struct Assets {
    pub(super) transfers: Vec<Transfer>,
    pub(super) approvals: Vec<Approval>,
    pub(super) created: Vec<Address>,
    pub(super) not_kept: usize,
}

impl Assets {
    pub(super) fn lengths(&self) -> [usize; 3] {
        [self.transfers.len(), self.approvals.len(), self.created.len()]
    }

    /// Undoes everything since.
    pub(super) fn forget(&mut self, [transfers, approvals, created]: [usize; 3]) {
        self.transfers.truncate(transfers);
        self.approvals.truncate(approvals);
        self.created.truncate(created);
    }

    pub(super) fn moved(&mut self, transfer: Transfer) {
        if self.transfers.len() < MAX_EFFECTS {
            self.transfers.push(transfer);
        } else {
            self.not_kept = self.not_kept.saturating_add(1);
        }
    }

    /// Names the receiver of a creation's funds.
    pub(super) fn endow(&mut self, place: usize, created: Address) {
        if let Some(transfer) = self.transfers.get_mut(place) {
            transfer.to = created;
        }
    }

    /// Reads one log. `came_with` is the wei that the writing call was sent, `before` how many transfers preceded that
    /// call: a wrapper's mint is believed where ether of the same amount moved with it.
    pub(super) fn read_log(&mut self, log: &Log, came_with: U256, before: usize) {
        if log.address == SYSTEM_ADDRESS {
            return;
        }
        match log.topics() {
            [TRANSFER, from, to, rest @ ..] => self.transfer_log(log, (*from, *to), rest),
            [TRANSFER_SINGLE | TRANSFER_BATCH, _, from, to] => self.multi_transfer_log(log, (*from, *to)),
            [APPROVAL | APPROVAL_FOR_ALL | PERMIT2_APPROVAL | PERMIT2_PERMIT, ..] => match approval_of(log) {
                Some(approval) if self.approvals.len() < MAX_EFFECTS => self.approvals.push(approval),
                Some(_) => self.not_kept = self.not_kept.saturating_add(1),
                None => {}
            },
            [DEPOSIT, to] => {
                if let Some(amount) = word(log, 0).filter(|amount| *amount == came_with) {
                    self.moved(fungible(log.address, Address::ZERO, account(to), amount));
                }
            }
            [WITHDRAWAL, from] => {
                let (token, from) = (log.address, account(from));
                let Some(amount) = word(log, 0) else { return };
                let paid = Transfer { asset: Asset::Ether, from: token, to: from, amount };
                if self.transfers.get(before..).is_some_and(|since| since.contains(&paid)) {
                    self.moved(fungible(token, from, Address::ZERO, amount));
                }
            }
            _ => {}
        }
    }

    fn transfer_log(&mut self, log: &Log, (from, to): (B256, B256), rest: &[B256]) {
        let (token, from, to) = (log.address, account(&from), account(&to));
        match rest {
            [] => {
                if let Some(amount) = word(log, 0) {
                    self.moved(fungible(token, from, to, amount));
                }
            }
            [id] => {
                let asset = Asset::Erc721 { token, id: (*id).into() };
                self.moved(Transfer { asset, from, to, amount: U256::ONE });
            }
            _ => {}
        }
    }

    fn multi_transfer_log(&mut self, log: &Log, (from, to): (B256, B256)) {
        let (token, from, to) = (log.address, account(&from), account(&to));
        let pairs: Vec<(U256, U256)> = if log.topics().first() == Some(&TRANSFER_SINGLE) {
            word(log, 0).zip(word(log, 1)).into_iter().collect()
        } else {
            list(log, 0).into_iter().zip(list(log, 1)).collect()
        };
        for (id, amount) in pairs {
            self.moved(Transfer { asset: Asset::Erc1155 { token, id }, from, to, amount });
        }
    }
}

/// The transfers that a log of a receipt says: of tokens alone, in the token's own words.
pub fn transfers_in(log: &Log) -> Vec<Transfer> {
    let mut assets = Assets::default();
    // What moved with a wrapper's deposit or withdrawal is not seen in a receipt: those logs are left.
    assets.read_log(log, U256::MAX, usize::MAX);
    assets.transfers
}

fn fungible(token: Address, from: Address, to: Address, amount: U256) -> Transfer {
    Transfer { asset: Asset::Erc20 { token }, from, to, amount }
}

fn approval_of(log: &Log) -> Option<Approval> {
    let emitter = log.address;
    let (token, owner, spender, allowance) = match log.topics() {
        [APPROVAL, owner, spender] => (emitter, owner, spender, Allowance::Erc20 { amount: word(log, 0)? }),
        [APPROVAL, owner, spender, id] => (emitter, owner, spender, Allowance::Erc721 { id: (*id).into() }),
        [APPROVAL_FOR_ALL, owner, spender] => {
            (emitter, owner, spender, Allowance::Operator { allowed: !word(log, 0)?.is_zero() })
        }
        [PERMIT2_APPROVAL | PERMIT2_PERMIT, owner, token, spender] => {
            let expires = word(log, 1)?.saturating_to();
            (
                account(token),
                owner,
                spender,
                Allowance::Permit2 { amount: word(log, 0)?, expires, keeper: emitter },
            )
        }
        _ => return None,
    };
    Some(Approval { token, owner: account(owner), spender: account(spender), allowance })
}

fn account(topic: &B256) -> Address {
    Address::from_word(*topic)
}

/// The word at this place of the log's data.
fn word(log: &Log, index: usize) -> Option<U256> {
    let at = index.checked_mul(32)?;
    log.data.data.get(at..at.checked_add(32)?).map(U256::from_be_slice)
}

/// The dynamic array whose offset is the word at this place; empty where it does not fit the data.
fn list(log: &Log, index: usize) -> Vec<U256> {
    let found = || {
        let data = &log.data.data;
        let offset = usize::try_from(word(log, index)?).ok()?;
        let body = data.get(offset.checked_add(32)?..)?;
        let length = usize::try_from(U256::from_be_slice(data.get(offset..offset.checked_add(32)?)?)).ok()?;
        let words = body.get(..length.checked_mul(32)?)?;
        Some(words.chunks_exact(32).map(U256::from_be_slice).collect())
    };
    found().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use alloy::primitives::{Bytes, keccak256};

    use super::*;

    const TOKEN: Address = Address::repeat_byte(0x70);
    const ALICE: Address = Address::repeat_byte(0xa1);
    const BOB: Address = Address::repeat_byte(0xb0);

    fn log(topics: &[B256], words: &[u64]) -> Log {
        let data: Vec<u8> = words.iter().flat_map(|word| B256::from(U256::from(*word)).0).collect();
        Log::new_unchecked(TOKEN, topics.to_vec(), data.into())
    }

    fn read(logs: &[Log]) -> Assets {
        let mut assets = Assets::default();
        logs.iter().for_each(|log| assets.read_log(log, U256::ZERO, 0));
        assets
    }

    #[test]
    fn topics_are_the_hashes_of_their_signatures() {
        for (topic, signature) in [
            (TRANSFER, "Transfer(address,address,uint256)"),
            (TRANSFER_SINGLE, "TransferSingle(address,address,address,uint256,uint256)"),
            (TRANSFER_BATCH, "TransferBatch(address,address,address,uint256[],uint256[])"),
            (APPROVAL, "Approval(address,address,uint256)"),
            (APPROVAL_FOR_ALL, "ApprovalForAll(address,address,bool)"),
            (PERMIT2_APPROVAL, "Approval(address,address,address,uint160,uint48)"),
            (PERMIT2_PERMIT, "Permit(address,address,address,uint160,uint48,uint48)"),
            (DEPOSIT, "Deposit(address,uint256)"),
            (WITHDRAWAL, "Withdrawal(address,uint256)"),
        ] {
            assert_eq!(topic, keccak256(signature), "{signature}");
        }
    }

    #[test]
    fn each_standard_is_told_by_its_topics() {
        let (alice, bob, seven) = (ALICE.into_word(), BOB.into_word(), B256::from(U256::from(7)));
        let assets = read(&[
            log(&[TRANSFER, alice, bob], &[5]),
            log(&[TRANSFER, alice, bob, seven], &[]),
            log(&[TRANSFER_SINGLE, bob, alice, bob], &[7, 3]),
            log(&[TRANSFER_BATCH, bob, alice, bob], &[64, 160, 2, 1, 2, 2, 10, 20]),
        ]);
        let by = |asset, amount: u64| Transfer { asset, from: ALICE, to: BOB, amount: U256::from(amount) };
        let item = |id: u64| Asset::Erc1155 { token: TOKEN, id: U256::from(id) };
        let expected = [
            by(Asset::Erc20 { token: TOKEN }, 5),
            by(Asset::Erc721 { token: TOKEN, id: U256::from(7) }, 1),
            by(item(7), 3),
            by(item(1), 10),
            by(item(2), 20),
        ];
        assert_eq!(assets.transfers, expected);
        let assets = read(&[
            log(&[APPROVAL, alice, bob], &[9]),
            log(&[APPROVAL, alice, bob, seven], &[]),
            log(&[APPROVAL_FOR_ALL, alice, bob], &[1]),
            log(&[PERMIT2_PERMIT, alice, seven, bob], &[4, 99, 0]),
        ]);
        let found: Vec<Allowance> = assets.approvals.iter().map(|one| one.allowance).collect();
        let expected = [
            Allowance::Erc20 { amount: U256::from(9) },
            Allowance::Erc721 { id: U256::from(7) },
            Allowance::Operator { allowed: true },
            Allowance::Permit2 { amount: U256::from(4), expires: 99, keeper: TOKEN },
        ];
        assert_eq!(found, expected);
        assert_eq!(assets.approvals[3].token, Address::from_word(seven));
        assert!(assets.approvals.iter().all(|one| one.owner == ALICE && one.spender == BOB));
    }

    #[test]
    fn a_wrapper_is_believed_where_ether_moved_with_its_words() {
        let alice = ALICE.into_word();
        let mut assets = Assets::default();
        assets.read_log(&log(&[DEPOSIT, alice], &[5]), U256::from(4), 0);
        assets.read_log(&log(&[WITHDRAWAL, alice], &[5]), U256::ZERO, 0);
        assert!(assets.transfers.is_empty(), "words alone move nothing");
        assets.read_log(&log(&[DEPOSIT, alice], &[5]), U256::from(5), 0);
        assets.moved(Transfer { asset: Asset::Ether, from: TOKEN, to: ALICE, amount: U256::from(5) });
        assets.read_log(&log(&[WITHDRAWAL, alice], &[5]), U256::ZERO, 2);
        assert_eq!(assets.transfers.len(), 2, "paid before this call: not by it");
        assets.read_log(&log(&[WITHDRAWAL, alice], &[5]), U256::ZERO, 1);
        assert_eq!(assets.transfers[0], fungible(TOKEN, Address::ZERO, ALICE, U256::from(5)));
        assert_eq!(assets.transfers[2], fungible(TOKEN, ALICE, Address::ZERO, U256::from(5)));
    }

    #[test]
    fn malformed_logs_and_the_chains_own_are_no_effects() {
        let (alice, bob) = (ALICE.into_word(), BOB.into_word());
        let mut own = log(&[TRANSFER, alice, bob], &[5]);
        own.address = SYSTEM_ADDRESS;
        let mut short = log(&[TRANSFER, alice, bob], &[5]);
        short.data.data = Bytes::from_static(&[1, 2]);
        let assets = read(&[
            own,
            short,
            log(&[TRANSFER, alice], &[5]),
            log(&[TRANSFER_BATCH, bob, alice, bob], &[64, u64::MAX, 2]),
            log(&[APPROVAL_FOR_ALL, alice, bob], &[]),
            log(&[], &[]),
        ]);
        assert_eq!((assets.transfers.len(), assets.approvals.len()), (0, 0));
    }
}
