//! Everything the checks may look at. Whoever gathers it says how each fact is known.

use std::collections::BTreeMap;

use alloy::primitives::{Address, U256};

use crate::contracts::AbiBook;
use crate::wallet::{Effects, FeeQuote, Fees, TipBasis, Unsigned};

/// How the facts of a review are known: the weakest of them decides (THREATS T41).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Each was proven.
    Proven,
    /// At least one is only claimed, or is not known.
    Unverified,
    /// At least one failed its proof.
    Refuted,
}

/// What is proven of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AccountFacts {
    /// Wei.
    pub balance: U256,
    /// Next nonce.
    pub nonce: u64,
    /// It holds code other than an EIP-7702 delegation.
    pub has_code: bool,
}

/// Who an address is to the user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartyKind {
    /// One of the user's own accounts.
    Own,
    /// A saved contact: the user compared it with a source.
    Saved,
    /// Paid or called before by an account of the user's, in a block and without failing, as the journal shows.
    Earlier,
    /// An account of the list, of which no key opened since the program began says that it is the user's: any program may
    /// have written it there.
    Unproven,
    /// Looked at under a name. Nobody compared it with anything, so it is as strange a recipient as any.
    Watched,
}

impl PartyKind {
    /// Whether the user vouched for it, by a key, a comparison or a payment.
    pub fn is_known(self) -> bool {
        !matches!(self, Self::Unproven | Self::Watched)
    }
}

/// An address the user knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// The user's name for it; for an earlier one a short form of the address.
    pub name: String,
    /// The address.
    pub address: Address,
    /// Who it is.
    pub kind: PartyKind,
}

/// A name that leads elsewhere than it did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MovedName {
    /// As `alice.eth`.
    pub name: String,
    /// Day it was last seen at another address, as `2025-10-02`.
    pub since: String,
}

/// What this program copied to the clipboard last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClipboardFact {
    /// Whose address it was.
    pub name: String,
    /// The address.
    pub address: Address,
    /// How long ago.
    pub secs_ago: u64,
}

/// What is known of the code at the target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CodeStanding {
    /// It is what the bundle was made for.
    Matches {
        /// The contract's name.
        name: String,
    },
    /// It is not.
    Changed {
        /// The contract's name.
        name: String,
    },
    /// It is not what ran there when this account last signed a call to it; the bundle says nothing about it.
    ChangedSince {
        /// Day of that signature, as `2025-10-02`.
        day: String,
    },
    /// Nothing is known about it.
    Unknown,
}

/// A transaction of the journal that is not in a final block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingTx {
    /// Its nonce.
    pub nonce: u64,
    /// As `Send 1 ETH`.
    pub title: String,
    /// Wei per gas.
    pub max_fee_per_gas: u128,
    /// Wei per gas.
    pub tip_per_gas: u128,
    /// Most that it can cost with what it sends, wei.
    pub max_cost: U256,
    /// An endpoint took it.
    pub taken: bool,
}

/// A payment that the journal holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastPayment {
    /// To whom.
    pub to: Address,
    /// The token; `None` for ether.
    pub token: Option<Address>,
    /// Raw units.
    pub amount: U256,
    /// Its nonce.
    pub nonce: u64,
    /// How long ago it was signed.
    pub secs_ago: u64,
    /// It is in a block.
    pub in_block: bool,
}

/// A lending position after the transaction. Hundredths; computed by the protocol's own reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HealthFact {
    /// The protocol, as `Aave`.
    pub protocol: String,
    /// Health factor after it, in hundredths, rounded down; `None` without debt.
    pub after: Option<u64>,
    /// Most that can be taken, as `2.07 WETH`.
    pub most: String,
}

/// The limit that a swap sets itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SwapFact {
    /// So many tenths of a percent less may come than the oracle price says.
    Below {
        /// Tenths of a percent.
        tenths: u64,
    },
    /// So many tenths of a percent more may be paid than the oracle price says.
    Above {
        /// Tenths of a percent.
        tenths: u64,
    },
    /// Nothing at all may come.
    NoMinimum,
    /// Anything may be paid.
    NoMaximum,
}

impl SwapFact {
    /// How far it is off the oracle price, in tenths of a percent; without a limit, as far as can be.
    pub fn tenths(self) -> u64 {
        match self {
            Self::Below { tenths } | Self::Above { tenths } => tenths,
            Self::NoMinimum | Self::NoMaximum => u64::MAX,
        }
    }
}

/// A change of who controls a Safe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SafeChange {
    /// Another threshold.
    Threshold {
        /// Before.
        from: u64,
        /// After.
        to: u64,
    },
    /// Foreign code in the Safe's own storage.
    Delegatecall {
        /// Whose code.
        to: Address,
    },
    /// Owners, modules, guard or fallback handler.
    Control {
        /// In a few words.
        what: String,
    },
}

/// The device that would sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceFact {
    /// As `Ledger`.
    pub name: String,
    /// It will show a hash in place of what the transaction does.
    pub shows_only_hash: bool,
}

/// What sources other than the sync committee say of the head that it signed (THREATS T07). Unverified: it can only
/// hold a signature back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WitnessFact {
    /// So many others have the head, and nobody has another block.
    Agreed {
        /// How many.
        by: usize,
    },
    /// Nobody has another block, but fewer than two others have the head.
    TooFew {
        /// How many have it.
        by: usize,
    },
    /// Somebody has another block at the head's number.
    Unsettled {
        /// Who, as text.
        by: String,
    },
    /// Somebody has another block where finality was signed.
    Conflict {
        /// Who, as text.
        by: String,
    },
}

