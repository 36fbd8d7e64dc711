//! What comes back from a signer elsewhere, held against what was asked of it, also by an earlier run.
//!
//! The file of requests is not authenticated, and need not be: a request can only refuse what comes back.

use alloy::primitives::{Address, Bytes};
use serde::{Deserialize, Serialize};

use super::super::Reason;
use super::air_gap::differs;
use super::desk::Wallet;
use super::ledger::TransactionView;
use super::prepare::Prepared;
use super::task::WalletTask;
use super::view::Outcome;
use crate::wallet::{Draft, QrError, SignatureReader, Signed, Unsigned};

/// Requests remembered; older ones are forgotten.
const MOST: usize = 64;
/// A request that nobody answered is forgotten after thirty days: its nonce may long serve another purpose.
const KEPT_MS: u64 = 30 * 24 * 3_600_000;
const NAME: &str = "requests.json";
const VERSION: u32 = 1;

/// What was written for a signer elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asked {
    draft: Draft,
    at_ms: u64,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct AskedFile {
    version: u32,
    requests: Vec<AskedForm>,
}

#[derive(Debug, Serialize, Deserialize)]
struct AskedForm {
    from: Address,
    /// The bytes that were to be signed.
    bytes: Bytes,
    at_ms: u64,
}

impl Wallet {
    /// What earlier runs asked for, oldest first.
    fn asked_before(&self) -> Result<Vec<Asked>, Reason> {
        let Some(bytes) = self.inner.data.load_small(NAME)? else { return Ok(Vec::new()) };
        let file = match serde_json::from_slice::<AskedFile>(&bytes) {
            Ok(file) if file.version <= VERSION => file,
            Ok(file) => {
                let what = format!("{NAME} is of version {}, this build knows {VERSION}", file.version);
                return Err(Reason::new(&what, "nothing was changed", "use the newer Lifeboat"));
            }
            Err(error) => {
                let what = "the requests to other signers";
                return Err(self.inner.data.set_small_aside(NAME, what, error.to_string()).into());
            }
        };
        let now_ms = self.now_ms();
        let young = file.requests.into_iter().filter(|one| now_ms.saturating_sub(one.at_ms) < KEPT_MS);
        let asked = young.filter_map(|one| {
            let draft = Draft::of(one.from, Unsigned::decode(&one.bytes).ok()?);
            Some(Asked { draft, at_ms: one.at_ms })
        });
        Ok(asked.collect())
    }

    fn keep_asked(&self, asked: &[Asked]) -> Result<(), Reason> {
        // What a newer version wrote, and what cannot be read now, is not written over.
        self.asked_before()?;
        let form = |one: &Asked| AskedForm {
            from: one.draft.from(),
            bytes: one.draft.unsigned().bytes_to_sign().into(),
            at_ms: one.at_ms,
        };
        let file = AskedFile { version: VERSION, requests: asked.iter().map(form).collect() };
        let bytes = serde_json::to_vec_pretty(&file).map_err(|error| {
            Reason::new(&error.to_string(), "this is a fault of the program", "report it")
        })?;
        Ok(self.inner.data.save_small(NAME, &bytes)?)
    }
}

impl WalletTask {
    /// Remembers what was written for a signer elsewhere, for later runs too.
    pub(super) fn ask_elsewhere(&mut self, open: &Prepared) {
        let draft = Draft::of(open.review.from(), open.review.tx.clone());
        self.asked.retain(|old| old.draft != draft);
        self.asked.push(Asked { draft, at_ms: self.wallet.now_ms() });
        let old = self.asked.len().saturating_sub(MOST);
        self.asked.drain(..old);
        if let Err(reason) = self.wallet.keep_asked(&self.asked) {
            tracing::warn!(%reason, "a request is remembered for this run only");
        }
    }

    /// Remembers what earlier runs asked for.
    pub(super) fn recall_asked(&mut self) {
        match self.wallet.asked_before() {
            Ok(asked) => self.asked = asked,
            Err(reason) => self.view.trouble = Some(reason),
        }
    }

    /// Takes the texts of a signer's QR codes, one a line, in any order.
    pub(super) fn open_answer(&mut self, text: &str) {
        let signed = self.answered(text);
        let adopted = signed.and_then(|signed| self.adopt_answer(signed.raw()));
        self.end(adopted.map(|one| Outcome::Signed(one.hash)));
    }

    fn answered(&self, text: &str) -> Result<Signed, Reason> {
        let refused = |error: &QrError| {
            Reason::new(
                &error.to_string(),
                "nothing was kept and nothing was sent",
                "scan it again, every part",
            )
        };
        let mut reader = SignatureReader::default();
        for part in text.split_whitespace() {
            if reader.receive(part).map_err(|error| refused(&error))? {
                break;
            }
        }
        let mut last = None;
        for asked in self.asked.iter().rev() {
            match reader.signed(asked.draft.unsigned(), asked.draft.from()) {
                Ok(signed) => return Ok(signed),
                Err(error) => last = Some(error),
            }
        }
        Err(last.map_or_else(
            || {
                let next = "make the offline file of that transaction again, then paste the answer";
                Reason::new("The signer's answer holds only a signature", "nothing was kept", next)
            },
            |error| refused(&error),
        ))
    }

    /// Keeps a signed transaction. One that spends a nonce that was asked for from here must be the one that was asked for.
    pub(super) fn adopt_answer(&mut self, raw: &[u8]) -> Result<TransactionView, Reason> {
        let signed = Signed::decode(raw)?;
        let same = |one: &&Draft| {
            let tx = one.unsigned();
            (one.from(), tx.nonce(), tx.chain_id()) == (signed.from(), signed.nonce(), signed.chain_id())
        };
        let asked: Vec<&Draft> = self.asked.iter().map(|one| &one.draft).filter(same).collect();
        let tx = signed.unsigned()?;
        let differences: Vec<Option<String>> = asked.iter().map(|one| differs(one.unsigned(), &tx)).collect();
        let as_asked = differences.iter().any(Option::is_none);
        if let (false, Some(Some(what))) = (as_asked, differences.last()) {
            return Err(Reason::new(
                &format!("Differs from your request: {what}"),
                "it was not kept and not sent",
                "find out who changed it; one of your own that is meant to differ can be sent with `lifeboat broadcast`",
            ));
        }
        let kept = self.wallet.adopt(raw)?;
        self.view.as_asked = as_asked.then_some(kept.hash);
        Ok(kept)
    }
}
