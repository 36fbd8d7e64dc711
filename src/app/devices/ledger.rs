//! A Ledger with its Ethereum application open. The commands are few and old; they stand here, and not in a library, so
//! that they can be tested against an emulator's port, be waited for with a limit, and find a device plugged in later.

use alloy::primitives::{Address, B256};
use alloy::signers::Signature;

use super::ledger_link::{ApduLink, HidLink, TcpLink, exchange};
use super::own_signature::own_signature;
use super::signer::{Signer, Typed};
use super::{Cancel, DeviceCause, DevicePorts, Patience};
use crate::wallet::Unsigned;
use crate::wallet::keys::DerivationPath;

const CLASS: u8 = 0xe0;
const GET_ADDRESS: u8 = 0x02;
const SIGN_TRANSACTION: u8 = 0x04;
const SIGN_MESSAGE: u8 = 0x08;
const SIGN_TYPED_HASHES: u8 = 0x0c;
const FIRST: u8 = 0x00;
const MORE: u8 = 0x80;
const CONFIRM: u8 = 0x01;
/// Most bytes of one command.
const MOST: usize = 255;
const HARDENED: u32 = 1 << 31;

/// A Ledger.
pub(super) struct Ledger {
    link: Box<dyn ApduLink>,
    patience: Patience,
    cancel: Cancel,
}

impl Ledger {
    /// Finds it.
    pub(super) fn open(ports: DevicePorts, cancel: Cancel) -> Result<Self, DeviceCause> {
        let link: Box<dyn ApduLink> = match ports.ledger {
            Some(emulator) => Box::new(TcpLink::open(emulator)?),
            None => Box::new(HidLink::open()?),
        };
        Ok(Self { link, patience: ports.patience, cancel })
    }

    fn command(&mut self, (ins, p1): (u8, u8), data: &[u8], limit_ms: u64) -> Result<Vec<u8>, DeviceCause> {
        let length = u8::try_from(data.len()).map_err(|_long| broken("a command of a wrong length"))?;
        let apdu = [[CLASS, ins, p1, 0, length].as_slice(), data].concat();
        let answer = exchange(self.link.as_mut(), &apdu, (&self.cancel, limit_ms))?;
        let (data, word) = answer.split_last_chunk::<2>().ok_or(broken("an answer without its status"))?;
        match u16::from_be_bytes(*word) {
            0x9000 => Ok(data.to_vec()),
            other => Err(refusal(other)),
        }
    }

    /// Sends something to be signed in parts, and takes the signature that the last one is answered with.
    fn signature(
        &mut self,
        ins: u8,
        (own, payload): ((&DerivationPath, Address), &[u8]),
        hash: B256,
    ) -> Result<Signature, DeviceCause> {
        let (path, expected) = own;
        let payload = [steps(path)?, payload.to_vec()].concat();
        // A part of three bytes or less is taken for the end of an older form of transaction:
        // https://github.com/LedgerHQ/app-ethereum/issues/409
        let size = (1..=MOST).rev().find(|size| payload.len() % size != 3).unwrap_or(MOST);
        let mut answer = Vec::new();
        for (at, part) in payload.chunks(size).enumerate() {
            let p1 = if at == 0 { FIRST } else { MORE };
            answer = self.command((ins, p1), part, self.patience.person_ms)?;
        }
        let cut = answer.get(1..33).zip(answer.get(33..65)).filter(|_| answer.len() == 65);
        own_signature(cut.ok_or(broken("a signature of a wrong length"))?, hash, expected)
    }
}

impl Signer for Ledger {
    fn address(&mut self, path: &DerivationPath, show: bool) -> Result<Address, DeviceCause> {
        let (p1, limit_ms) =
            if show { (CONFIRM, self.patience.person_ms) } else { (FIRST, self.patience.first_ms) };
        let answer = self.command((GET_ADDRESS, p1), &steps(path)?, limit_ms)?;
        // The public key and the address, each behind its length; the address as hex without its prefix.
        let text = counted(&answer).and_then(|(_key, rest)| counted(rest)).map(|(text, _)| text);
        let text = text.and_then(|text| std::str::from_utf8(text).ok());
        let address = text.and_then(|text| text.trim_start_matches("0x").parse().ok());
        address.ok_or(broken("an address that is none"))
    }

    fn transaction(
        &mut self,
        own: (&DerivationPath, Address),
        tx: &Unsigned,
    ) -> Result<Signature, DeviceCause> {
        if matches!(tx, Unsigned::Eip7702 { .. }) {
            return Err(DeviceCause::Unsupported { what: "A delegation (EIP-7702)".to_owned() });
        }
        self.signature(SIGN_TRANSACTION, (own, &tx.bytes_to_sign()), tx.id())
    }

    fn message(
        &mut self,
        own: (&DerivationPath, Address),
        message: &[u8],
        hash: B256,
    ) -> Result<Signature, DeviceCause> {
        let length = u32::try_from(message.len()).map_err(|_long| broken("a message too long"))?;
        let payload = [length.to_be_bytes().as_slice(), message].concat();
        self.signature(SIGN_MESSAGE, (own, &payload), hash)
    }

    /// By its two hashes, which the device shows: what would show its fields comes from the vendor's servers.
    fn typed_data(
        &mut self,
        own: (&DerivationPath, Address),
        data: &Typed,
        hash: B256,
    ) -> Result<Signature, DeviceCause> {
        let payload = [data.domain.as_slice(), data.message.as_slice()].concat();
        self.signature(SIGN_TYPED_HASHES, (own, &payload), hash)
    }
}

fn broken(detail: &'static str) -> DeviceCause {
    DeviceCause::Broken { detail }
}

/// Bytes behind their length, and what follows.
fn counted(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first()?;
    rest.split_at_checked(usize::from(*length))
}

fn steps(path: &DerivationPath) -> Result<Vec<u8>, DeviceCause> {
    let steps = path.steps();
    let mut bytes = vec![u8::try_from(steps.len()).map_err(|_deep| broken("a path too deep"))?];
    for (index, hardened) in steps {
        let index = if hardened { index | HARDENED } else { index };
        bytes.extend_from_slice(&index.to_be_bytes());
    }
    Ok(bytes)
}

/// The device's status words (ISO 7816).
fn refusal(word: u16) -> DeviceCause {
    match word {
        0x6985 | 0x5501 => DeviceCause::Declined,
        0x5515 | 0x6b0c | 0x6804 | 0x6982 => DeviceCause::Locked,
        0x6a80 => DeviceCause::BlindSigningOff,
        0x6e00 | 0x6e01 | 0x6d00 | 0x6d02 | 0x6511 => DeviceCause::WrongApp,
        other => DeviceCause::Answered { text: format!("status {other:04x}") },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_devices_status_words_have_their_meaning() {
        for (word, cause) in [
            (0x6985, DeviceCause::Declined),
            (0x5515, DeviceCause::Locked),
            (0x6a80, DeviceCause::BlindSigningOff),
            (0x6511, DeviceCause::WrongApp),
            (0x6f00, DeviceCause::Answered { text: "status 6f00".to_owned() }),
        ] {
            assert_eq!(refusal(word), cause);
        }
    }
}
