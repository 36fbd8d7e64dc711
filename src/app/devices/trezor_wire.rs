//! Messages of a Trezor in reports of 64 bytes: the vendor's own framing, read with a limit in time and length. The
//! vendor's crate has it too, but waits for ever, and believes any length.

use trezor_client::protos::MessageType;
use trezor_client::transport::ProtoMessage;

use super::{Cancel, DeviceCause};

/// Bytes of a report.
pub(super) const REPORT: usize = 64;
/// One look for a report takes this long at most, in milliseconds.
pub(super) const LOOK_MS: u64 = 100;
/// Longer answers are none.
const MAX_MESSAGE: usize = 64 * 1024;

/// Whatever carries reports.
pub(super) trait Link {
    /// Sends one.
    fn write(&mut self, report: &[u8; REPORT]) -> Result<(), DeviceCause>;
    /// The next one; `None` where there was none for [`LOOK_MS`].
    fn read(&mut self) -> Result<Option<[u8; REPORT]>, DeviceCause>;
}

/// Answers that are understood. What a device sends beside them is not its protocol here.
const KNOWN: [MessageType; 12] = [
    MessageType::MessageType_Success,
    MessageType::MessageType_Failure,
    MessageType::MessageType_Features,
    MessageType::MessageType_ButtonRequest,
    MessageType::MessageType_PinMatrixRequest,
    MessageType::MessageType_PassphraseRequest,
    MessageType::MessageType_EthereumAddress,
    MessageType::MessageType_EthereumTxRequest,
    MessageType::MessageType_EthereumMessageSignature,
    MessageType::MessageType_EthereumTypedDataStructRequest,
    MessageType::MessageType_EthereumTypedDataValueRequest,
    MessageType::MessageType_EthereumTypedDataSignature,
];

/// Messages over a link.
pub(super) struct Wire {
    pub(super) link: Box<dyn Link>,
    pub(super) cancel: Cancel,
}

impl Wire {
    /// Sends a message.
    pub(super) fn send(&mut self, kind: MessageType, payload: &[u8]) -> Result<(), DeviceCause> {
        let too_long = |_| DeviceCause::Broken { detail: "a message of a wrong length" };
        let number = u16::try_from(kind as i32).map_err(too_long)?;
        let length = u32::try_from(payload.len()).map_err(too_long)?;
        let mut data = b"##".to_vec();
        data.extend_from_slice(&number.to_be_bytes());
        data.extend_from_slice(&length.to_be_bytes());
        data.extend_from_slice(payload);
        for part in data.chunks(REPORT - 1) {
            let mut report = [0_u8; REPORT];
            let (mark, room) = report.split_at_mut(1);
            mark.fill(b'?');
            for (own, byte) in room.iter_mut().zip(part) {
                *own = *byte;
            }
            self.link.write(&report)?;
        }
        Ok(())
    }

    /// The next message, waited for so long at most.
    pub(super) fn receive(&mut self, limit_ms: u64) -> Result<ProtoMessage, DeviceCause> {
        let broken = |detail| DeviceCause::Broken { detail };
        let mut left_ms = limit_ms;
        // What an interrupted exchange left behind is no beginning of a message, and is passed over.
        let first = loop {
            let report = self.report(&mut left_ms)?;
            if report.starts_with(b"?##") {
                break report;
            }
        };
        let [_, _, _, kind_high, kind_low, a, b, c, d, rest @ ..] = first;
        let kind = u16::from_be_bytes([kind_high, kind_low]);
        let known = KNOWN.into_iter().find(|one| *one as i32 == i32::from(kind));
        let kind = known.ok_or(broken("a message of a kind that was not asked for"))?;
        let length = usize::try_from(u32::from_be_bytes([a, b, c, d])).unwrap_or(usize::MAX);
        if length > MAX_MESSAGE {
            return Err(broken("a message longer than any"));
        }
        let mut payload = rest.to_vec();
        while payload.len() < length {
            let report = self.report(&mut left_ms)?;
            let part = report.strip_prefix(b"?").ok_or(broken("a report without its mark"))?;
            payload.extend_from_slice(part);
        }
        payload.truncate(length);
        Ok(ProtoMessage(kind, payload))
    }

