//! A Ledger as its vendor's emulator (Speculos) speaks: commands over TCP on loopback, each behind its length. It holds the
//! phrase of the practice accounts and really signs; and it can be awkward or hostile.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use alloy::primitives::{hex, keccak256};
use alloy::signers::SignerSync as _;
use alloy::signers::local::PrivateKeySigner;
use lifeboat::wallet::Unsigned;

use super::fake_trezor::key_at;

/// How it behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mood {
    Willing,
    /// Other addresses.
    OtherKeys,
    /// The right addresses, and signatures of another key.
    SignsWithAnother,
    /// It answers whatever is to be signed with this status word.
    Refuses(u16),
    /// It answers everything with this status word.
    Answers(u16),
    /// It goes away when it should ask the person.
    Dies,
    /// It never answers what it is asked to sign.
    Silent,
}

/// The fake, for as long as it lives.
pub(crate) struct FakeLedger {
    pub(crate) at: SocketAddr,
    /// Instruction and first parameter of every command that reached it.
    pub(crate) heard: Arc<Mutex<Vec<(u8, u8)>>>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl FakeLedger {
    pub(crate) fn start(mood: Mood) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let at = listener.local_addr().unwrap();
        let (stop, heard) = (Arc::new(AtomicBool::new(false)), Arc::<Mutex<Vec<_>>>::default());
        let side = Side { mood, stop: stop.clone(), heard: heard.clone(), held: Vec::new() };
        let thread =
            std::thread::Builder::new().name("fake-ledger".to_owned()).spawn(move || side.run(&listener));
        Self { at, heard, stop, thread: Some(thread.unwrap()) }
    }
}

impl Drop for FakeLedger {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _joined = thread.join();
        }
    }
}

struct Side {
    mood: Mood,
    stop: Arc<AtomicBool>,
    heard: Arc<Mutex<Vec<(u8, u8)>>>,
    /// What is to be signed, as far as it came.
    held: Vec<u8>,
}

impl Side {
    fn run(mut self, listener: &TcpListener) {
        while !self.stop.load(Ordering::Relaxed) {
            match listener.accept() {
                Ok((stream, _)) => {
                    stream.set_nonblocking(false).unwrap();
                    stream.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
                    self.held.clear();
                    let _ended = self.serve(stream);
                }
                Err(_) => std::thread::sleep(Duration::from_millis(5)),
            }
        }
    }

    fn serve(&mut self, mut stream: TcpStream) -> Option<()> {
        loop {
            let length = u32::from_be_bytes(self.read(&mut stream, 4)?.try_into().unwrap());
            let apdu = self.read(&mut stream, length as usize)?;
            let (data, word) = self.answer(&apdu)?;
            let length = (data.len() as u32).to_be_bytes();
            stream.write_all(&[&length[..], &data, &word.to_be_bytes()].concat()).ok()?;
        }
    }

    fn read(&self, stream: &mut TcpStream, count: usize) -> Option<Vec<u8>> {
        let mut got = Vec::new();
        while got.len() < count {
            let mut part = vec![0; count - got.len()];
            match stream.read(&mut part) {
                Ok(0) => return None,
                Ok(read) => got.extend_from_slice(&part[..read]),
                Err(_) if self.stop.load(Ordering::Relaxed) => return None,
                Err(_) => {}
            }
        }
        Some(got)
    }

    /// `None` where it goes away.
    fn answer(&mut self, apdu: &[u8]) -> Option<(Vec<u8>, u16)> {
        let [class, ins, p1, _, length] = apdu[..5] else { panic!("a command has a head") };
        assert_eq!((class, usize::from(length)), (0xe0, apdu.len() - 5));
        self.heard.lock().unwrap().push((ins, p1));
        if let Mood::Answers(word) = self.mood {
            return Some((Vec::new(), word));
        }
        let data = &apdu[5..];
        if ins == 0x02 {
            let key = self.key(data, false);
            let text = hex::encode(key.address());
            let answer = [&[65][..], &[4; 65], &[40], text.as_bytes()].concat();
            return Some((answer, 0x9000));
        }
        match self.mood {
            Mood::Dies => return None,
            Mood::Refuses(word) => return Some((Vec::new(), word)),
            Mood::Silent => {
                while !self.stop.load(Ordering::Relaxed) {
                    std::thread::sleep(Duration::from_millis(5));
                }
                return None;
            }
            _ => {}
        }
        if p1 == 0 {
            self.held.clear();
        }
        self.held.extend_from_slice(data);
        let steps = 1 + 4 * usize::from(self.held[0]);
        let body = &self.held[steps..];
        let hash = match ins {
            0x04 => Unsigned::decode(body).ok().map(|tx| tx.id()),
            0x08 => {
                let length = u32::from_be_bytes(body[..4].try_into().unwrap()) as usize;
                let head = format!("\u{19}Ethereum Signed Message:\n{length}");
                let whole = body.len() == 4 + length;
                whole.then(|| keccak256([head.as_bytes(), &body[4..]].concat()))
            }
            0x0c => Some(keccak256([&[0x19, 1][..], body].concat())),
            other => panic!("{other:#x}"),
        };
        let Some(hash) = hash else { return Some((Vec::new(), 0x9000)) };
        let key = self.key(&self.held, self.mood == Mood::SignsWithAnother);
        let made = key.sign_hash_sync(&hash).unwrap().as_bytes();
        Some(([&made[64..], &made[..64]].concat(), 0x9000))
    }

    fn key(&self, data: &[u8], other: bool) -> PrivateKeySigner {
        let steps = data[1..1 + 4 * usize::from(data[0])].chunks(4).map(|four| {
            let step = u32::from_be_bytes(four.try_into().unwrap());
            if step >> 31 == 1 { format!("{}'", step & !(1 << 31)) } else { step.to_string() }
        });
        let path = format!("m/{}{}", steps.collect::<Vec<_>>().join("/"), if other { "/1" } else { "" });
        key_at(&path, if self.mood == Mood::OtherKeys { "other" } else { "" })
    }
}
