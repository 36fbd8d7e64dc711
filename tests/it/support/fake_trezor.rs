//! A Trezor as its vendor's emulator speaks: reports of 64 bytes over UDP on loopback. It holds the phrase of the practice
//! accounts and really signs, from what it was sent and from nothing else; and it can be awkward or hostile.

use std::net::{SocketAddr, UdpSocket};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use alloy::consensus::{SignableTransaction as _, TxEip1559, TxLegacy};
use alloy::eips::eip2930::{AccessList, AccessListItem};
use alloy::primitives::{Address, B256, TxKind, U256, keccak256};
use alloy::signers::SignerSync as _;
use alloy::signers::local::MnemonicBuilder;
use alloy::signers::local::PrivateKeySigner;
use alloy::signers::local::coins_bip39::English;
use trezor_client::TrezorMessage;
use trezor_client::protos::failure::FailureType;
use trezor_client::protos::{self, MessageType};
use trezor_client::transport::ProtoMessage;

use super::{fake_trezor_session as session, fake_trezor_typed_data as typed_data};

/// The phrase behind the practice accounts, which everybody knows.
const PHRASE: &str = "test test test test test test test test test test test junk";

/// A key of it.
pub(super) fn key_at(path: &str, passphrase: &str) -> PrivateKeySigner {
    let builder = MnemonicBuilder::<English>::default().phrase(PHRASE).password(passphrase);
    builder.derivation_path(path).unwrap().build().unwrap()
}

/// How it behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mood {
    Willing,
    Declines,
    /// Another phrase or passphrase: other addresses.
    OtherKeys,
    /// The right addresses, and signatures of another key.
    SignsWithAnother,
    /// It signs twice the amount.
    SignsMore,
    AsksForTooMuch,
    /// It goes away when it should ask the person.
    Dies,
    Silent,
    /// It waits for its person for ever.
    PersonIsAway,
    /// Its PIN by the places 1, 5, 9, 3 of its square.
    WantsPin,
    /// Only the protocol after this one.
    SpeaksThp,
    /// It wants a passphrase, typed on it.
    WantsPassphrase,
    /// The first model: it signs typed data by its hashes.
    FirstModel,
    NotSetUp,
    Confused,
}

pub(super) struct Ended;

pub(super) struct Side {
    socket: UdpSocket,
    stop: Arc<AtomicBool>,
    heard: Arc<Mutex<Vec<MessageType>>>,
    mood: Arc<Mutex<Mood>>,
    peer: Option<SocketAddr>,
}

/// The fake, for as long as it lives.
pub(crate) struct FakeTrezor {
    pub(crate) at: SocketAddr,
    stop: Arc<AtomicBool>,
    heard: Arc<Mutex<Vec<MessageType>>>,
    mood: Arc<Mutex<Mood>>,
    thread: Option<JoinHandle<()>>,
}

impl FakeTrezor {
    pub(crate) fn start(mood: Mood) -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        socket.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
        let at = socket.local_addr().unwrap();
        let (stop, heard) = (Arc::new(AtomicBool::new(false)), Arc::<Mutex<Vec<_>>>::default());
        let mood = Arc::new(Mutex::new(mood));
        let side = Side { socket, stop: stop.clone(), heard: heard.clone(), mood: mood.clone(), peer: None };
        let thread = std::thread::Builder::new().name("fake-trezor".to_owned()).spawn(move || side.run());
        Self { at, stop, heard, mood, thread: Some(thread.unwrap()) }
    }

    pub(crate) fn set(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    /// Every message that reached it.
    pub(crate) fn heard(&self) -> Vec<MessageType> {
        self.heard.lock().unwrap().clone()
    }
}

impl Drop for FakeTrezor {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _joined = thread.join();
        }
    }
}

impl Side {
    fn run(mut self) {
        while let Ok(message) = self.receive() {
            if self.serve(message).is_err()
                && (self.stop.load(Ordering::Relaxed) || self.mood() == Mood::Dies)
            {
                return;
            }
        }
    }

    pub(super) fn mood(&self) -> Mood {
        *self.mood.lock().unwrap()
    }

    fn receive(&mut self) -> Result<ProtoMessage, Ended> {
        let first = self.report()?;
        assert_eq!(&first[..3], b"?##", "a message begins so");
        let number = u16::from_be_bytes([first[3], first[4]]);
        let length = u32::from_be_bytes([first[5], first[6], first[7], first[8]]) as usize;
        let mut payload = first[9..].to_vec();
        while payload.len() < length {
            let more = self.report()?;
            assert_eq!(more[0], b'?');
            payload.extend_from_slice(&more[1..]);
        }
        payload.truncate(length);
        let kind = KINDS.into_iter().find(|one| *one as u16 == number).expect("a kind that it knows");
        self.heard.lock().unwrap().push(kind);
        Ok(ProtoMessage(kind, payload))
    }

