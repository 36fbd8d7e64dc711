//! What a person writes, into what the wallet needs: tokens by name, amounts by decimals, calls by signature.

use alloy::primitives::{Address, Bytes, U256};

use super::super::Reason;
use super::desk::Wallet;
use crate::contracts::{FunctionCall, TokenList};
use crate::wallet::Amount;

/// A token that can be sent, with its proven decimals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SendableToken {
    /// Its contract.
    pub address: Address,
    /// Its symbol, safe to show.
    pub symbol: String,
    /// Digits behind the point.
    pub decimals: u8,
}

const NOTHING: &str = "nothing was signed and nothing was sent";

impl Wallet {
    /// The token of that symbol or address. A symbol means the listed token alone.
    ///
    /// # Errors
    /// [`Reason`] where the list has none or several, or the contract is no token.
    pub async fn token(&self, symbol_or_address: &str) -> Result<SendableToken, Reason> {
        let asked = symbol_or_address.trim();
        let address = match asked.parse::<Address>() {
            Ok(address) => address,
            Err(_) => self.listed(asked)?,
        };
        let heads = self.heads()?;
        let state = self.inner.reads.state_at(heads.optimistic.clone());
        let units = self.units_of(&state, &[address]).await?;
        match units.get(&address) {
            Some((symbol, decimals)) => {
                Ok(SendableToken { address, symbol: symbol.clone(), decimals: *decimals })
            }
            None => Err(Reason::new(
                &format!("{address} does not say how many decimals it has"),
                "it is no ERC-20 token, or a broken one",
                "check the address",
            )),
        }
    }

    fn listed(&self, symbol: &str) -> Result<Address, Reason> {
        let list = TokenList::of_chain(self.chain_id());
        let found = list.map(|list| list.find(symbol)).unwrap_or_default();
        match found.as_slice() {
            [one] => Ok(one.address),
            [first, rest @ ..] if rest.iter().all(|one| one.tier > first.tier) => Ok(first.address),
            [] => Err(Reason::new(
                &format!("No listed token has the symbol {symbol:?}"),
                NOTHING,
                "give the token's address: anybody can call a token anything",
            )),
            many => {
                let all: Vec<String> =
                    many.iter().map(|one| format!("{} {}", one.name, one.address)).collect();
                let what = format!("{} listed tokens have the symbol {symbol:?}", many.len());
                Err(Reason::new(&what, NOTHING, &format!("give the address: {}", all.join(", "))))
            }
        }
    }

    /// Calldata of a function with its arguments, as people write them.
    ///
    /// # Errors
    /// [`Reason`] naming the argument that does not fit.
    pub fn calldata(&self, signature: &str, args: &[String]) -> Result<Bytes, Reason> {
        let call = FunctionCall::parse(signature, args)
            .map_err(|error| Reason::new(&error.to_string(), NOTHING, "correct it and try again"))?;
        Ok(call.calldata())
    }
}

/// An amount as a person writes it: digits with at most `decimals` behind a point, or `max`.
///
/// # Errors
/// [`Reason`] naming what is wrong with it.
pub fn parse_amount(text: &str, decimals: u8) -> Result<Amount, Reason> {
    let wrong = |what: &str| Reason::new(&format!("{text:?}: {what}"), NOTHING, "write it like 1.5, or max");
    let text = text.trim();
    if text.eq_ignore_ascii_case("max") {
        return Ok(Amount::Max);
    }
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if (whole.is_empty() && fraction.is_empty()) || !digits(whole) || !digits(fraction) {
        return Err(wrong("that is no amount"));
    }
    let places = usize::from(decimals);
    if fraction.len() > places {
        return Err(wrong(&format!("it has {} decimals; at most {places} are possible", fraction.len())));
    }
    let padded = format!("{whole}{fraction}{}", "0".repeat(places.saturating_sub(fraction.len())));
    let amount: U256 = padded.parse().map_err(|_large| wrong("that is more than there can be"))?;
    Ok(Amount::Exactly(amount))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_exact_or_refused() {
        let exactly = |text: &str, decimals| match parse_amount(text, decimals) {
            Ok(Amount::Exactly(amount)) => amount,
            other => panic!("{other:?}"),
        };
        assert_eq!(exactly("1.5", 6), U256::from(1_500_000));
        assert_eq!(exactly("0.000001", 6), U256::from(1));
        assert_eq!(exactly(".5", 1), U256::from(5));
        assert_eq!(exactly("7", 0), U256::from(7));
        assert_eq!(parse_amount("MAX", 18).unwrap(), Amount::Max);
        for wrong in ["", ".", "-1", "1,5", "1e3", "0x1", "1.5.5", "one", "1.0000001"] {
            assert!(parse_amount(wrong, 6).is_err(), "{wrong}");
        }
        let too_many = parse_amount("1.0000001", 6).unwrap_err().to_string();
        assert!(too_many.contains("7 decimals; at most 6"), "{too_many}");
        assert!(parse_amount(&"9".repeat(90), 18).is_err());
    }
}