    fn report(&mut self, left_ms: &mut u64) -> Result<[u8; REPORT], DeviceCause> {
        loop {
            if self.cancel.is_stopped() {
                return Err(DeviceCause::Cancelled);
            }
            if let Some(report) = self.link.read()? {
                return Ok(report);
            }
            *left_ms = left_ms.checked_sub(LOOK_MS).ok_or(DeviceCause::Silent)?;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use proptest::prelude::*;

    use super::*;

    /// Gives back what was written, or what a test puts in.
    #[derive(Default)]
    struct Tape(VecDeque<[u8; REPORT]>);

    impl Link for Tape {
        fn write(&mut self, report: &[u8; REPORT]) -> Result<(), DeviceCause> {
            self.0.push_back(*report);
            Ok(())
        }
        fn read(&mut self) -> Result<Option<[u8; REPORT]>, DeviceCause> {
            Ok(self.0.pop_front())
        }
    }

    fn wire(tape: Tape) -> Wire {
        Wire { link: Box::new(tape), cancel: Cancel::new() }
    }

    #[test]
    fn a_message_stands_in_reports_as_the_vendor_wrote_it_down() {
        let mut tape = Tape::default();
        // Failure (3), code 4, from the wire of the vendor's own test: field 1 is the code.
        let mut report = [0; REPORT];
        report[..11].copy_from_slice(&[b'?', b'#', b'#', 0, 3, 0, 0, 0, 2, 8, 4]);
        tape.0.push_back([b'?'; REPORT]); // the end of something older
        tape.0.push_back(report);
        let message = wire(tape).receive(0).unwrap();
        assert_eq!(
            (message.message_type(), message.payload()),
            (MessageType::MessageType_Failure, &[8, 4][..])
        );
    }

    #[test]
    fn silence_a_stop_and_nonsense_are_told_apart() {
        let kind = |result: Result<ProtoMessage, DeviceCause>| result.err().unwrap();
        assert_eq!(kind(wire(Tape::default()).receive(300)), DeviceCause::Silent);
        let stopped = wire(Tape::default());
        stopped.cancel.stop();
        assert_eq!(kind({ stopped }.receive(300)), DeviceCause::Cancelled);
        for (bytes, detail) in [
            (&[b'?', b'#', b'#', 0xff, 0xff, 0, 0, 0, 0][..], "a message of a kind that was not asked for"),
            (&[b'?', b'#', b'#', 0, 3, 0xff, 0, 0, 0][..], "a message longer than any"),
        ] {
            let mut report = [0; REPORT];
            report[..bytes.len()].copy_from_slice(bytes);
            assert_eq!(kind(wire(Tape([report].into())).receive(0)), DeviceCause::Broken { detail });
        }
    }

    proptest! {
        #[test]
        fn what_is_sent_is_received(payload in proptest::collection::vec(any::<u8>(), 0..400)) {
            let mut wire = wire(Tape::default());
            wire.send(MessageType::MessageType_Success, &payload).unwrap();
            prop_assert_eq!(wire.receive(0).unwrap().into_payload(), payload);
        }

        #[test]
        fn no_reports_make_it_panic(
            reports in proptest::collection::vec(proptest::collection::vec(any::<u8>(), REPORT), 0..5),
            begins in any::<bool>(),
        ) {
            let tape = reports.into_iter().map(|bytes| {
                let mut report: [u8; REPORT] = bytes.try_into().unwrap();
                if begins {
                    report[..3].copy_from_slice(b"?##");
                }
                report
            });
            let _either = wire(Tape(tape.collect())).receive(0);
        }
    }
}