    fn report(&mut self) -> Result<[u8; 64], Ended> {
        let mut report = [0; 64];
        loop {
            if self.stop.load(Ordering::Relaxed) {
                return Err(Ended);
            }
            match self.socket.recv_from(&mut report) {
                Ok((8, peer)) if &report[..8] == b"PINGPING" => drop(self.socket.send_to(b"PONGPONG", peer)),
                Ok((64, peer)) => {
                    self.peer = Some(peer);
                    return Ok(report);
                }
                _ => {}
            }
        }
    }

    pub(super) fn send<M: TrezorMessage>(&self, message: &M) {
        let payload = message.write_to_bytes().unwrap();
        let mut data = b"##".to_vec();
        data.extend_from_slice(&(M::MESSAGE_TYPE as u16).to_be_bytes());
        data.extend_from_slice(&(payload.len() as u32).to_be_bytes());
        data.extend_from_slice(&payload);
        for part in data.chunks(63) {
            let mut report = [0; 64];
            report[0] = b'?';
            report[1..=part.len()].copy_from_slice(part);
            let _gone = self.socket.send_to(&report, self.peer.unwrap());
        }
    }

    /// Sends, and waits for the answer of that kind. Another one ends the conversation, as on a device.
    pub(super) fn ask<M: TrezorMessage, R: TrezorMessage>(&mut self, message: &M) -> Result<R, Ended> {
        self.send(message);
        let answer = self.receive()?;
        if answer.message_type() == R::MESSAGE_TYPE { Ok(answer.into_message().unwrap()) } else { Err(Ended) }
    }

    pub(super) fn fail(&self, code: FailureType, text: &str) {
        let mut failure = protos::Failure::new();
        failure.set_code(code);
        failure.set_message(text.to_owned());
        self.send(&failure);
    }

    /// The person looks at the screen.
    pub(super) fn person(&mut self) -> Result<(), Ended> {
        match self.mood() {
            Mood::Dies => return Err(Ended),
            Mood::Silent => {
                drop(self.receive());
                return Err(Ended);
            }
            Mood::Confused => {
                self.send(&protos::EthereumAddress::new());
                return Err(Ended);
            }
            _ => {}
        }
        let _acknowledged: protos::ButtonAck = self.ask(&protos::ButtonRequest::new())?;
        match self.mood() {
            Mood::Declines => {
                self.fail(FailureType::Failure_ActionCancelled, "Action cancelled by user");
                Err(Ended)
            }
            Mood::PersonIsAway => {
                drop(self.receive());
                Err(Ended)
            }
            _ => Ok(()),
        }
    }

    fn key(&self, path: &[u32]) -> PrivateKeySigner {
        let steps = path.iter().map(|step| match step & (1 << 31) {
            0 => step.to_string(),
            _ => format!("{}'", step & !(1 << 31)),
        });
        let path = format!("m/{}", steps.collect::<Vec<_>>().join("/"));
        key_at(&path, if self.mood() == Mood::OtherKeys { "other" } else { "" })
    }

    fn sign(&self, path: &[u32], hash: B256) -> [u8; 65] {
        let path = if self.mood() == Mood::SignsWithAnother { [path, &[1]].concat() } else { path.to_vec() };
        self.key(&path).sign_hash_sync(&hash).unwrap().as_bytes()
    }

    fn serve(&mut self, message: ProtoMessage) -> Result<(), Ended> {
        match message.message_type() {
            MessageType::MessageType_Initialize => session::begin(self),
            MessageType::MessageType_EthereumGetAddress => {
                return self.address(&message.into_message().unwrap());
            }
            MessageType::MessageType_EthereumSignTx => return self.legacy(&message.into_message().unwrap()),
            MessageType::MessageType_EthereumSignTxEIP1559 => {
                return self.eip1559(&message.into_message().unwrap());
            }
            MessageType::MessageType_EthereumSignMessage => {
                let asked: protos::EthereumSignMessage = message.into_message().unwrap();
                self.person()?;
                let head = format!("\u{19}Ethereum Signed Message:\n{}", asked.message().len());
                let hash = keccak256([head.as_bytes(), asked.message()].concat());
                let mut answer = protos::EthereumMessageSignature::new();
                answer.set_signature(self.sign(&asked.address_n, hash).to_vec());
                answer.set_address(String::new());
                self.send(&answer);
            }
            MessageType::MessageType_EthereumSignTypedData => {
                let asked: protos::EthereumSignTypedData = message.into_message().unwrap();
                let hash = typed_data::hash(self, asked.primary_type())?;
                self.person()?;
                self.typed(&asked.address_n, hash);
            }
            MessageType::MessageType_EthereumSignTypedHash => {
                let asked: protos::EthereumSignTypedHash = message.into_message().unwrap();
                self.person()?;
                let both = [&[0x19, 1][..], asked.domain_separator_hash(), asked.message_hash()].concat();
                self.typed(&asked.address_n, keccak256(both));
            }
            _ => {} // Cancel, and what comes late
        }
        Ok(())
    }