/// Symbols and decimals of tokens, by contract.
pub type Units = BTreeMap<Address, (String, u8)>;

/// Everything the checks may look at.
#[derive(Debug, Clone)]
pub struct ReviewInput<'a> {
    /// The verified chain's id.
    pub chain_id: u64,
    /// Its name.
    pub chain_name: String,
    /// Interfaces, labels.
    pub book: &'a AbiBook,
    /// The account that signs.
    pub from: Address,
    /// How everything below is known.
    pub standing: Standing,
    /// Age of the newest proven state.
    pub state_age_secs: u64,
    /// The time that deadlines are held against, Unix seconds: the newest proven block's, else the clock's.
    pub at_secs: u64,
    /// The account that signs, at that state.
    pub sender: AccountFacts,
    /// Who receives in the end, at that state; for typed data the contract that it names. `None` where nobody does or it
    /// is not known.
    pub recipient: Option<AccountFacts>,
    /// Who may take after it, at that state.
    pub spender: Option<AccountFacts>,
    /// Accounts of persons to whom the simulation moves something of the signer's, whoever the call names.
    pub paid_inside: Vec<Address>,
    /// What the account has of the token that somebody may take without limit, where that is so.
    pub held: Option<U256>,
    /// The recipient as it was typed or pasted; `None` where it was picked.
    pub typed: Option<String>,
    /// Addresses the user knows.
    pub parties: Vec<Party>,
    /// A name that moved.
    pub moved_name: Option<MovedName>,
    /// What was copied here last, where the recipient was pasted.
    pub clipboard: Option<ClipboardFact>,
    /// What is known of the target's code.
    pub code: CodeStanding,
    /// The code an authorization names is among those shipped.
    pub delegate_is_bundled: bool,
    /// Journal transactions of this account that wait.
    pub waiting: Vec<WaitingTx>,
    /// Payments of the journal, newest last.
    pub past: Vec<PastPayment>,
    /// Fees of the next block.
    pub fees: FeeQuote,
    /// What the simulation showed; `None` where there was none.
    pub effects: Option<&'a Effects>,
    /// Percent of the account's value that leaves to somebody else; `None` where it is not known.
    pub value_share: Option<u8>,
    /// What it is a percentage of, as `USDC`, where no prices say what the whole account is worth; `None` for all of it.
    pub share_of: Option<String>,
    /// A lending position it changes.
    pub health: Option<HealthFact>,
    /// A swap in it.
    pub swap: Option<SwapFact>,
    /// A Safe it changes.
    pub safe: Option<SafeChange>,
    /// The device that would sign.
    pub device: Option<DeviceFact>,
    /// What others say of the head, where they were asked.
    pub witness: Option<WitnessFact>,
    /// What changed while the review was open, as `you now receive 1.48 WETH, was 1.50`.
    pub changed: Option<String>,
    /// Symbols and decimals.
    pub units: Units,
}

impl<'a> ReviewInput<'a> {
    /// Nothing is known but who would sign, and on which chain; each fact is put in by whoever proves it.
    pub fn bare(book: &'a AbiBook, (chain_id, chain_name): (u64, String), from: Address) -> Self {
        let none = Fees { max_fee: 0, tip: 0 };
        Self {
            chain_id,
            chain_name,
            book,
            from,
            standing: Standing::Unverified,
            state_age_secs: 0,
            at_secs: 0,
            sender: AccountFacts::default(),
            recipient: None,
            spender: None,
            paid_inside: Vec::new(),
            held: None,
            typed: None,
            parties: Vec::new(),
            moved_name: None,
            clipboard: None,
            code: CodeStanding::Unknown,
            delegate_is_bundled: false,
            waiting: Vec::new(),
            past: Vec::new(),
            fees: FeeQuote { base_fee: 0, speeds: [none; 3], basis: TipBasis::Default },
            effects: None,
            value_share: None,
            share_of: None,
            health: None,
            swap: None,
            safe: None,
            device: None,
            witness: None,
            changed: None,
            units: Units::new(),
        }
    }
}

impl ReviewInput<'_> {
    /// Whom the user knows an address as; one that is only watched is not known.
    pub(super) fn party(&self, address: Address) -> Option<&Party> {
        self.parties.iter().find(|one| one.address == address && one.kind.is_known())
    }

    /// What to call an address: the user's own name for it, else its bundled label. One that was only paid or called
    /// before has no name: its short form says nothing beside the whole address.
    pub(super) fn name_of(&self, address: Address) -> Option<String> {
        let named = self.party(address).filter(|one| one.kind != PartyKind::Earlier);
        named.map(|one| one.name.clone()).or_else(|| self.book.label(self.chain_id, address))
    }

    /// The account of the list that it would be, if a key said so.
    pub(super) fn unproven(&self, address: Address) -> Option<&Party> {
        self.parties.iter().find(|one| one.address == address && one.kind == PartyKind::Unproven)
    }

    pub(super) fn is_own(&self, address: Address) -> bool {
        let own = |one: &Party| one.address == address && one.kind == PartyKind::Own;
        address == self.from || self.parties.iter().any(own)
    }
}

/// What every check is given.
#[derive(Debug)]
pub(super) struct Case<'a> {
    pub(super) tx: &'a Unsigned,
    pub(super) act: &'a super::Act,
    pub(super) call: &'a crate::contracts::DecodedCall,
    /// Who receives by the call, beside the act's own recipient and the user's own accounts.
    pub(super) receivers: Vec<Address>,
    pub(super) input: &'a ReviewInput<'a>,
}
