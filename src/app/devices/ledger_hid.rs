//! A Ledger's commands in reports of 64 bytes: channel, tag, sequence number, and in the first one the length.

use super::DeviceCause;

/// Bytes of a report.
pub(super) const REPORT: usize = 64;
const HEAD: [u8; 3] = [0x01, 0x01, 0x05];
/// Bytes of a command in each report, behind the head and the sequence number.
const ROOM: usize = REPORT - 5;

/// A command, cut into reports.
pub(super) fn reports(apdu: &[u8]) -> Vec<[u8; REPORT]> {
    let length = u16::try_from(apdu.len()).unwrap_or(u16::MAX).to_be_bytes();
    let data = [length.as_slice(), apdu].concat();
    let cut = (0_u16..).zip(data.chunks(ROOM));
    let report = |(number, part): (u16, &[u8])| {
        let bytes = HEAD.into_iter().chain(number.to_be_bytes()).chain(part.iter().copied());
        let mut report = [0_u8; REPORT];
        report.iter_mut().zip(bytes).for_each(|(own, byte)| *own = byte);
        report
    };
    cut.map(report).collect()
}

/// An answer, as far as it came.
#[derive(Debug, Default)]
pub(super) struct Answer {
    next: u16,
    length: usize,
    data: Vec<u8>,
}

impl Answer {
    /// Takes the next report; the answer once it is whole.
    pub(super) fn take(&mut self, report: &[u8; REPORT]) -> Result<Option<Vec<u8>>, DeviceCause> {
        let broken = DeviceCause::Broken { detail: "reports out of order" };
        // Its first two bytes are the channel, which some devices answer with one of their own.
        let [_, _, tag, high, low, part @ ..] = report;
        if *tag != 0x05 || u16::from_be_bytes([*high, *low]) != self.next {
            return Err(broken);
        }
        let mut part = part.as_slice();
        if self.next == 0 {
            let (length, rest) = part.split_first_chunk::<2>().ok_or(broken)?;
            self.length = usize::from(u16::from_be_bytes(*length));
            part = rest;
        }
        self.next = self.next.saturating_add(1);
        self.data.extend_from_slice(part);
        if self.data.len() < self.length {
            return Ok(None);
        }
        let mut whole = std::mem::take(&mut self.data);
        whole.truncate(self.length);
        *self = Self::default();
        Ok(Some(whole))
    }
}

#[cfg(test)]
mod tests {
    use alloy::primitives::hex;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_command_stands_in_reports_as_the_vendor_wrote_it_down() {
        // GET PUBLIC KEY for m/44'/60'/0'/0/0.
        let apdu = hex!("e002000015058000002c8000003c800000000000000000000000");
        let sent = reports(&apdu);
        let [one] = sent.as_slice() else { panic!("one report") };
        assert_eq!(one[..7], hex!("0101050000001a"));
        assert_eq!(one[7..33], apdu);
        assert!(one[33..].iter().all(|byte| *byte == 0));
        assert_eq!(reports(&[7; 200]).len(), 4);
    }

    #[test]
    fn reports_out_of_order_are_refused() {
        let sent = reports(&[7; 200]);
        let mut answer = Answer::default();
        assert_eq!(answer.take(&sent[0]), Ok(None));
        assert!(answer.take(&sent[2]).is_err());
    }

    proptest! {
        #[test]
        fn what_is_cut_is_joined(data in proptest::collection::vec(any::<u8>(), 0..400)) {
            let mut answer = Answer::default();
            let ends: Vec<_> = reports(&data).iter().map(|one| answer.take(one).unwrap()).collect();
            prop_assert_eq!(ends.last().cloned().flatten(), Some(data));
        }

        #[test]
        fn no_reports_make_it_panic(all in proptest::collection::vec(proptest::collection::vec(any::<u8>(), REPORT), 0..4)) {
            let mut answer = Answer::default();
            for bytes in all {
                let _either = answer.take(&bytes.try_into().unwrap());
            }
        }
    }
}