    fn typed(&self, path: &[u32], hash: B256) {
        let mut answer = protos::EthereumTypedDataSignature::new();
        answer.set_signature(self.sign(path, hash).to_vec());
        answer.set_address(String::new());
        self.send(&answer);
    }

    fn address(&mut self, asked: &protos::EthereumGetAddress) -> Result<(), Ended> {
        session::unlock(self)?;
        if self.mood() == Mood::WantsPassphrase {
            let typed: protos::PassphraseAck = self.ask(&protos::PassphraseRequest::new())?;
            assert!(
                typed.on_device() && typed.passphrase().is_empty(),
                "a passphrase is typed on the device"
            );
        }
        if asked.show_display() {
            self.person()?;
        }
        let mut answer = protos::EthereumAddress::new();
        answer.set_address(self.key(&asked.address_n).address().to_checksum(None));
        self.send(&answer);
        Ok(())
    }

    /// Calldata, asked for in parts.
    fn data(&mut self, first: &[u8], length: u32) -> Result<Vec<u8>, Ended> {
        let mut data = first.to_vec();
        while data.len() < length as usize {
            let left = length as usize - data.len();
            let mut more = protos::EthereumTxRequest::new();
            more.set_data_length(left.min(1_024) as u32);
            let part: protos::EthereumTxAck = self.ask(&more)?;
            data.extend_from_slice(part.data_chunk());
        }
        if self.mood() == Mood::AsksForTooMuch {
            let mut more = protos::EthereumTxRequest::new();
            more.set_data_length(1);
            let _never: protos::EthereumTxAck = self.ask(&more)?;
        }
        Ok(data)
    }

    fn value(&self, bytes: &[u8]) -> U256 {
        let value = U256::from_be_slice(bytes);
        if self.mood() == Mood::SignsMore { value * U256::from(2) } else { value }
    }

    fn signed(&self, path: &[u32], hash: B256, v_from: u64) {
        let signature = self.sign(path, hash);
        let mut answer = protos::EthereumTxRequest::new();
        answer.set_signature_r(signature[..32].to_vec());
        answer.set_signature_s(signature[32..64].to_vec());
        answer.set_signature_v((v_from + u64::from(signature[64] - 27)) as u32);
        self.send(&answer);
    }

    fn legacy(&mut self, asked: &protos::EthereumSignTx) -> Result<(), Ended> {
        self.person()?;
        let tx = TxLegacy {
            chain_id: Some(asked.chain_id()),
            nonce: number(asked.nonce()),
            gas_price: u128::from(number(asked.gas_price())),
            gas_limit: number(asked.gas_limit()),
            to: kind(asked.to()),
            value: self.value(asked.value()),
            input: self.data(asked.data_initial_chunk(), asked.data_length())?.into(),
        };
        self.signed(&asked.address_n, tx.signature_hash(), 35 + 2 * asked.chain_id());
        Ok(())
    }

    fn eip1559(&mut self, asked: &protos::EthereumSignTxEIP1559) -> Result<(), Ended> {
        self.person()?;
        let listed = asked.access_list.iter().map(|one| AccessListItem {
            address: one.address().parse().unwrap(),
            storage_keys: one.storage_keys.iter().map(|key| B256::from_slice(key)).collect(),
        });
        let tx = TxEip1559 {
            chain_id: asked.chain_id(),
            nonce: number(asked.nonce()),
            gas_limit: number(asked.gas_limit()),
            max_fee_per_gas: u128::from(number(asked.max_gas_fee())),
            max_priority_fee_per_gas: u128::from(number(asked.max_priority_fee())),
            to: kind(asked.to()),
            value: self.value(asked.value()),
            access_list: AccessList(listed.collect()),
            input: self.data(asked.data_initial_chunk(), asked.data_length())?.into(),
        };
        self.signed(&asked.address_n, tx.signature_hash(), 0);
        Ok(())
    }
}

/// A number as devices are sent it: big-endian, without leading zeros.
fn number(bytes: &[u8]) -> u64 {
    assert_ne!(bytes.first(), Some(&0), "no leading zeros");
    U256::from_be_slice(bytes).to()
}

fn kind(to: &str) -> TxKind {
    if to.is_empty() { TxKind::Create } else { TxKind::Call(to.parse::<Address>().unwrap()) }
}

const KINDS: [MessageType; 14] = [
    MessageType::MessageType_Initialize,
    MessageType::MessageType_Cancel,
    MessageType::MessageType_ButtonAck,
    MessageType::MessageType_PinMatrixAck,
    MessageType::MessageType_PassphraseAck,
    MessageType::MessageType_EthereumGetAddress,
    MessageType::MessageType_EthereumSignTx,
    MessageType::MessageType_EthereumSignTxEIP1559,
    MessageType::MessageType_EthereumTxAck,
    MessageType::MessageType_EthereumSignMessage,
    MessageType::MessageType_EthereumSignTypedData,
    MessageType::MessageType_EthereumTypedDataStructAck,
    MessageType::MessageType_EthereumTypedDataValueAck,
    MessageType::MessageType_EthereumSignTypedHash,
];
