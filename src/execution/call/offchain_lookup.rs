//! A revert that sends its caller to a web server (EIP-3668), and the call that brings back what the server said.

use alloy::primitives::{Address, Bytes, Selector};
use alloy::sol;
use alloy::sol_types::{SolError as _, SolValue as _};

use super::{CallOutcome, CallStatus};

sol! {
    /// EIP-3668.
    error Lookup(address sender, string[] urls, bytes callData, bytes4 callbackFunction, bytes extraData);
}

/// `OffchainLookup(address,string[],bytes,bytes4,bytes)`.
const SELECTOR: [u8; 4] = [0x55, 0x6f, 0x18, 0x30];

/// What a contract asks its caller to find out elsewhere. All of it is the contract's own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OffchainLookup {
    /// The contract that says so, as it says.
    pub sender: Address,
    /// Addresses of web servers, most wanted first.
    pub urls: Vec<String>,
    /// What they are to be asked.
    pub call_data: Bytes,
    callback: Selector,
    extra_data: Bytes,
}

impl OffchainLookup {
    /// The lookup that an outcome asks for; `None` where it asks for none.
    #[must_use]
    pub fn of(outcome: &CallOutcome) -> Option<Self> {
        let fields =
            outcome.output.strip_prefix(&SELECTOR).filter(|_| outcome.status == CallStatus::Revert)?;
        let lookup = Lookup::abi_decode_raw(fields).ok()?;
        Some(Self {
            sender: lookup.sender,
            urls: lookup.urls,
            call_data: lookup.callData,
            callback: lookup.callbackFunction,
            extra_data: lookup.extraData,
        })
    }

    /// Calldata that brings the contract what a server said.
    #[must_use]
    pub fn callback(&self, response: &Bytes) -> Bytes {
        let arguments = (response.clone(), self.extra_data.clone()).abi_encode_params();
        [self.callback.as_slice(), &arguments].concat().into()
    }
}

#[cfg(test)]
mod tests {
    use alloy::primitives::{address, hex, keccak256};

    use super::*;

    fn revert(output: impl Into<Bytes>) -> CallOutcome {
        let (gas_used, logs, created) = Default::default();
        CallOutcome { status: CallStatus::Revert, output: output.into(), gas_used, logs, created }
    }

    #[test]
    fn a_lookup_is_read_and_its_callback_written_as_the_standard_has_it() {
        assert_eq!(keccak256("OffchainLookup(address,string[],bytes,bytes4,bytes)")[..4], SELECTOR);
        let sender = address!("00000000000000000000000000000000000000aa");
        let said = Lookup {
            sender,
            urls: vec!["https://a.example/{data}".to_owned(), String::new()],
            callData: hex!("0102").into(),
            callbackFunction: hex!("f4d4d2f8").into(),
            extraData: hex!("77").into(),
        };
        let bytes = [&SELECTOR[..], &said.abi_encode()[4..]].concat();
        let lookup = OffchainLookup::of(&revert(bytes.clone())).unwrap();
        assert_eq!((lookup.sender, lookup.urls.len(), lookup.call_data.len()), (sender, 2, 2));
        // The well-known callback of ENS's resolvers: resolveWithProof(bytes,bytes).
        let back = lookup.callback(&hex!("beef").into());
        assert_eq!(back[..4], keccak256("resolveWithProof(bytes,bytes)")[..4]);
        let arguments = <(Bytes, Bytes)>::abi_decode_params(&back[4..]).unwrap();
        assert_eq!(arguments, (hex!("beef").into(), hex!("77").into()));
        let success = CallOutcome { status: CallStatus::Success, ..revert(bytes.clone()) };
        assert_eq!(OffchainLookup::of(&success), None);
        for cut in 0..bytes.len() {
            drop(OffchainLookup::of(&revert(bytes[..cut].to_vec()))); // never panics
        }
        assert_eq!(OffchainLookup::of(&revert(bytes[..40].to_vec())), None);
        assert_eq!(OffchainLookup::of(&revert(Bytes::new())), None);
    }
}
