//! A Trezor: its messages are the vendor's own (crate `trezor-client`), the conversation is here, because the vendor's
//! waits for ever, signs no typed data and answers questions about PIN and passphrase by itself.

use alloy::primitives::{Address, B256, U256};
use alloy::signers::Signature;
use trezor_client::TrezorMessage;
use trezor_client::protos::failure::FailureType;
use trezor_client::protos::features::Capability;
use trezor_client::protos::pin_matrix_request::PinMatrixRequestType;
use trezor_client::protos::{self, MessageType};
use trezor_client::transport::ProtoMessage;
use zeroize::Zeroize as _;

use super::own_signature::own_signature;
use super::signer::{Signer, Typed};
use super::trezor_link::{UdpLink, UsbLink};
use super::trezor_typed_data::TypedTree;
use super::trezor_wire::{LOOK_MS, Link, Wire};
use super::{Cancel, DeviceCause, DevicePorts, Patience};
use crate::wallet::Unsigned;
use crate::wallet::keys::DerivationPath;

/// Calldata goes over in parts of this many bytes.
const PART: usize = 1_024;
const HARDENED: u32 = 1 << 31;

/// A Trezor in a session.
pub(super) struct Trezor {
    wire: Wire,
    patience: Patience,
    features: protos::Features,
}

impl Trezor {
    /// Finds it and begins a session.
    pub(super) fn open(ports: DevicePorts, cancel: Cancel) -> Result<Self, DeviceCause> {
        let link: Box<dyn Link> = match ports.trezor {
            Some(emulator) => Box::new(UdpLink::open(emulator)?),
            None => Box::new(UsbLink::open()?),
        };
        let wire = Wire { link, cancel };
        let mut own = Self { wire, patience: ports.patience, features: protos::Features::new() };
        own.features = match own.ask(&protos::Initialize::new()) {
            // Nobody listens at the emulator's port.
            Err(DeviceCause::Unplugged) if ports.trezor.is_some() => return Err(DeviceCause::NotFound),
            features => features?,
        };
        if own.features.bootloader_mode() || !own.features.initialized() {
            return Err(DeviceCause::NotSetUp);
        }
        Ok(own)
    }

    /// The first model, which has no screen to type a passphrase on and signs typed data by its hashes alone.
    fn is_first_model(&self) -> bool {
        self.features.model() == "1" || self.features.internal_model() == "T1B1"
    }

    /// Asks, and lets the person do on the device what it asks them for.
    fn exchange<S: TrezorMessage>(&mut self, message: &S) -> Result<ProtoMessage, DeviceCause> {
        self.send(message)?;
        let mut limit_ms = self.patience.first_ms;
        loop {
            let answer = match self.wire.receive(limit_ms) {
                Err(cause @ (DeviceCause::Cancelled | DeviceCause::Silent)) => {
                    self.give_up();
                    return Err(cause);
                }
                answer => answer?,
            };
            match answer.message_type() {
                MessageType::MessageType_Failure => return Err(failure(&parsed(answer)?)),
                MessageType::MessageType_ButtonRequest => self.send(&protos::ButtonAck::new())?,
                MessageType::MessageType_PassphraseRequest => self.passphrase()?,
                MessageType::MessageType_PinMatrixRequest => self.pin(&parsed(answer)?)?,
                _ => return Ok(answer),
            }
            limit_ms = self.patience.person_ms;
        }
    }

    fn ask<S: TrezorMessage, R: TrezorMessage>(&mut self, message: &S) -> Result<R, DeviceCause> {
        let answer = self.exchange(message)?;
        if answer.message_type() != R::MESSAGE_TYPE {
            return Err(DeviceCause::Broken { detail: "an answer to something else" });
        }
        parsed(answer)
    }

    fn send<S: TrezorMessage>(&mut self, message: &S) -> Result<(), DeviceCause> {
        let bytes = message.write_to_bytes();
        let bytes =
            bytes.map_err(|_protobuf| DeviceCause::Broken { detail: "a message that cannot be written" })?;
        self.wire.send(S::MESSAGE_TYPE, &bytes)
    }

    /// The first model has no keys for its PIN: it is given the places where the digits stand on its screen.
    fn pin(&mut self, asked: &protos::PinMatrixRequest) -> Result<(), DeviceCause> {
        if asked.type_() != PinMatrixRequestType::PinMatrixRequestType_Current {
            self.give_up();
            return Err(DeviceCause::NewPin);
        }
        let pad = self.wire.cancel.pin_pad().clone();
        pad.open();
        let mut left_ms = self.patience.person_ms;
        let typed = loop {
            if self.wire.cancel.is_stopped() {
                break Err(DeviceCause::Cancelled);
            }
            if let Some(places) = pad.take() {
                break Ok(places);
            }
            match left_ms.checked_sub(LOOK_MS) {
                Some(left) => left_ms = left,
                None => break Err(DeviceCause::Silent),
            }
            std::thread::sleep(std::time::Duration::from_millis(LOOK_MS));
        };
        pad.close();
        let places = typed.inspect_err(|_left| self.give_up())?;
        let mut answer = protos::PinMatrixAck::new();
        answer.set_pin(places.text().unwrap_or_default().to_owned());
        let sent = self.send(&answer);
        answer.take_pin().zeroize();
        sent
    }

