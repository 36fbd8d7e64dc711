//! Signing what was approved, keeping it, and only then telling anybody.

use alloy::primitives::{Address, B256, U256};

use super::super::Reason;
use super::desk::{OpenJournal, Wallet, locked};
use super::ledger::{Delivery, TransactionView};
use super::prepare::{Pending, Prepared};
use super::unlock::Unlock;
use crate::contracts::{TokenList, decode_calldata};
use crate::sources::{EndpointId, SourceError};
use crate::wallet::review::{Act, Answers, Units, act_of};
use crate::wallet::{Approved, Entry, ReviewId, SendOutcome, Signed};

/// Nonce and funds used for a signature are proven this recently (THREATS T03); older ones are read again.
const FRESH_MS: u64 = 120_000;

impl Wallet {
    /// Signs the review shown under `id` and keeps the signed transaction in the journal. Nothing is sent.
    ///
    /// # Errors
    /// [`Reason`]: not approved, wrong password, a nonce that was used meanwhile, or a disk that does not keep it. Then
    /// there is no signed transaction.
    pub async fn sign(
        &self,
        id: ReviewId,
        answers: &Answers,
        unlock: Unlock,
    ) -> Result<TransactionView, Reason> {
        let (prepared, approved) = self.approved(id, answers).await?;
        let wallet = self.clone();
        beside(move || {
            let key = wallet.unlock(prepared.review.from(), &unlock)?;
            let signed = approved.sign(&key)?;
            drop(key);
            wallet.keep_signed(id, &prepared, &signed)
        })
        .await
    }

    /// The review with its approval, where it is fresh enough to sign and others still have the head.
    pub(super) async fn approved(
        &self,
        id: ReviewId,
        answers: &Answers,
    ) -> Result<(Prepared, Approved), Reason> {
        let prepared = self.pending_transaction(id)?;
        let age_ms = self.now_ms().saturating_sub(prepared.prepared_at_ms);
        let newer = self.inner.reads.heads().is_some_and(|heads| heads.optimistic.hash() != prepared.at.hash);
        if age_ms > FRESH_MS && newer {
            return Err(Reason::new(
                "The review is more than two minutes old, and the chain went on",
                "nothing was signed",
                "look at it again: it is made anew on the newest state",
            ));
        }
        // The head may have stood still while somebody read: what is signed is asked about as old as it is now (R14).
        let mut review = prepared.review.clone();
        review.grow_old(self.age_secs(prepared.at.timestamp));
        let approved = review.approve(id, answers)?;
        let cost = review.tx.max_cost();
        self.witness_again((&review.findings, cost), prepared.witnessed).await?;
        Ok((prepared, approved))
    }

    /// Seconds since a block's time.
    pub(super) fn age_secs(&self, timestamp: u64) -> u64 {
        (self.now_ms() / 1_000).saturating_sub(timestamp)
    }

    /// Keeps what was signed, on the disk, before anybody is told.
    pub(super) fn keep_signed(
        &self,
        id: ReviewId,
        prepared: &Prepared,
        signed: &Signed,
    ) -> Result<TransactionView, Reason> {
        let review = &prepared.review;
        let payment = review.act.payment();
        let entry = Entry::Signed {
            raw: signed.raw().clone(),
            at_ms: self.now_ms(),
            title: prepared.title().to_owned(),
            head: prepared.at.number,
            payment,
        };
        let view = self.with_journal(|open| {
            may_use_nonce(open, signed)?;
            open.keep(&[entry])?;
            open.history.get(signed.hash()).map(|record| self.view(record)).ok_or_else(lost)
        })?;
        locked(&self.inner.pending).remove(&id);
        self.note(prepared);
        Ok(view)
    }

    fn pending_transaction(&self, id: ReviewId) -> Result<Prepared, Reason> {
        match locked(&self.inner.pending).get(&id) {
            Some(Pending::Transaction(prepared)) => Ok((**prepared).clone()),
            _ => Err(not_waiting()),
        }
    }

    /// Takes a raw signed transaction from elsewhere into the journal, so that it can be sent and followed.
    ///
    /// # Errors
    /// [`Reason`] where it is none, or of another chain.
    pub fn adopt(&self, raw: &[u8]) -> Result<TransactionView, Reason> {
        let signed = Signed::decode(raw)?;
        let network = self.inner.reads.network();
        if signed.chain_id() != network.chain_id {
            let (own, name, id) = (signed.chain_id(), &network.name, network.chain_id);
            let what = format!(
                "This transaction is for chain {own}. Lifeboat is verified on {} ({id})",
                super::facts::chain_name(name)
            );
            return Err(Reason::new(&what, "it was not sent", "choose its network with --network"));
        }
        let act = self.act_signed(&signed);
        let title =
            act.as_ref().map_or_else(|| "A signed transaction".to_owned(), |act| self.plain_title(act));
        let payment = act.and_then(|act| act.payment());
        let head = self.inner.reads.heads().map_or(0, |heads| heads.optimistic.number());
        let entry = Entry::Signed { raw: signed.raw().clone(), at_ms: self.now_ms(), title, head, payment };
        self.with_journal(|open| {
            open.keep(&[entry])?;
            open.history.get(signed.hash()).map(|record| self.view(record)).ok_or_else(lost)
        })
    }

