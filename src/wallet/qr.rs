//! A transaction to a signer without a cable, and its signature back, as animated QR codes (ERC-4527 over Uniform
//! Resources, BCR-2020-005).

use alloy::consensus::{SignableTransaction as _, TxEnvelope};
use alloy::eips::eip2718::Encodable2718 as _;
use alloy::primitives::{Address, B256, Bytes, U256};
use alloy::signers::Signature;
use minicbor::data::{Tag, Type};
use minicbor::{Decoder, Encoder};

use super::keys::DerivationPath;
use super::{Signed, Unsigned};

const REQUEST: &str = "eth-sign-request";
const SIGNATURE: &str = "eth-signature";
/// CBOR tags of a UUID and of a derivation path.
const TAG_UUID: u64 = 37;
const TAG_KEYPATH: u64 = 304;
/// `data-type` of a legacy transaction and of a typed one.
const LEGACY: u8 = 1;
const TYPED: u8 = 4;
/// Bytes of one QR code's part: about 400 characters, which small cameras read.
const FRAGMENT: usize = 150;
/// A part longer than this, or of more parts, is no signature.
const MAX_PART: usize = 4_096;
const MAX_PARTS: u64 = 256;

/// Where the key is on the other device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QrSigner {
    /// Derivation path.
    pub path: DerivationPath,
    /// Fingerprint of its master key, which some devices want; 0 where unknown.
    pub fingerprint: u32,
}

/// Why it does not go over QR codes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum QrError {
    /// ERC-4527 has no form for delegations.
    #[error("transactions with delegations cannot go over QR codes")]
    Kind,
    /// It could not be put into parts.
    #[error("the request could not be written")]
    Encode,
    /// Not a part of a signature.
    #[error("this is no part of a signature from a QR code: {detail}")]
    Part {
        /// What is wrong with it.
        detail: String,
    },
    /// A signature for another request.
    #[error("this signature is for another request")]
    OtherRequest,
    /// Signed by somebody else.
    #[error("the signature is of {found}, the transaction is of {expected}")]
    OtherAccount {
        /// Whose transaction it is.
        expected: Address,
        /// Who signed.
        found: Address,
    },
}

fn part(detail: impl std::fmt::Display) -> QrError {
    QrError::Part { detail: crate::contracts::sanitise(&detail.to_string(), 120) }
}

/// The request's id: the first half of the hash that is signed, so that a reply can be told from another's.
fn request_id(tx: &Unsigned) -> [u8; 16] {
    let id: B256 = tx.id();
    let (half, _) = id.split_at(16);
    half.try_into().unwrap_or_default()
}

/// The request to sign `tx` as texts, each one a QR code to be shown in turn.
///
/// # Errors
/// [`QrError::Kind`], [`QrError::Encode`].
pub fn sign_request(tx: &Unsigned, from: Address, signer: &QrSigner) -> Result<Vec<String>, QrError> {
    let cbor = request_cbor(tx, from, signer)?;
    if cbor.len() <= FRAGMENT {
        let kind = ur::Type::Custom(REQUEST);
        return Ok(vec![ur::try_encode(&cbor, &kind).map_err(|_never| QrError::Encode)?]);
    }
    let mut encoder = ur::Encoder::new(&cbor, FRAGMENT, REQUEST).map_err(|_never| QrError::Encode)?;
    let count = encoder.fragment_count();
    (0..count).map(|_| encoder.next_part().map_err(|_never| QrError::Encode)).collect()
}

