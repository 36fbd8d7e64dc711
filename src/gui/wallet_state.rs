//! What the wallet's screens remember between frames. A secret is in a [`SecretText`] or sealed in [`Hidden`], never in a
//! plain string.

use std::fmt;

use alloy::primitives::{Address, B256};
use serde::{Deserialize, Serialize};

use super::hold::Hold;
use super::kept::Book;
use super::secret_field::SecretText;
use super::sign_state::SignState;
pub(super) use super::typed_amount::{AmountError, LONGEST_AMOUNT, amount};
use super::ui_state::Field;
use crate::app::signing::ReviewId;
use crate::app::signing::keys::{Confirmation, Phrase};
use crate::app::signing::review::{CheckId, Level};
use crate::app::{DeviceKind, Question, Reason};

/// Something that must not be printed.
#[derive(Default)]
pub struct Hidden<T>(pub T);

impl<T> fmt::Debug for Hidden<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hidden(..)")
    }
}

/// What is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum SendAsset {
    /// Ether.
    #[default]
    Ether,
    /// An ERC-20 token.
    Token(Address),
}

/// How much is paid per gas.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum FeeSpeed {
    /// Within some minutes.
    Slow,
    /// Within a few blocks.
    #[default]
    Normal,
    /// In the next block or two.
    Fast,
    /// As the user says.
    Custom,
}

/// A draft as it survives a restart. There is no secret in it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct KeptDraft {
    /// Who pays.
    pub from: Option<Address>,
    /// The recipient as typed.
    pub to: String,
    /// What.
    pub asset: SendAsset,
    /// How much, as typed.
    pub amount: String,
    /// All there is.
    pub max: bool,
    /// How fast.
    pub speed: FeeSpeed,
}

/// Send.
#[derive(Debug, Clone, Default)]
pub struct SendState {
    /// What survives a restart.
    pub draft: KeptDraft,
    /// It was taken from the book.
    pub taken: bool,
    /// The recipient was picked from a list, not typed or pasted.
    pub picked: bool,
    /// What is wrong with the recipient; shown once typing pauses.
    pub to_error: Option<String>,
    /// When something was typed last, Unix milliseconds.
    pub typed_ms: u64,
    /// Most per gas, in gwei, as typed.
    pub max_fee: String,
    /// Of it the tip, in gwei, as typed.
    pub tip: String,
    /// Another nonce, as typed; `None` for the next one.
    pub nonce: Option<String>,
    /// What was copied here last when the recipient was pasted (R22).
    pub pasted: Option<CopiedAddress>,
    /// What was asked last, and at which slot.
    pub asked: Option<(Question, u64)>,
    /// The same for the recipient's name.
    pub asked_name: Option<(Question, u64)>,
    /// When fees were asked for, Unix milliseconds.
    pub fees_asked_ms: u64,
    /// The signed transaction or offline file to open.
    pub bring: Field,
    /// A file or a picture that holds it.
    pub path: Field,
    /// It came out of a file in this frame, and is opened.
    pub brought: bool,
}

/// What is done with the open review.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SignChoice {
    /// Sign and send.
    #[default]
    Send,
    /// Sign, do not send.
    Keep,
    /// Write an offline file, sign nothing.
    OfflineFile,
}

/// The codes of an offline file.
#[derive(Debug, Clone, Default)]
pub struct FramesState {
    /// Derivation path, as typed.
    pub path: String,
    /// Fingerprint of the signer's master key, as typed.
    pub fingerprint: String,
    /// One text a code; none until they are wanted.
    pub codes: Vec<String>,
    /// The one shown.
    pub at: usize,
    /// Since when, Unix milliseconds.
    pub since_ms: u64,
    /// It stands still.
    pub paused: bool,
    /// Why there are none.
    pub error: Option<String>,
}

impl FramesState {
    /// Where signers keep the first account.
    pub const USUAL_PATH: &'static str = "m/44'/60'/0'/0/0";
}

/// Review.
#[derive(Debug, Clone, Default)]
pub struct ReviewState {
    /// The reading that was drawn last.
    pub shown: Option<(ReviewId, u64)>,
    /// Its checks, to see which changed their level.
    pub levels: Vec<(CheckId, Level)>,
    /// Before this the button ignores everything, Unix milliseconds.
    pub armed_at_ms: u64,
    /// The window had the focus in the last frame.
    pub focused: bool,
    /// What changed since the user looked (R27); the button is off until it is read.
    pub changed: Option<String>,
    /// The fact being typed.
    pub typing: String,
    /// Facts typed and right.
    pub facts: Vec<String>,
    /// The button.
    pub hold: Hold,
    /// What is done.
    pub choice: SignChoice,
    /// When the transaction was handed to the wallet, Unix milliseconds.
    pub asked_ms: u64,
    /// The heading takes the focus.
    pub fresh: bool,
    /// The offline file of the review.
    pub file: Option<String>,
    /// The same as QR codes.
    pub frames: FramesState,
    /// What was ordered is no transaction.
    pub alone: bool,
}

