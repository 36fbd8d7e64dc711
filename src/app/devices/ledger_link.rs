//! How commands reach a Ledger: over USB, or over TCP to the vendor's emulator (Speculos) on this computer.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use hidapi_rusb::{DeviceInfo, HidApi, HidDevice};

use super::ledger_hid::{self, REPORT};
use super::{Cancel, DeviceCause};

const VENDOR: u16 = 0x2c97;
/// One look for an answer takes this long at most, in milliseconds.
const LOOK_MS: u64 = 100;
/// Longer answers are none.
const MAX_ANSWER: usize = 1_024;

/// Whatever carries commands and answers.
pub(super) trait ApduLink {
    /// Sends a command.
    fn write(&mut self, apdu: &[u8]) -> Result<(), DeviceCause>;
    /// More of the answer; `None` where nothing came for a moment.
    fn read(&mut self) -> Result<Option<Vec<u8>>, DeviceCause>;
}

/// The answer to a command: its data, with the status word behind.
pub(super) fn exchange(
    link: &mut dyn ApduLink,
    apdu: &[u8],
    (cancel, limit_ms): (&Cancel, u64),
) -> Result<Vec<u8>, DeviceCause> {
    link.write(apdu)?;
    let mut left_ms = limit_ms;
    loop {
        if cancel.is_stopped() {
            return Err(DeviceCause::Cancelled);
        }
        match link.read()? {
            Some(answer) => return Ok(answer),
            None => left_ms = left_ms.checked_sub(LOOK_MS).ok_or(DeviceCause::Silent)?,
        }
    }
}

/// The emulator. Before each command and answer stands its length; an answer's is without its status word.
pub(super) struct TcpLink {
    stream: TcpStream,
    got: Vec<u8>,
}

impl TcpLink {
    pub(super) fn open(to: SocketAddr) -> Result<Self, DeviceCause> {
        let open = || {
            let stream = TcpStream::connect_timeout(&to, Duration::from_secs(2))?;
            stream.set_read_timeout(Some(Duration::from_millis(LOOK_MS)))?;
            stream.set_nodelay(true)?;
            Ok::<_, std::io::Error>(stream)
        };
        let stream = if to.ip().is_loopback() { open().ok() } else { None };
        stream.map(|stream| Self { stream, got: Vec::new() }).ok_or(DeviceCause::NotFound)
    }
}

impl ApduLink for TcpLink {
    fn write(&mut self, apdu: &[u8]) -> Result<(), DeviceCause> {
        let length = u32::try_from(apdu.len()).unwrap_or(u32::MAX).to_be_bytes();
        let sent = self.stream.write_all(&[length.as_slice(), apdu].concat());
        sent.map_err(|_gone| DeviceCause::Unplugged)
    }

    fn read(&mut self) -> Result<Option<Vec<u8>>, DeviceCause> {
        let mut part = [0_u8; 512];
        match self.stream.read(&mut part) {
            Ok(0) => return Err(DeviceCause::Unplugged),
            Ok(count) => self.got.extend_from_slice(part.get(..count).unwrap_or_default()),
            Err(error)
                if matches!(
                    error.kind(),
                    ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted
                ) => {}
            Err(_gone) => return Err(DeviceCause::Unplugged),
        }
        let Some((length, rest)) = self.got.split_first_chunk::<4>() else { return Ok(None) };
        let length = usize::try_from(u32::from_be_bytes(*length)).unwrap_or(usize::MAX);
        if length > MAX_ANSWER {
            return Err(DeviceCause::Broken { detail: "an answer longer than any" });
        }
        let answer = rest.get(..length.saturating_add(2)).map(<[u8]>::to_vec);
        if answer.is_some() {
            self.got.clear();
        }
        Ok(answer)
    }
}

/// A device on USB. It is looked for anew each time: one that is plugged in later is found.
pub(super) struct HidLink {
    device: HidDevice,
    got: ledger_hid::Answer,
}

impl HidLink {
    pub(super) fn open() -> Result<Self, DeviceCause> {
        let api = HidApi::new().map_err(|_no_usb| DeviceCause::NotFound)?;
        let found = api.device_list().find(|one| is_ledger(one)).ok_or(DeviceCause::NotFound)?;
        let device = found.open_device(&api).map_err(|_system| DeviceCause::NoAccess)?;
        Ok(Self { device, got: ledger_hid::Answer::default() })
    }
}

/// Linux names no usage page; the first interface of the device is the one that takes commands.
fn is_ledger(device: &DeviceInfo) -> bool {
    let page = if cfg!(target_os = "linux") { 0xffa0 } else { device.usage_page() };
    device.vendor_id() == VENDOR && page == 0xffa0 && device.interface_number() <= 0
}

impl ApduLink for HidLink {
    fn write(&mut self, apdu: &[u8]) -> Result<(), DeviceCause> {
        self.got = ledger_hid::Answer::default();
        for report in ledger_hid::reports(apdu) {
            // Windows wants the number of the report first; the others tolerate it.
            let numbered = [[0_u8].as_slice(), report.as_slice()].concat();
            self.device.write(&numbered).map_err(|_gone| DeviceCause::Unplugged)?;
        }
        Ok(())
    }

    fn read(&mut self) -> Result<Option<Vec<u8>>, DeviceCause> {
        let mut report = [0_u8; REPORT];
        let wait = i32::try_from(LOOK_MS).unwrap_or(i32::MAX);
        match self.device.read_timeout(&mut report, wait) {
            Ok(0) => Ok(None),
            Ok(_) => self.got.take(&report),
            Err(_gone) => Err(DeviceCause::Unplugged),
        }
    }
}