fn request_cbor(tx: &Unsigned, from: Address, signer: &QrSigner) -> Result<Vec<u8>, QrError> {
    let kind = match tx {
        Unsigned::Legacy(_) => LEGACY,
        Unsigned::Eip2930(_) | Unsigned::Eip1559(_) => TYPED,
        Unsigned::Eip7702 { .. } => return Err(QrError::Kind),
    };
    let mut out = Encoder::new(Vec::new());
    let written = (|| {
        out.map(6)?.u8(1)?.tag(Tag::new(TAG_UUID))?.bytes(&request_id(tx))?;
        out.u8(2)?.bytes(&tx.bytes_to_sign())?;
        out.u8(3)?.u8(kind)?;
        out.u8(4)?.u64(tx.chain_id())?;
        out.u8(5)?.tag(Tag::new(TAG_KEYPATH))?;
        let steps = signer.path.steps();
        out.map(if signer.fingerprint == 0 { 1 } else { 2 })?.u8(1)?;
        out.array(u64::try_from(steps.len()).unwrap_or_default().saturating_mul(2))?;
        for (index, hardened) in steps {
            out.u32(index)?.bool(hardened)?;
        }
        if signer.fingerprint != 0 {
            out.u8(2)?.u32(signer.fingerprint)?;
        }
        out.u8(6)?.bytes(from.as_slice())?;
        Ok::<(), minicbor::encode::Error<std::convert::Infallible>>(())
    })();
    written.map_err(|_never| QrError::Encode)?;
    Ok(out.into_writer())
}

/// Puts the parts of a signature together, in whatever order a camera sees them.
#[derive(Default)]
pub struct SignatureReader {
    parts: ur::Decoder,
    whole: Option<Vec<u8>>,
}

impl std::fmt::Debug for SignatureReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignatureReader").field("is_complete", &self.is_complete()).finish()
    }
}

impl SignatureReader {
    /// Takes one code's text. True once all is there.
    ///
    /// # Errors
    /// [`QrError::Part`]; what was taken before stays.
    pub fn receive(&mut self, text: &str) -> Result<bool, QrError> {
        let text = text.trim().to_ascii_lowercase();
        if text.len() > MAX_PART {
            return Err(part("it is too long"));
        }
        let rest = text.strip_prefix("ur:").ok_or_else(|| part("it does not begin with ur:"))?;
        let (kind, rest) = rest.split_once('/').ok_or_else(|| part("it names no type"))?;
        if kind != SIGNATURE {
            return Err(part(format!("it is of the type {kind}, not {SIGNATURE}")));
        }
        match rest.split_once('/') {
            None => {
                let (_, message) = ur::decode(&text).map_err(part)?;
                self.whole = Some(message);
            }
            Some((place, _)) => {
                let count = place.split_once('-').and_then(|(_, count)| count.parse::<u64>().ok());
                if count.is_none_or(|count| count > MAX_PARTS) {
                    return Err(part("it is one of too many"));
                }
                self.parts.receive(&text).map_err(part)?;
                if self.parts.complete() {
                    self.whole = self.parts.message().map_err(part)?;
                }
            }
        }
        Ok(self.is_complete())
    }

    /// All is there.
    pub fn is_complete(&self) -> bool {
        self.whole.is_some()
    }

    /// The transaction with the signature that was read.
    ///
    /// # Errors
    /// [`QrError::Part`] where it is none or not all there, [`QrError::OtherRequest`], [`QrError::OtherAccount`].
    pub fn signed(&self, tx: &Unsigned, from: Address) -> Result<Signed, QrError> {
        let whole = self.whole.as_deref().ok_or_else(|| part("parts of it are missing"))?;
        let (id, bytes) = signature_cbor(whole).map_err(part)?;
        if id.is_some_and(|id| id != request_id(tx)) {
            return Err(QrError::OtherRequest);
        }
        let signature = signature_of(&bytes)?;
        let envelope: TxEnvelope = match tx.clone() {
            Unsigned::Legacy(tx) => tx.into_signed(signature).into(),
            Unsigned::Eip2930(tx) => tx.into_signed(signature).into(),
            Unsigned::Eip1559(tx) => tx.into_signed(signature).into(),
            Unsigned::Eip7702 { .. } => return Err(QrError::Kind),
        };
        let raw: Bytes = envelope.encoded_2718().into();
        let signed = Signed::decode(&raw).map_err(part)?;
        match signed.from() {
            found if found == from => Ok(signed),
            found => Err(QrError::OtherAccount { expected: from, found }),
        }
    }
}

type Reply = (Option<[u8; 16]>, Vec<u8>);

