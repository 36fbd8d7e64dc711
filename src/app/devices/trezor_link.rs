//! How reports reach a Trezor: over USB, or over UDP to the vendor's emulator on this computer.

use std::io::ErrorKind;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::time::Duration;

use rusb::{Context, Device, DeviceHandle, UsbContext as _};

use super::DeviceCause;
use super::trezor_wire::{LOOK_MS, Link, REPORT};

/// Vendor and product of every Trezor that speaks WebUSB.
const TREZOR: (u16, u16) = (0x1209, 0x53c1);
/// The same in its bootloader.
const BOOTLOADER: (u16, u16) = (0x1209, 0x53c0);
const INTERFACE: u8 = 0;
const OUT: u8 = 0x01;
const IN: u8 = 0x81;
const LOOK: Duration = Duration::from_millis(LOOK_MS);
const WRITE: Duration = Duration::from_secs(2);

/// What the emulator is asked whether it is there, and what it answers.
const PING: &[u8] = b"PINGPING";
const PONG: &[u8] = b"PONGPONG";

/// The emulator.
pub(super) struct UdpLink(UdpSocket);

impl UdpLink {
    pub(super) fn open(to: SocketAddr) -> Result<Self, DeviceCause> {
        let own: SocketAddr = match to {
            SocketAddr::V4(_) => (Ipv4Addr::LOCALHOST, 0).into(),
            SocketAddr::V6(_) => (Ipv6Addr::LOCALHOST, 0).into(),
        };
        let open = || {
            let socket = UdpSocket::bind(own)?;
            socket.connect(to)?;
            socket.set_read_timeout(Some(LOOK))?;
            socket.set_write_timeout(Some(WRITE))?;
            Ok::<_, std::io::Error>(socket)
        };
        // Only an emulator on this computer is meant: the keys of a device elsewhere are nobody's business.
        let socket = if to.ip().is_loopback() { open().ok() } else { None };
        socket.map(Self).ok_or(DeviceCause::NotFound)
    }
}

impl Link for UdpLink {
    fn write(&mut self, report: &[u8; REPORT]) -> Result<(), DeviceCause> {
        self.0.send(report).map(drop).map_err(|_gone| DeviceCause::Unplugged)
    }

    fn read(&mut self) -> Result<Option<[u8; REPORT]>, DeviceCause> {
        let mut report = [0_u8; REPORT];
        match self.0.recv(&mut report) {
            Ok(REPORT) => Ok(Some(report)),
            Ok(length) if report.get(..length) == Some(PONG) => Ok(None),
            Ok(_) => Err(DeviceCause::Broken { detail: "a report of a wrong length" }),
            Err(error) if error.kind() == ErrorKind::Interrupted => Ok(None),
            // UDP does not say that the other side is gone, unless it is sent something.
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                self.0.send(PING).map(|_sent| None).map_err(|_gone| DeviceCause::Unplugged)
            }
            Err(_gone) => Err(DeviceCause::Unplugged),
        }
    }
}

/// A device on USB.
pub(super) struct UsbLink(DeviceHandle<Context>);

impl UsbLink {
    pub(super) fn open() -> Result<Self, DeviceCause> {
        let context = Context::new().map_err(|_no_usb| DeviceCause::NotFound)?;
        let devices = context.devices().map_err(|_no_usb| DeviceCause::NotFound)?;
        let is = |device: &Device<Context>, wanted: (u16, u16)| {
            device.device_descriptor().is_ok_and(|own| (own.vendor_id(), own.product_id()) == wanted)
        };
        let Some(device) = devices.iter().find(|one| is(one, TREZOR)) else {
            let boots = devices.iter().any(|one| is(&one, BOOTLOADER));
            return Err(if boots { DeviceCause::NotSetUp } else { DeviceCause::NotFound });
        };
        let handle = device.open().map_err(|error| usb(error, DeviceCause::NoAccess))?;
        handle.claim_interface(INTERFACE).map_err(|error| usb(error, DeviceCause::Busy))?;
        Ok(Self(handle))
    }
}

fn usb(error: rusb::Error, otherwise: DeviceCause) -> DeviceCause {
    match error {
        rusb::Error::Access => DeviceCause::NoAccess,
        rusb::Error::Busy => DeviceCause::Busy,
        rusb::Error::NoDevice | rusb::Error::NotFound | rusb::Error::Io | rusb::Error::Pipe => {
            DeviceCause::Unplugged
        }
        _ => otherwise,
    }
}

impl Link for UsbLink {
    fn write(&mut self, report: &[u8; REPORT]) -> Result<(), DeviceCause> {
        let written = self.0.write_interrupt(OUT, report, WRITE);
        written.map(drop).map_err(|error| usb(error, DeviceCause::Unplugged))
    }

    fn read(&mut self) -> Result<Option<[u8; REPORT]>, DeviceCause> {
        let mut report = [0_u8; REPORT];
        match self.0.read_interrupt(IN, &mut report, LOOK) {
            Ok(REPORT) => Ok(Some(report)),
            Ok(_) => Err(DeviceCause::Broken { detail: "a report of a wrong length" }),
            Err(rusb::Error::Timeout | rusb::Error::Interrupted) => Ok(None),
            Err(error) => Err(usb(error, DeviceCause::Unplugged)),
        }
    }
}
