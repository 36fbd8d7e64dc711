//! What the logs of a simulation tell of tokens: whether a number is an item's, who is paid out of an account, and whether
//! a transfer happened at all.

use alloy::primitives::{Address, B256, Log, U256, b256};

use super::Effects;

/// `Transfer(address,address,uint256)` of ERC-20 and ERC-721.
const TRANSFER: B256 = b256!("ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef");
/// `TransferSingle(address,address,address,uint256,uint256)` of ERC-1155.
const TRANSFER_SINGLE: B256 = b256!("c3d58168c5ae7397731d063d5bbf3d657854427343f4c083240f7aacaa2d0f62");
/// `TransferBatch(address,address,address,uint256[],uint256[])` of ERC-1155.
const TRANSFER_BATCH: B256 = b256!("4a39dc06d4c0dbc64b70af90fd698a233a518aa5d07e595d983b8c0526c8f7fb");
/// `Approval(address,address,uint256)` of ERC-20 and ERC-721.
const APPROVAL: B256 = b256!("8c5be1e5ebec7d5bd14f71427d1e84f3dd0314c0f7b2291e5b200ac8c7c3b925");

impl Effects {
    /// A log of this token names the number as one item: an ERC-721 writes it as a fourth topic, a coin as data.
    pub fn names_item(&self, token: Address, id: U256) -> bool {
        let id = B256::from(id);
        self.logs
            .iter()
            .filter(|log| log.address == token)
            .any(|log| matches!(log.topics(), [TRANSFER | APPROVAL, _, _, named] if *named == id))
    }

    /// A log of this token says that something went from one to the other.
    pub fn says_moved(&self, token: Address, from: Address, to: Address) -> bool {
        let moved = self.logs.iter().filter(|log| log.address == token).filter_map(moved);
        moved.into_iter().any(|ends| ends == (from, to))
    }

    /// To whom anything of `who` goes, by the logs of all tokens, each once.
    pub fn paid_by(&self, who: Address) -> Vec<Address> {
        let mut paid: Vec<Address> = Vec::new();
        for (from, to) in self.logs.iter().filter_map(moved) {
            if from == who && to != who && !to.is_zero() && !paid.contains(&to) {
                paid.push(to);
            }
        }
        paid
    }
}

/// From whom to whom.
fn moved(log: &Log) -> Option<(Address, Address)> {
    match log.topics() {
        [TRANSFER, from, to, ..] | [TRANSFER_SINGLE | TRANSFER_BATCH, _, from, to] => {
            Some((Address::from_word(*from), Address::from_word(*to)))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use alloy::primitives::{Bytes, LogData};

    use super::*;

    const TOKEN: Address = Address::repeat_byte(3);
    const ME: Address = Address::repeat_byte(1);
    const BOB: Address = Address::repeat_byte(2);

    fn effects(topics: Vec<B256>) -> Effects {
        let data = LogData::new_unchecked(topics, Bytes::new());
        Effects { logs: vec![Log { address: TOKEN, data }], ..Effects::default() }
    }

    #[test]
    fn an_item_has_a_fourth_topic_and_a_coin_has_not() {
        let (me, bob, seven) = (ME.into_word(), BOB.into_word(), B256::from(U256::from(7)));
        let item = effects(vec![TRANSFER, me, bob, seven]);
        assert!(item.names_item(TOKEN, U256::from(7)) && !item.names_item(TOKEN, U256::from(8)));
        assert!(!item.names_item(BOB, U256::from(7)), "another collection");
        let coin = effects(vec![TRANSFER, me, bob]);
        assert!(!coin.names_item(TOKEN, U256::from(7)));
        for one in [item, coin, effects(vec![TRANSFER_SINGLE, seven, me, bob])] {
            assert!(one.says_moved(TOKEN, ME, BOB) && !one.says_moved(TOKEN, BOB, ME));
            assert_eq!((one.paid_by(ME), one.paid_by(BOB)), (vec![BOB], vec![]));
        }
        let burnt = effects(vec![TRANSFER, me, B256::ZERO]);
        assert!(burnt.paid_by(ME).is_empty(), "nobody is paid where it is destroyed");
    }
}
