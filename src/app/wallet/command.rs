//! What a face that never waits orders of the wallet. What comes of it stands in the [`super::WalletView`].

use std::path::PathBuf;

use alloy::primitives::{Address, B256, Bytes};

use super::super::devices::{Device, DeviceKind};
use super::{Handed, KeyImport, Replacement, SendRequest, ToSign};
use crate::wallet::ReviewId;
use crate::wallet::keys::{DerivationPath, Phrase, Secret};
use crate::wallet::review::{Answers, Party};

/// An order to the wallet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WalletCommand {
    /// Make the transaction on proven state, run it, and open its review.
    Review(Box<SendRequest>),
    /// Open the review of what replaces a waiting transaction.
    ReviewReplacement {
        /// The waiting one.
        hash: B256,
        /// Speed up or cancel.
        kind: Replacement,
    },
    /// Open the review of what is signed alone: a text, bytes, typed data.
    ReviewMessage {
        /// The account that signs.
        from: Address,
        /// What.
        wanted: ToSign,
    },
    /// Read the open review again at the newest head, without its simulation if so wanted.
    ReviewAgain {
        /// Go without a simulation: the review calls that a danger (R12).
        skip_simulation: bool,
    },
    /// Close the open review. Nothing was signed.
    CloseReview,
    /// Sign the review shown under `review`.
    Sign {
        /// As it was shown.
        review: ReviewId,
        /// What the person did.
        answers: Answers,
        /// What then.
        then: Then,
    },
    /// Write the open review as an offline file; the text comes back in the view.
    OfflineFile(ReviewId),
    /// Take what somebody brought: a raw signed transaction, or an offline file, signed or not. A signed one is kept in
    /// the journal, an unsigned one is opened for review; nothing is sent.
    Open(Bytes),
    /// Take the answer of a signer that reads QR codes (ERC-4527), its parts one a line: for one of the offline files that
    /// were made here. The signed transaction is kept in the journal; nothing is sent.
    OpenAnswer(String),
    /// Send a transaction of the journal to every endpoint, again if it was sent before.
    Send(B256),
    /// Open an account's key for as long as the wallet stays unlocked.
    Unlock {
        /// The account.
        account: Address,
        /// Of its key file.
        password: Handed<Secret>,
    },
    /// Forget every password.
    Lock,
    /// Lock after so long without a use, in milliseconds.
    LockAfter(u64),
    /// Read a key file made by another wallet; the view says whose it is.
    ReadKeyFile(PathBuf),
    /// Seal a key under a password and keep it.
    AddKey {
        /// The key, or the phrase with the accounts wanted of it.
        import: Handed<KeyImport>,
        /// The user's name for it.
        name: String,
        /// The new password.
        password: Handed<Secret>,
    },
    /// Remove an account, and where it has a key here the key with every account of it.
    RemoveAccount {
        /// Which.
        account: Address,
        /// Its name, as it was typed to confirm that a key goes.
        typed: String,
    },
    /// Read a text that somebody brought as a file, or the QR codes of a picture; it comes back in the view.
    ReadText(PathBuf),
    /// The same of several files, one after the other: the parts of an animated code.
    ReadTexts(Vec<PathBuf>),
    /// Write a text for the user to take away. A file that exists is never overwritten.
    SaveText {
        /// Where; a name without a folder goes to the user's downloads, else to the home folder.
        path: PathBuf,
        /// What.
        text: String,
    },
    /// Look which accounts of a phrase were used, by proof.
    Discover(Handed<Phrase>),
    /// Look for transfers of these accounts in so many blocks more: the newest, or those before what was looked at.
    Scan {
        /// Whose.
        who: Vec<Address>,
        /// How many blocks.
        blocks: u64,
    },
    /// Look again into the blocks that could not be proven.
    ScanAgain,
    /// Stop looking. What was found stays.
    StopScan,
    /// Read the addresses that the plugged-in hardware signer has at these paths.
    ReadDevice {
        /// Which device.
        kind: DeviceKind,
        /// Where on it.
        paths: Vec<DerivationPath>,
    },
    /// Keep an account of a hardware signer, once its address was confirmed on the device's own screen.
    AddDevice {
        /// Which device, and where on it.
        device: Device,
        /// The address that was read there.
        address: Address,
        /// The user's name for it.
        name: String,
    },
    /// Stop waiting for a hardware signer. Nothing is signed.
    LeaveDevice,
    /// The places of the PIN's digits, for a device that waits for them.
    DevicePin(Handed<Secret>),
    /// Whom the user knows beside the wallet's own accounts: saved contacts.
    Know(Vec<Party>),
    /// Contacts whose name and address the user gave in this run. Others count once an opened key file has marked them.
    Confirm(Vec<(String, Address)>),
    /// Support view: no key can be opened until [`WalletCommand::KeysOn`].
    KeysOff,
    /// Back from it, with every key locked. Where a key has a password, that of one account is asked for.
    KeysOn(Option<(Address, Handed<Secret>)>),
}

/// What is done with a signed transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Then {
    /// Keep it and send it to every endpoint.
    #[default]
    Send,
    /// Keep it. It can be sent later.
    Keep,
}