    /// What a signed transaction does; `None` where it is of a kind that is not read.
    fn act_signed(&self, signed: &Signed) -> Option<Act> {
        let tx = signed.unsigned().ok()?;
        let call = decode_calldata(&self.inner.book, signed.chain_id(), tx.to(), tx.input());
        Some(act_of(&tx, signed.from(), &call))
    }

    /// Whom it pays, in what and how much, by the bytes that its owner signed: the journal's own word for that is for
    /// lists, and nothing vouches for it.
    pub(super) fn payment_of(&self, signed: &Signed) -> Option<(Option<Address>, Address, U256)> {
        self.act_signed(signed)?.payment()
    }

    fn plain_title(&self, act: &Act) -> String {
        let from = alloy::primitives::Address::ZERO;
        // Nothing is read here: a listed token is titled by the list, any other by its raw units.
        let token = act.payment().and_then(|(token, ..)| token);
        let listed = TokenList::of_chain(self.chain_id()).zip(token).and_then(|(list, token)| list.at(token));
        let units = listed.map(|one| (one.address, (one.symbol.clone(), one.decimals)));
        let input = self.bare_input(from, units.into_iter().collect::<Units>());
        act.clone().told_apart(&input.units, None).title(&input)
    }

    /// Sends a transaction of the journal to every endpoint at once, and keeps what each one says.
    ///
    /// # Errors
    /// [`Reason`] where the journal does not hold it or cannot be written. That no endpoint took it is no error: it stands
    /// in the answers, and the transaction stays saved.
    pub async fn deliver(&self, hash: B256) -> Result<Delivery, Reason> {
        let record = self.record(hash)?;
        let replies = self.inner.reads.broadcast(record.signed.raw().clone()).await;
        let mut answers = Vec::with_capacity(replies.len());
        for (endpoint, reply) in replies {
            let outcome = outcome(&reply, hash);
            if let SendOutcome::OtherHash { hash: named } = &outcome {
                self.blame(&endpoint, *named, hash);
            }
            answers.push((endpoint.to_string(), outcome));
        }
        let entry = Entry::Sent { hash, at_ms: self.now_ms(), answers: answers.clone() };
        let transaction = self.with_journal(|open| {
            open.keep(&[entry])?;
            open.history.get(hash).map(|record| self.view(record)).ok_or_else(lost)
        })?;
        Ok(Delivery { transaction, answers })
    }

    /// A hash is computed, so an endpoint that names another one is proven wrong.
    fn blame(&self, endpoint: &EndpointId, named: B256, hash: B256) {
        let rule = "the hash it answered is not that of the transaction it was sent";
        let evidence = format!("sent {hash}, answered {named}");
        self.inner.reads.edges.execution.blame(endpoint, rule, evidence.as_bytes());
    }
}

fn outcome(reply: &Result<B256, SourceError>, hash: B256) -> SendOutcome {
    match reply {
        Ok(named) if *named == hash => SendOutcome::Accepted,
        Ok(named) => SendOutcome::OtherHash { hash: *named },
        Err(SourceError::Rpc { message, .. }) => SendOutcome::of_refusal(message),
        Err(other) => SendOutcome::Unreachable { why: other.to_string() },
    }
}

/// Between review and signature another transaction may have been signed with the same nonce.
fn may_use_nonce(open: &OpenJournal, signed: &Signed) -> Result<(), Reason> {
    let new = signed.unsigned()?;
    let waiting = open.history.waiting(signed.from(), signed.chain_id());
    let mut rivals = waiting
        .into_iter()
        .filter(|one| one.signed.nonce() == signed.nonce() && one.signed.hash() != signed.hash());
    let enough = |new: u128, old: u128| new > old && new.saturating_mul(100) >= old.saturating_mul(110);
    // Each of them: a speed-up may wait beside what it speeds up. One that cannot be read may pay anything.
    let outbids = rivals.all(|one| {
        let Ok(old) = one.signed.unsigned() else { return false };
        enough(new.max_fee_per_gas(), old.max_fee_per_gas()) && enough(new.tip_per_gas(), old.tip_per_gas())
    });
    if outbids {
        return Ok(());
    }
    let what = format!("Nonce {} was signed meanwhile for another transaction", new.nonce());
    Err(Reason::new(
        &what,
        "the new one was not kept and not sent",
        "review it again, or replace the other one",
    ))
}

pub(super) fn not_waiting() -> Reason {
    Reason::new("That review is not open any more", "nothing was signed", "make it again")
}

/// Does what takes a second on purpose beside the threads that others wait for.
pub(super) async fn beside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Reason> + Send + 'static,
) -> Result<T, Reason> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => Err(super::super::jobs::died(&error.to_string())),
    }
}

fn lost() -> Reason {
    Reason::new("The journal lost a record", "this is a fault of the program", "report it")
}
