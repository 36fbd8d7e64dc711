//! What a face that never waits orders of the wallet. What comes of it stands in the [`super::WalletView`].

use std::path::PathBuf;

use alloy::primitives::{Address, B256, Bytes};

use super::{Handed, KeyImport, Replacement, SendRequest};
use crate::wallet::ReviewId;
use crate::wallet::keys::{Phrase, Secret};
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
    /// Review typed data (EIP-712, JSON) that an account would sign.
    ReviewTypedData {
        /// The account.
        from: Address,
        /// The data.
        json: String,
    },
    /// Close it. Nothing was signed.
    CloseTypedData,
    /// Sign the typed data shown under `review`. Nothing is sent; the signature comes back.
    SignTypedData {
        /// As it was shown.
        review: ReviewId,
        /// What the person did.
        answers: Answers,
    },
    /// Write the open review as an offline file; the text comes back in the view.
    OfflineFile(ReviewId),
    /// Take what somebody brought: a raw signed transaction, or an offline file, signed or not. A signed one is kept in
    /// the journal, an unsigned one is opened for review; nothing is sent.
    Open(Bytes),
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
    /// Look which accounts of a phrase were used, by proof.
    Discover(Handed<Phrase>),
    /// Whom the user knows beside the wallet's own accounts: saved contacts.
    Know(Vec<Party>),
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
