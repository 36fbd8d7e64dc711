//! What the wallet's screens remember between frames. A secret is in a [`SecretText`] or sealed in [`Hidden`], never in a
//! plain string.

use std::fmt;

use alloy::primitives::{Address, B256, U256};
use serde::{Deserialize, Serialize};

use super::hold::Hold;
use super::kept::Book;
use super::secret_field::SecretText;
use super::ui_state::Field;
use crate::app::signing::ReviewId;
use crate::app::signing::keys::{Confirmation, Phrase};
use crate::app::signing::review::{CheckId, Level};
use crate::app::{Question, Reason};

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
    /// What was asked last, and at which slot.
    pub asked: Option<(Question, u64)>,
    /// When fees were asked for, Unix milliseconds.
    pub fees_asked_ms: u64,
    /// The signed transaction or offline file to open.
    pub bring: Field,
    /// The field for it is open.
    pub bringing: bool,
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
    /// Look-ups of transfers that were ordered, newest blocks first.
    pub scans: Vec<Question>,
    /// What is folded is shown.
    pub unfolded: bool,
}

/// An address that was copied here.
#[derive(Debug, Clone)]
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
    /// Review.
    pub review: ReviewState,
    /// The review of typed data.
    pub typed: ReviewState,
    /// The transaction shown.
    pub transaction: Option<B256>,
    /// Activity.
    pub activity: ActivityState,
    /// Keys.
    pub keys: KeysState,
    /// The unlock window.
    pub unlock: Option<UnlockState>,
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
    /// Contacts as they were last told to the core.
    pub told: Option<u64>,
}

impl WalletState {
    /// Forgets every secret that was typed.
    pub fn wipe_secrets(&mut self) {
        self.keys = KeysState::default();
        self.unlock = None;
    }
}

/// Most that can be typed as an amount, to keep numbers sane.
pub(super) const LONGEST_AMOUNT: usize = 80;

/// Why a text is no amount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum AmountError {
    /// Nothing was typed.
    Empty,
    /// Something else than digits and one dot.
    NotANumber,
    /// So many decimals, where so many are possible.
    Decimals(usize, u8),
    /// Nothing is sent.
    Zero,
}

/// Raw units of an amount as typed: digits and a dot, nothing else.
pub(super) fn amount(text: &str, decimals: u8) -> Result<U256, AmountError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(AmountError::Empty);
    }
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |part: &str| part.chars().all(|c| c.is_ascii_digit());
    if text.len() > LONGEST_AMOUNT
        || !digits(whole)
        || !digits(fraction)
        || (whole.is_empty() && fraction.is_empty())
    {
        return Err(AmountError::NotANumber);
    }
    let fraction = fraction.trim_end_matches('0');
    if fraction.len() > usize::from(decimals) {
        return Err(AmountError::Decimals(fraction.len(), decimals));
    }
    let padded = format!("{whole}{fraction:0<width$}", width = usize::from(decimals));
    let raw: U256 = padded.parse().map_err(|_too_large| AmountError::NotANumber)?;
    if raw.is_zero() { Err(AmountError::Zero) } else { Ok(raw) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_exactly_or_not_at_all() {
        let ether = |text| amount(text, 18);
        assert_eq!(ether("1.25"), Ok(U256::from(1_250_000_000_000_000_000_u64)));
        assert_eq!(ether(".5"), Ok(U256::from(500_000_000_000_000_000_u64)));
        assert_eq!(ether("0.000000000000000001"), Ok(U256::from(1)));
        assert_eq!(amount("7", 0), Ok(U256::from(7)));
        assert_eq!(ether(" "), Err(AmountError::Empty));
        assert_eq!(ether("0.0"), Err(AmountError::Zero));
        for bad in ["1,25", "-1", "1e3", "1.2.3", ".", "0x10", "1 000"] {
            assert_eq!(ether(bad), Err(AmountError::NotANumber), "{bad}");
        }
        assert_eq!(amount("1.2345678", 6), Err(AmountError::Decimals(7, 6)));
        assert_eq!(amount("1.2300000", 2), Ok(U256::from(123)));
        assert_eq!(ether(&"9".repeat(79)), Err(AmountError::NotANumber));
    }

    #[test]
    fn state_never_prints_a_secret() {
        let mut state = WalletState::default();
        state.keys.hex.push("canary");
        state.keys.words.push(SecretText::default());
        state.unlock = Some(UnlockState::default());
        assert!(!format!("{state:?}").contains("canary"));
    }
}