    /// A passphrase is typed on the device and nowhere else. A model that cannot ask for one gets the empty one: where
    /// the account is under another, its address shows it and nothing is signed.
    fn passphrase(&mut self) -> Result<(), DeviceCause> {
        let can = Capability::Capability_PassphraseEntry;
        let on_device = self.features.capabilities.iter().any(|one| one.enum_value() == Ok(can));
        let mut answer = protos::PassphraseAck::new();
        match on_device {
            true => answer.set_on_device(true),
            false => answer.set_passphrase(String::new()),
        }
        self.send(&answer)
    }

    /// Takes the question off the device's screen.
    fn give_up(&mut self) {
        drop(self.send(&protos::Cancel::new())); // it may be gone
    }

    /// Hands calldata over in the parts that are asked for, and takes the signature.
    fn finish(
        &mut self,
        first: protos::EthereumTxRequest,
        mut rest: &[u8],
    ) -> Result<(Vec<u8>, Vec<u8>), DeviceCause> {
        let mut asked = first;
        while asked.data_length() > 0 {
            let length = usize::try_from(asked.data_length()).unwrap_or(usize::MAX);
            let part = rest.split_at_checked(length).filter(|_| length <= PART);
            let (part, after) =
                part.ok_or(DeviceCause::Broken { detail: "it asked for data that there is not" })?;
            rest = after;
            let mut more = protos::EthereumTxAck::new();
            more.set_data_chunk(part.to_vec());
            asked = self.ask(&more)?;
        }
        if !rest.is_empty() {
            return Err(DeviceCause::Broken { detail: "it signed without the whole call" });
        }
        Ok((asked.take_signature_r(), asked.take_signature_s()))
    }

    fn walk(&mut self, path: &DerivationPath, tree: &TypedTree) -> Result<Vec<u8>, DeviceCause> {
        let mut begin = protos::EthereumSignTypedData::new();
        begin.address_n = numbers(path);
        begin.set_primary_type(tree.primary().to_owned());
        begin.set_metamask_v4_compat(true);
        let mut answer = self.exchange(&begin)?;
        loop {
            answer = match answer.message_type() {
                MessageType::MessageType_EthereumTypedDataStructRequest => {
                    let asked: protos::EthereumTypedDataStructRequest = parsed(answer)?;
                    self.exchange(&tree.members(asked.name())?)?
                }
                MessageType::MessageType_EthereumTypedDataValueRequest => {
                    let asked: protos::EthereumTypedDataValueRequest = parsed(answer)?;
                    self.exchange(&tree.value(&asked.member_path)?)?
                }
                MessageType::MessageType_EthereumTypedDataSignature => {
                    return Ok(parsed::<protos::EthereumTypedDataSignature>(answer)?.take_signature());
                }
                _ => return Err(DeviceCause::Broken { detail: "an answer to something else" }),
            }
        }
    }
}

impl Signer for Trezor {
    fn address(&mut self, path: &DerivationPath, show: bool) -> Result<Address, DeviceCause> {
        let mut ask = protos::EthereumGetAddress::new();
        ask.address_n = numbers(path);
        ask.set_show_display(show);
        let answer: protos::EthereumAddress = self.ask(&ask)?;
        answer.address().parse().map_err(|_hex| DeviceCause::Broken { detail: "an address that is none" })
    }

