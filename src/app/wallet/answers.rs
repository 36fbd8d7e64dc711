//! What comes back from a signer elsewhere, held against what was asked of it.

use super::super::Reason;
use super::air_gap::differs;
use super::ledger::TransactionView;
use super::prepare::Prepared;
use super::task::WalletTask;
use super::view::Outcome;
use crate::wallet::{Draft, QrError, SignatureReader, Signed};

/// Requests remembered; older ones are forgotten.
const MOST: usize = 64;

impl WalletTask {
    /// Remembers what was written for a signer elsewhere.
    pub(super) fn ask_elsewhere(&mut self, open: &Prepared) {
        let asked = Draft::of(open.review.from(), open.review.tx.clone());
        self.asked.retain(|old| *old != asked);
        self.asked.push(asked);
        let old = self.asked.len().saturating_sub(MOST);
        self.asked.drain(..old);
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
            match reader.signed(asked.unsigned(), asked.from()) {
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
        let asked: Vec<&Draft> = self.asked.iter().filter(same).collect();
        let tx = signed.unsigned()?;
        let differences: Vec<Option<String>> = asked.iter().map(|one| differs(one.unsigned(), &tx)).collect();
        let as_asked = differences.iter().any(Option::is_none);
        if let (false, Some(Some(what))) = (as_asked, differences.last()) {
            return Err(Reason::new(
                &format!("Differs from your request: {what}"),
                "it was not kept and not sent",
                "find out who changed it",
            ));
        }
        let kept = self.wallet.adopt(raw)?;
        self.view.as_asked = as_asked.then_some(kept.hash);
        Ok(kept)
    }
}