/// `{1: uuid, 2: signature, 3: origin}`; only the second must be there.
fn signature_cbor(bytes: &[u8]) -> Result<Reply, minicbor::decode::Error> {
    let wrong = minicbor::decode::Error::message;
    let mut reader = Decoder::new(bytes);
    let count = reader.map()?.ok_or_else(|| wrong("a map without a length"))?;
    let (mut id, mut signature) = (None, None);
    for _ in 0..count.min(8) {
        match reader.u8()? {
            1 => {
                if reader.datatype()? == Type::Tag {
                    reader.tag()?;
                }
                id = Some(reader.bytes()?.try_into().map_err(|_length| wrong("an id of another length"))?);
            }
            2 => signature = Some(reader.bytes()?.to_vec()),
            _ => reader.skip()?,
        }
    }
    Ok((id, signature.ok_or_else(|| wrong("no signature in it"))?))
}

/// r and s, and v in any of the forms that devices use: parity, 27 and 28, or with the chain's id (EIP-155).
fn signature_of(bytes: &[u8]) -> Result<Signature, QrError> {
    let (rs, v) = bytes.split_at_checked(64).ok_or_else(|| part("the signature is too short"))?;
    let (r, s) = rs.split_at(32);
    if v.is_empty() || v.len() > 8 {
        return Err(part("the signature has no v"));
    }
    let v = v.iter().fold(0_u64, |v, byte| v << 8 | u64::from(*byte));
    let odd = match v {
        0 | 1 => v == 1,
        27 | 28 => v == 28,
        _ => v % 2 == 0, // 35 + 2 · chain + parity
    };
    Ok(Signature::new(U256::from_be_slice(r), U256::from_be_slice(s), odd))
}

#[cfg(test)]
mod tests {
    use alloy::consensus::{TxEip1559, TxLegacy};
    use alloy::primitives::{TxKind, hex};

    use super::*;
    use crate::wallet::keys::PrivateKey;

    fn signer() -> QrSigner {
        QrSigner { path: DerivationPath::standard(0), fingerprint: 0x1234_5678 }
    }

    fn typed(data: usize) -> Unsigned {
        Unsigned::Eip1559(TxEip1559 {
            chain_id: 1,
            nonce: 7,
            to: TxKind::Call(Address::repeat_byte(2)),
            input: vec![0xab; data].into(),
            ..TxEip1559::default()
        })
    }

    fn reply(id: Option<[u8; 16]>, signature: &[u8]) -> Vec<u8> {
        let mut out = Encoder::new(Vec::new());
        out.map(if id.is_some() { 2 } else { 1 }).unwrap();
        if let Some(id) = id {
            out.u8(1).unwrap().tag(Tag::new(TAG_UUID)).unwrap().bytes(&id).unwrap();
        }
        out.u8(2).unwrap().bytes(signature).unwrap();
        out.into_writer()
    }

    /// As a device would: reads the request, signs its data, answers under its id.
    fn device(parts: &[String], key: &PrivateKey, v: impl Fn(u64, bool) -> Vec<u8>) -> Vec<u8> {
        let mut decoder = ur::Decoder::default();
        let cbor = match parts {
            [one] => ur::decode(one).unwrap().1,
            many => {
                many.iter().for_each(|one| decoder.receive(one).unwrap());
                decoder.message().unwrap().unwrap()
            }
        };
        let mut reader = Decoder::new(&cbor);
        assert_eq!(reader.map().unwrap(), Some(6));
        assert_eq!((reader.u8().unwrap(), reader.tag().unwrap()), (1, Tag::new(37)));
        let id: [u8; 16] = reader.bytes().unwrap().try_into().unwrap();
        assert_eq!(reader.u8().unwrap(), 2);
        let data = reader.bytes().unwrap().to_vec();
        assert_eq!(reader.u8().unwrap(), 3);
        let kind = reader.u8().unwrap();
        assert_eq!(kind == LEGACY, data[0] >= 0xc0);
        assert_eq!(reader.u8().unwrap(), 4);
        let chain = reader.u64().unwrap();
        assert_eq!((reader.u8().unwrap(), reader.tag().unwrap()), (5, Tag::new(304)));
        assert_eq!((reader.map().unwrap(), reader.u8().unwrap()), (Some(2), 1));
        assert_eq!(reader.array().unwrap(), Some(10));
        let steps: Vec<(u32, bool)> =
            (0..5).map(|_| (reader.u32().unwrap(), reader.bool().unwrap())).collect();
        assert_eq!(steps, [(44, true), (60, true), (0, true), (0, false), (0, false)]);
        assert_eq!((reader.u8().unwrap(), reader.u32().unwrap()), (2, 0x1234_5678));
        assert_eq!((reader.u8().unwrap(), reader.bytes().unwrap()), (6, key.address().as_slice()));
        let signature = key.sign_hash(alloy::primitives::keccak256(&data)).ok().unwrap();
        let bytes = [signature.as_bytes()[..64].to_vec(), v(chain, signature.v())].concat();
        reply(Some(id), &bytes)
    }

