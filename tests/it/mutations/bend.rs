//! Ways to bend bytes and lists of bytes.

use alloy::primitives::Bytes;

/// A small deterministic generator (xorshift).
#[derive(Debug, Clone)]
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap() % limit.max(1)
    }
}

/// All bit flips of short inputs (`flips` random ones of long ones), truncations, deletions, insertions, swaps.
pub(super) fn bend(bytes: &[u8], flips: usize, mut each: impl FnMut(&[u8])) {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15 ^ bytes.len() as u64);
    let mut bent = bytes.to_vec();
    let bits = bytes.len() * 8;
    for step in 0..bits.min(flips) {
        let bit = if bits <= flips { step } else { dice.below(bits) };
        bent[bit / 8] ^= 1 << (bit % 8);
        each(&bent);
        bent[bit / 8] ^= 1 << (bit % 8);
    }
    let some = (flips / 40).clamp(8, 400);
    for _ in 0..some {
        each(&bytes[..dice.below(bytes.len())]);
        let at = dice.below(bytes.len());
        let mut shorter = bytes.to_vec();
        shorter.remove(at);
        each(&shorter);
        let mut longer = bytes.to_vec();
        longer.insert(at, u8::try_from(dice.below(256)).unwrap());
        each(&longer);
        let mut swapped = bytes.to_vec();
        swapped.swap(at, dice.below(bytes.len()));
        each(&swapped);
    }
}

/// Bends one element after the other, then the list itself; `foreign` is spliced in.
pub(super) fn bend_list(list: &[Bytes], foreign: &[Bytes], flips: usize, mut each: impl FnMut(&[Bytes])) {
    for at in 0..list.len() {
        let mut bent = list.to_vec();
        bend(&list[at], flips, |bytes| {
            bent[at] = Bytes::copy_from_slice(bytes);
            each(&bent);
        });
        let mut dropped = list.to_vec();
        dropped.remove(at);
        each(&dropped);
        let mut doubled = list.to_vec();
        doubled.push(list[at].clone());
        each(&doubled);
        let mut swapped = list.to_vec();
        swapped.swap(at, (at + 1) % list.len());
        each(&swapped);
        if let Some(other) = foreign.get(at) {
            let mut spliced = list.to_vec();
            spliced[at] = other.clone();
            each(&spliced);
        }
    }
}
