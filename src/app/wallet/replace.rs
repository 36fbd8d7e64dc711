//! Speed up and cancel: another transaction with the same nonce that pays more. A race, and said to be one.

use alloy::consensus::TxEip1559;
use alloy::primitives::{Address, B256, TxKind, U256};

use super::super::Reason;
use super::desk::Wallet;
use super::facts::quote;
use super::noted::Noted;
use super::prepare::Prepared;
use crate::chain::Heads;
use crate::execution::{Call, GasEstimate};
use crate::wallet::{Draft, Fees, Unsigned};

/// What replaces a waiting transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replacement {
    /// The same, for a higher fee.
    SpeedUp,
    /// Nothing to oneself.
    Cancel,
}

impl Replacement {
    /// The review's heading.
    pub fn heading(self, nonce: u64) -> String {
        match self {
            Self::SpeedUp => "Replace: same payment, higher fee".to_owned(),
            Self::Cancel => format!("Replace with 0 ETH to yourself, nonce {nonce}"),
        }
    }

    /// What both say.
    pub const RACE: &'static str = "This is a race. The old one can still win until one is in a block.";
}

impl Wallet {
    /// Reviews a replacement: both fees 12.5 % higher, or as proven blocks suggest where that is more.
    ///
    /// # Errors
    /// [`Reason`] where the transaction waits no more, or state could not be proven.
    pub async fn prepare_replacement(&self, hash: B256, kind: Replacement) -> Result<Prepared, Reason> {
        let record = self.record(hash)?;
        if !record.is_waiting() {
            let what = format!("The transaction waits no more: {}", record.sentence(self.now_ms()));
            return Err(Reason::new(&what, "there is nothing to replace", "nothing"));
        }
        let old = record.signed.unsigned()?;
        let heads = self.heads()?;
        let now = quote(self, &heads).await.normal();
        let fees = Fees {
            max_fee: raised(old.max_fee_per_gas()).max(now.max_fee),
            tip: raised(old.tip_per_gas()).max(now.tip),
        };
        let replacement = match kind {
            Replacement::SpeedUp => with_fees(old, fees),
            Replacement::Cancel => Unsigned::Eip1559(TxEip1559 {
                chain_id: old.chain_id(),
                nonce: old.nonce(),
                gas_limit: self.gas_of_nothing(&heads, record.signed.from()).await?,
                max_fee_per_gas: fees.max_fee,
                max_priority_fee_per_gas: fees.tip.min(fees.max_fee),
                to: TxKind::Call(record.signed.from()),
                value: U256::ZERO,
                ..TxEip1559::default()
            }),
        };
        self.prepare_made(Draft::of(record.signed.from(), replacement), Noted::default()).await
    }
}

/// Gas of a plain transfer.
const TRANSFER_GAS: u64 = 21_000;
/// Gas of one to oneself on which the account's own code fails: it takes the nonce all the same.
const FAILING_GAS: u64 = 60_000;

impl Wallet {
    /// Gas of nothing to oneself. An account that runs code (EIP-7702) runs it even then.
    async fn gas_of_nothing(&self, heads: &Heads, own: Address) -> Result<u64, Reason> {
        let state = self.inner.reads.state_at(heads.optimistic.clone());
        let call = Call { from: own, to: Some(own), ..Call::default() };
        let estimate = state.estimate_gas(call).await.map_err(|error| Reason::from(&error))?;
        Ok(match estimate.into_value() {
            GasEstimate::Needs(TRANSFER_GAS) => TRANSFER_GAS,
            GasEstimate::Needs(gas) => gas.saturating_add(gas / 5),
            GasEstimate::Fails(_) => FAILING_GAS,
        })
    }
}

/// An eighth more, rounded up, and never the same.
fn raised(fee: u128) -> u128 {
    fee.saturating_add(fee.div_ceil(8)).max(fee.saturating_add(1))
}

fn with_fees(tx: Unsigned, fees: Fees) -> Unsigned {
    match tx {
        Unsigned::Legacy(mut tx) => {
            tx.gas_price = fees.max_fee;
            Unsigned::Legacy(tx)
        }
        Unsigned::Eip2930(mut tx) => {
            tx.gas_price = fees.max_fee;
            Unsigned::Eip2930(tx)
        }
        Unsigned::Eip1559(mut tx) => {
            (tx.max_fee_per_gas, tx.max_priority_fee_per_gas) = (fees.max_fee, fees.tip.min(fees.max_fee));
            Unsigned::Eip1559(tx)
        }
        Unsigned::Eip7702 { mut tx, authorizations } => {
            (tx.max_fee_per_gas, tx.max_priority_fee_per_gas) = (fees.max_fee, fees.tip.min(fees.max_fee));
            Unsigned::Eip7702 { tx, authorizations }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_replacement_pays_an_eighth_more_of_both() {
        assert_eq!((raised(1_000), raised(1_001), raised(0), raised(1)), (1_125, 1_127, 1, 2));
        let old = Unsigned::Eip1559(TxEip1559 { nonce: 5, value: U256::from(7), ..TxEip1559::default() });
        let new = with_fees(old.clone(), Fees { max_fee: 20, tip: 30 });
        assert_eq!((new.max_fee_per_gas(), new.tip_per_gas()), (20, 20));
        assert_eq!((new.nonce(), new.value()), (old.nonce(), old.value()));
        assert_eq!(Replacement::Cancel.heading(211), "Replace with 0 ETH to yourself, nonce 211");
    }
}