    #[test]
    fn a_request_goes_out_and_its_signature_comes_back() {
        let key = PrivateKey::of_bytes(&[3; 32]).ok().unwrap();
        let legacy = Unsigned::Legacy(TxLegacy { chain_id: Some(1), nonce: 7, ..TxLegacy::default() });
        let parity = |_, odd: bool| vec![u8::from(odd)];
        let old = |_, odd: bool| vec![27 + u8::from(odd)];
        let chained = |chain: u64, odd: bool| vec![u8::try_from(35 + 2 * chain).unwrap() + u8::from(odd)];
        for (tx, v) in [
            (typed(0), &parity as &dyn Fn(u64, bool) -> Vec<u8>),
            (typed(0), &old),
            (typed(900), &parity),
            (legacy, &chained),
        ] {
            let parts = sign_request(&tx, key.address(), &signer()).unwrap();
            assert_eq!(parts.len() > 1, tx.input().len() > 100, "{}", parts.len());
            assert!(parts.iter().all(|one| one.len() < 500 && one.starts_with("ur:eth-sign-request/")));
            let cbor = device(&parts, &key, v);
            let mut encoder = ur::Encoder::new(&cbor, 40, SIGNATURE).unwrap();
            let mut reader = SignatureReader::default();
            assert!(reader.signed(&tx, key.address()).is_err(), "nothing came yet");
            encoder.next_part().unwrap(); // the camera missed the first: later parts make up for it
            while !reader.receive(&encoder.next_part().unwrap().to_uppercase()).unwrap() {}
            let signed = reader.signed(&tx, key.address()).unwrap();
            assert_eq!(signed.unsigned().unwrap(), tx);
            let other = Address::repeat_byte(9);
            let error = reader.signed(&tx, other).unwrap_err();
            assert_eq!(error, QrError::OtherAccount { expected: other, found: key.address() });
            assert_eq!(reader.signed(&typed(1), key.address()), Err(QrError::OtherRequest));
        }
    }

    #[test]
    fn what_is_no_signature_is_named_and_never_panics() {
        let mut reader = SignatureReader::default();
        for text in [
            "",
            "ur:",
            "ur:eth-signature",
            "ur:eth-signature/zz",
            "ur:eth-sign-request/oeadtpda",
            "ur:eth-signature/1-999999/lpad",
            "ur:eth-signature/1-2/1-2",
            &"x".repeat(5_000),
        ] {
            assert!(matches!(reader.receive(text), Err(QrError::Part { .. })), "{text}");
        }
        let whole = reply(None, &hex!("00"));
        let text = ur::encode(&whole, &ur::Type::Custom(SIGNATURE));
        assert!(reader.receive(&text).unwrap());
        assert!(reader.signed(&typed(0), Address::ZERO).is_err());
        for at in 0..whole.len() {
            let mut bent = whole.clone();
            bent[at] ^= 0xff;
            let _either = signature_cbor(&bent);
        }
    }

    #[test]
    fn delegations_do_not_go_over_qr_codes() {
        let tx = Unsigned::Eip7702 { tx: Default::default(), authorizations: vec![] };
        assert_eq!(sign_request(&tx, Address::ZERO, &signer()), Err(QrError::Kind));
    }
}