    fn transaction(
        &mut self,
        (path, expected): (&DerivationPath, Address),
        tx: &Unsigned,
    ) -> Result<Signature, DeviceCause> {
        let input = tx.input();
        let length = u32::try_from(input.len()).map_err(|_too_long| unsupported("A call this long"))?;
        let (first, rest) = input.split_at(PART.min(input.len()));
        let to = tx.to().map(|to| to.to_checksum(None)).unwrap_or_default();
        let asked = match tx {
            Unsigned::Legacy(own) => {
                let mut ask = protos::EthereumSignTx::new();
                ask.address_n = numbers(path);
                ask.set_nonce(short(U256::from(own.nonce)));
                ask.set_gas_price(short(U256::from(own.gas_price)));
                ask.set_gas_limit(short(U256::from(own.gas_limit)));
                ask.set_to(to);
                ask.set_value(short(own.value));
                ask.set_data_length(length);
                ask.set_data_initial_chunk(first.to_vec());
                ask.set_chain_id(tx.chain_id());
                self.ask(&ask)?
            }
            Unsigned::Eip1559(own) => {
                let mut ask = protos::EthereumSignTxEIP1559::new();
                ask.address_n = numbers(path);
                ask.set_nonce(short(U256::from(own.nonce)));
                ask.set_max_gas_fee(short(U256::from(own.max_fee_per_gas)));
                ask.set_max_priority_fee(short(U256::from(own.max_priority_fee_per_gas)));
                ask.set_gas_limit(short(U256::from(own.gas_limit)));
                ask.set_to(to);
                ask.set_value(short(own.value));
                ask.set_data_length(length);
                ask.set_data_initial_chunk(first.to_vec());
                ask.set_chain_id(own.chain_id);
                for one in own.access_list.iter() {
                    let mut listed = protos::ethereum_sign_tx_eip1559::EthereumAccessList::new();
                    listed.set_address(one.address.to_checksum(None));
                    listed.storage_keys = one.storage_keys.iter().map(|key| key.to_vec()).collect();
                    ask.access_list.push(listed);
                }
                self.ask(&ask)?
            }
            Unsigned::Eip2930(_) => return Err(unsupported("A transaction of type 1 (EIP-2930)")),
            Unsigned::Eip7702 { .. } => return Err(unsupported("A delegation (EIP-7702)")),
        };
        let (r, s) = self.finish(asked, rest)?;
        own_signature((&r, &s), tx.id(), expected)
    }

    fn message(
        &mut self,
        (path, expected): (&DerivationPath, Address),
        message: &[u8],
        hash: B256,
    ) -> Result<Signature, DeviceCause> {
        let mut ask = protos::EthereumSignMessage::new();
        ask.address_n = numbers(path);
        ask.set_message(message.to_vec());
        let answer: protos::EthereumMessageSignature = self.ask(&ask)?;
        halves(answer.signature(), hash, expected)
    }

    fn typed_data(
        &mut self,
        (path, expected): (&DerivationPath, Address),
        data: &Typed,
        hash: B256,
    ) -> Result<Signature, DeviceCause> {
        let signature = if self.is_first_model() {
            let mut ask = protos::EthereumSignTypedHash::new();
            ask.address_n = numbers(path);
            ask.set_domain_separator_hash(data.domain.to_vec());
            ask.set_message_hash(data.message.to_vec());
            self.ask::<_, protos::EthereumTypedDataSignature>(&ask)?.take_signature()
        } else {
            self.walk(path, &TypedTree::parse(&data.json)?)?
        };
        halves(&signature, hash, expected)
    }
}

fn parsed<M: TrezorMessage>(answer: ProtoMessage) -> Result<M, DeviceCause> {
    answer.into_message().map_err(|_protobuf| DeviceCause::Broken { detail: "a message that cannot be read" })
}

fn unsupported(what: &str) -> DeviceCause {
    DeviceCause::Unsupported { what: what.to_owned() }
}

/// 65 bytes: r, s and v.
fn halves(signature: &[u8], hash: B256, expected: Address) -> Result<Signature, DeviceCause> {
    let cut = signature.split_at_checked(32).filter(|_| signature.len() == 65);
    let cut = cut.and_then(|(r, rest)| Some((r, rest.get(..32)?)));
    own_signature(cut.ok_or(DeviceCause::Broken { detail: "a signature of a wrong length" })?, hash, expected)
}

fn numbers(path: &DerivationPath) -> Vec<u32> {
    path.steps()
        .into_iter()
        .map(|(index, hardened)| if hardened { index | HARDENED } else { index })
        .collect()
}

/// Big-endian without leading zeros.
fn short(number: U256) -> Vec<u8> {
    number.to_be_bytes_trimmed_vec()
}

/// The device's own word for what went wrong.
fn failure(failure: &protos::Failure) -> DeviceCause {
    match failure.code() {
        FailureType::Failure_ActionCancelled => DeviceCause::Declined,
        FailureType::Failure_PinInvalid | FailureType::Failure_PinMismatch => DeviceCause::WrongPin,
        FailureType::Failure_PinCancelled | FailureType::Failure_PinExpected => DeviceCause::Locked,
        FailureType::Failure_InvalidProtocol | FailureType::Failure_ThpUnallocatedSession => {
            DeviceCause::NewerProtocol
        }
        FailureType::Failure_NotInitialized => DeviceCause::NotSetUp,
        FailureType::Failure_Busy | FailureType::Failure_InProgress => DeviceCause::Busy,
        FailureType::Failure_UnexpectedMessage => unsupported("That"),
        _ => DeviceCause::Answered { text: failure.message().chars().take(160).collect() },
    }
}
