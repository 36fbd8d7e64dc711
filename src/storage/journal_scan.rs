//! How the bytes of a journal are read: what is in order, what is not, and what can be saved of it.

use sha2::{Digest as _, Sha256};

pub(super) const MAGIC: &[u8; 8] = b"LBJRNL\x01\n";
/// Length, checksum and chain before each record.
pub(super) const HEAD_BYTES: usize = 4 + 4 + 32;
/// Longest record: a transaction with all its calldata, several times over.
pub(super) const MAX_RECORD: usize = 4 << 20;

/// Writes a record behind others; the chain that then stands.
pub(super) fn push_record(bytes: &mut Vec<u8>, chain: &[u8; 32], record: &[u8]) -> [u8; 32] {
    let chain = link(chain, record);
    bytes.reserve(HEAD_BYTES.saturating_add(record.len()));
    bytes.extend_from_slice(&u32::try_from(record.len()).unwrap_or(u32::MAX).to_be_bytes());
    bytes.extend_from_slice(&crc32fast::hash(record).to_be_bytes());
    bytes.extend_from_slice(&chain);
    bytes.extend_from_slice(record);
    chain
}

fn link(chain: &[u8; 32], record: &[u8]) -> [u8; 32] {
    Sha256::new().chain_update(chain).chain_update(record).finalize().into()
}

/// What is wrong at a file's end.
pub(super) enum Fault {
    /// Nothing.
    None,
    /// The last write was cut off.
    TornTail,
    /// Something that was whole is not.
    Damaged,
}

/// What a file holds up to its first fault.
pub(super) struct Scan {
    pub(super) records: Vec<Vec<u8>>,
    /// The chain behind the last of them.
    pub(super) chain: [u8; 32],
    /// Bytes that are in order.
    pub(super) good: u64,
    pub(super) fault: Fault,
}

impl Scan {
    pub(super) fn of(bytes: &[u8]) -> Self {
        let mut scan = Self { records: Vec::new(), chain: [0; 32], good: 0, fault: Fault::None };
        let Some(mut rest) = bytes.strip_prefix(MAGIC.as_slice()) else {
            let torn = bytes.len() < MAGIC.len() && MAGIC.starts_with(bytes);
            scan.fault = match (bytes.is_empty(), torn) {
                (true, _) => Fault::None,
                (_, true) => Fault::TornTail,
                _ => Fault::Damaged,
            };
            return scan;
        };
        scan.good = MAGIC.len() as u64;
        while !rest.is_empty() {
            match record_at(rest) {
                Some((record, hash)) if link(&scan.chain, record) == hash => {
                    scan.chain = hash;
                    scan.records.push(record.to_vec());
                    let whole = HEAD_BYTES.saturating_add(record.len());
                    scan.good = scan.good.saturating_add(whole as u64);
                    rest = rest.get(whole..).unwrap_or_default();
                }
                _ => {
                    scan.fault = if is_torn(rest) { Fault::TornTail } else { Fault::Damaged };
                    return scan;
                }
            }
        }
        scan
    }
}

/// A write that was cut off is shorter than it says, and has nothing whole behind it.
fn is_torn(rest: &[u8]) -> bool {
    let claimed = rest.first_chunk::<4>().map(|length| u64::from(u32::from_be_bytes(*length)));
    let short = claimed.is_none_or(|length| length.saturating_add(HEAD_BYTES as u64) > rest.len() as u64);
    short && salvage(rest).is_empty()
}

/// The length that a record at the start of `bytes` would have; `None` where none is that long.
fn claimed(bytes: &[u8]) -> Option<usize> {
    let length = u32::from_be_bytes(*bytes.first_chunk::<4>()?);
    usize::try_from(length).ok().filter(|length| *length <= MAX_RECORD)
}

/// A whole record with the right checksum at the start of `bytes`.
fn record_at(bytes: &[u8]) -> Option<(&[u8], [u8; 32])> {
    let (head, rest) = bytes.split_at_checked(HEAD_BYTES)?;
    let (_, head) = head.split_first_chunk::<4>()?;
    let (crc, hash) = head.split_first_chunk::<4>()?;
    let record = rest.get(..claimed(bytes)?)?;
    let whole = crc32fast::hash(record) == u32::from_be_bytes(*crc) && !record.is_empty();
    whole.then_some((record, hash.try_into().ok()?))
}

/// Bytes that a salvage may check in all. Any place may claim megabytes behind it: a file made of such claims would be
/// checked for days. A damaged file is kept beside, so what is not found here is not lost.
const MAX_SALVAGE: u64 = 1 << 30;

/// Every whole record in `bytes`, wherever it begins, as far as the work allowed for it reaches.
pub(super) fn salvage(bytes: &[u8]) -> Vec<Vec<u8>> {
    let (mut found, mut checked) = (Vec::new(), 0_u64);
    let (mut gap, mut rest) = (bytes, bytes);
    while rest.len() >= HEAD_BYTES && checked < MAX_SALVAGE {
        checked =
            checked.saturating_add(claimed(rest).filter(|claim| *claim <= rest.len()).unwrap_or(1) as u64);
        match record_at(rest) {
            Some((record, _)) => {
                let before = gap.get(..gap.len().saturating_sub(rest.len()));
                found.extend(before.and_then(of_bent_length));
                found.push(record.to_vec());
                rest = rest.get(HEAD_BYTES.saturating_add(record.len())..).unwrap_or_default();
                gap = rest;
            }
            None => rest = rest.get(1..).unwrap_or_default(),
        }
    }
    found.extend(of_bent_length(gap));
    found
}

/// The record that fills all of `bytes`, whatever length it claims.
fn of_bent_length(bytes: &[u8]) -> Option<Vec<u8>> {
    let (head, record) = bytes.split_at_checked(HEAD_BYTES)?;
    let crc = head.get(4..)?.first_chunk::<4>()?;
    let whole = crc32fast::hash(record) == u32::from_be_bytes(*crc) && !record.is_empty();
    (whole && record.len() <= MAX_RECORD).then(|| record.to_vec())
}