/// How a key is added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum KeyForm {
    /// None: the list of ways.
    #[default]
    Closed,
    /// A key file of another wallet.
    KeyFile,
    /// A recovery phrase that exists.
    Phrase,
    /// A new recovery phrase.
    NewPhrase,
    /// A private key in hex.
    RawKey,
    /// An account of a hardware signer.
    Hardware,
}

/// The form for an account of a hardware signer.
#[derive(Debug, Clone)]
pub struct DeviceForm {
    /// Which device.
    pub kind: DeviceKind,
    /// Ledger Live's paths in place of the standard ones.
    pub ledger_live: bool,
    /// Paths and addresses as the device gave them.
    pub found: Vec<(String, Address)>,
    /// Which of them is wanted.
    pub picked: Option<usize>,
    /// It is being shown on the device.
    pub adding: bool,
}

impl Default for DeviceForm {
    fn default() -> Self {
        Self { kind: DeviceKind::Ledger, ledger_live: false, found: Vec::new(), picked: None, adding: false }
    }
}

/// An account derived from a phrase.
#[derive(Debug, Clone)]
pub struct Derived {
    /// Its path.
    pub path: String,
    /// Its address.
    pub address: Address,
    /// It is wanted.
    pub wanted: bool,
}

/// The key part of Accounts.
#[derive(Debug, Default)]
pub struct KeysState {
    /// What is open.
    pub form: KeyForm,
    /// The user said that nobody sees the screen.
    pub unshared: bool,
    /// An account of a hardware signer.
    pub device: DeviceForm,
    /// Path of a key file.
    pub path: Field,
    /// A key file and whose it says it is.
    pub file: Option<(Vec<u8>, Option<Address>)>,
    /// Password of that file.
    pub own_password: SecretText,
    /// Words of the phrase.
    pub words: Vec<SecretText>,
    /// Which of them had the focus in the last frame.
    pub cell: Option<usize>,
    /// Its passphrase.
    pub passphrase: SecretText,
    /// A private key in hex.
    pub hex: SecretText,
    /// The checked or new phrase.
    pub phrase: Hidden<Option<Phrase>>,
    /// Its accounts.
    pub derived: Vec<Derived>,
    /// Which words of a new phrase must be repeated.
    pub confirmation: Option<Confirmation>,
    /// They were.
    pub confirmed: bool,
    /// A new phrase is being shown.
    pub revealing: bool,
    /// The user's name for the key.
    pub name: String,
    /// The new password.
    pub password: SecretText,
    /// The same again.
    pub again: SecretText,
    /// An account that is to be removed, and its name as it is typed again.
    pub removing: Option<(Address, String)>,
    /// Said below the form.
    pub error: Option<String>,
    /// Said after the form closed.
    pub done: Option<String>,
}

/// The open unlock window.
#[derive(Debug, Default)]
pub struct UnlockState {
    /// Whose key.
    pub account: Address,
    /// The password.
    pub password: SecretText,
    /// Why it was not right.
    pub error: Option<String>,
    /// It was just opened.
    pub fresh: bool,
    /// Support view is left when it succeeds.
    pub leaves_support: bool,
}

/// Activity.
#[derive(Debug, Clone, Default)]
pub struct ActivityState {
    /// What is folded is shown.
    pub unfolded: bool,
}

/// An address that was copied here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopiedAddress {
    /// The address.
    pub address: Address,
    /// Whose.
    pub name: String,
    /// When, Unix milliseconds.
    pub at_ms: u64,
}

/// The wallet's screens.
#[derive(Debug, Default)]
pub struct WalletState {
    /// Send.
    pub send: SendState,
    /// Sign a message.
    pub sign: SignState,
    /// Review.
    pub review: ReviewState,
    /// The transaction shown.
    pub transaction: Option<B256>,
    /// Activity.
    pub activity: ActivityState,
    /// Keys.
    pub keys: KeysState,
    /// The unlock window.
    pub unlock: Option<UnlockState>,
    /// Places of a device's PIN, as they are chosen.
    pub pin: SecretText,
    /// They are being chosen.
    pub pin_open: bool,
    /// The last end of an order that was taken notice of.
    pub ended: u64,
    /// Why the last order failed.
    pub failure: Option<Reason>,
    /// Support view, with the book that waits meanwhile.
    pub support: Option<Box<Book>>,
    /// A picture of the window is taken: secrets are not painted.
    pub capturing: bool,
    /// The address copied last.
    pub copied: Option<CopiedAddress>,
    /// Where the last file that was wanted went.
    pub saved: Option<String>,
    /// Contacts as they were last told to the core.
    pub told: Option<u64>,
}

impl WalletState {
    /// Forgets every secret that was typed.
    pub fn wipe_secrets(&mut self) {
        self.keys = KeysState::default();
        self.unlock = None;
        self.pin.wipe();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn state_never_prints_a_secret() {
        let mut state = WalletState::default();
        state.keys.hex.push("canary");
        state.keys.words.push(SecretText::default());
        state.unlock = Some(UnlockState::default());
        assert!(!format!("{state:?}").contains("canary"));
    }
}
