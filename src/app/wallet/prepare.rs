//! From what a person wants to a review that can be approved.

use std::collections::HashMap;

use alloy::primitives::{Address, B256, U256};

use super::super::{Reason, Speed};
use super::desk::{MAX_PENDING, Wallet, locked};
use super::facts::{quote, standing_of};
use super::more_facts::Subject;
use super::noted::Noted;
use super::to_sign::MessageView;
use crate::chain::Heads;
use crate::contracts::{PlainCall, decode_calldata, plain_call};
use crate::execution::BlockRef;
use crate::wallet::review::{ClipboardFact, Review, ReviewInput, Standing, Units, act_of, receivers};
use crate::wallet::{Draft, DraftRequest, FeeQuote, Fees, Intent, ReviewId, Simulated, TxType};

/// What is paid per gas.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FeeChoice {
    /// As proven blocks suggest.
    Speed(Speed),
    /// As the user says, in wei.
    Custom {
        /// Most in all.
        max_fee: u128,
        /// Of it to the proposer.
        tip: u128,
    },
}

/// What a person wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SendRequest {
    /// The account that pays and signs.
    pub from: Address,
    /// What is wanted.
    pub intent: Intent,
    /// What is paid per gas.
    pub fees: FeeChoice,
    /// In place of the next nonce.
    pub nonce: Option<u64>,
    /// In place of the gas that was searched.
    pub gas_limit: Option<u64>,
    /// Form of the transaction.
    pub kind: TxType,
    /// The recipient as typed or pasted.
    pub typed: Option<String>,
    /// The address that was copied here last, where the recipient was pasted.
    pub clipboard: Option<ClipboardFact>,
    /// Go without a simulation: the review calls that a danger.
    pub skip_simulation: bool,
    /// The recipient's name, the device that would sign, own deployments.
    pub noted: Noted,
}

impl SendRequest {
    /// The usual: type 2, normal fees, everything else found.
    pub fn new(from: Address, intent: Intent) -> Self {
        Self {
            from,
            intent,
            fees: FeeChoice::Speed(Speed::Usual),
            nonce: None,
            gas_limit: None,
            kind: TxType::Eip1559,
            typed: None,
            clipboard: None,
            skip_simulation: false,
            noted: Noted::default(),
        }
    }
}

/// A review, and what it stands on.
#[derive(Debug, Clone, PartialEq)]
pub struct Prepared {
    /// What is shown and approved.
    pub review: Review,
    /// What a person was told that it does: a later reading is measured against that (R27).
    pub shown: Option<crate::wallet::Effects>,
    /// The block that it was computed on.
    pub at: BlockRef,
    /// Fees of the next block.
    pub fees: FeeQuote,
    /// Symbols and decimals of every token in it.
    pub units: Units,
    /// Unix milliseconds.
    pub prepared_at_ms: u64,
    /// The recipient as it was typed or pasted, for every later reading.
    pub typed: Option<String>,
    /// What was copied here last, for every later reading.
    pub clipboard: Option<ClipboardFact>,
    /// What else it was made with.
    pub noted: Noted,
    /// The head that others were asked about, where the review calls for it (THREATS T07).
    pub witnessed: Option<B256>,
}

impl Prepared {
    /// Short, for lists: in the words of who made the call, else as the bytes read.
    pub fn title(&self) -> &str {
        self.noted.words.as_deref().unwrap_or(&self.review.title)
    }
}

/// What waits for an answer.
pub(super) enum Pending {
    Transaction(Box<Prepared>),
    Message(Box<MessageView>),
}

impl Wallet {
    /// Makes the transaction on proven state, runs it, and reviews it.
    ///
    /// # Errors
    /// [`Reason`] where state could not be proven or there is nothing to send.
    pub async fn prepare(&self, request: &SendRequest) -> Result<Prepared, Reason> {
        self.made(request).await.map_err(blocked)
    }

    async fn made(&self, request: &SendRequest) -> Result<Prepared, Reason> {
        let heads = self.heads()?;
        let state = self.inner.reads.state_at(heads.optimistic.clone());
        let quote = quote(self, &heads).await;
        let fees = match request.fees {
            FeeChoice::Speed(Speed::Slow) => quote.slow(),
            FeeChoice::Speed(Speed::Usual) => quote.normal(),
            FeeChoice::Speed(Speed::Fast) => quote.fast(),
            FeeChoice::Custom { max_fee, tip } => Fees { max_fee, tip },
        };
        let chain_id = self.chain_id();
        let history = self.history()?;
        let cost =
            |one: &&crate::wallet::Record| one.signed.unsigned().map_or(U256::ZERO, |tx| tx.max_cost());
        let waiting = history.waiting(request.from, chain_id);
        let waiting = waiting.iter().map(|one| (one.signed.nonce(), cost(one))).collect();
        let draft = DraftRequest {
            from: request.from,
            intent: request.intent.clone(),
            fees,
            nonce: request.nonce,
            gas_limit: request.gas_limit,
            kind: request.kind,
            waiting,
        };
        let draft = Draft::make(&state, chain_id, &draft).await?;
        let options = Options {
            typed: request.typed.clone(),
            clipboard: request.clipboard.clone(),
            skip: request.skip_simulation,
            noted: request.noted.clone(),
            changed: None,
        };
        Ok(self.kept(self.review(&heads, draft, quote, options).await?))
    }

    /// Keeps a review for its approval. One that is read again is kept only once it is known what changed.
    fn kept(&self, prepared: Prepared) -> Prepared {
        self.hold(prepared.review.id(), Pending::Transaction(Box::new(prepared.clone())));
        prepared
    }

    /// Reviews a transaction that was made elsewhere.
    ///
    /// # Errors
    /// As [`Wallet::prepare`].
    pub async fn prepare_made(&self, draft: Draft, noted: Noted) -> Result<Prepared, Reason> {
        let heads = self.heads()?;
        let quote = quote(self, &heads).await;
        let options = Options { noted, ..Options::default() };
        Ok(self.kept(self.review(&heads, draft, quote, options).await?))
    }

    /// Runs an open review again at the newest head. Where an outcome changed, the new review says so (R27).
    ///
    /// # Errors
    /// As [`Wallet::prepare`].
    pub async fn prepare_again(&self, open: &Prepared) -> Result<Prepared, Reason> {
        let heads = self.heads()?;
        let quote = quote(self, &heads).await;
        let draft = Draft::of(open.review.from(), open.review.tx.clone());
        let same = Options {
            typed: open.typed.clone(),
            clipboard: open.clipboard.clone(),
            noted: open.noted.clone(),
            ..Options::default()
        };
        let fresh = match self.review(&heads, draft.clone(), quote, same.clone()).await {
            // Nobody could prove what it stands on, and somebody lied: what was read before counts no more (R26).
            Err(reason) if reason.refuted => {
                return Ok(self.kept(Prepared { review: open.review.clone().refuted(), ..open.clone() }));
            }
            fresh => fresh?,
        };
        // Against what the person was told last, not against the last head: many small steps are one large one.
        let changed = match (&open.shown, &fresh.review.effects) {
            (Some(old), Some(new)) if !old.still_as_shown(new) => changes_words(old, new),
            (Some(_), _) => return Ok(self.same(open, Prepared { shown: open.shown.clone(), ..fresh })),
            (None, _) => return Ok(self.same(open, fresh)),
        };
        let changed = self.review(&heads, draft, quote, Options { changed: Some(changed), ..same }).await?;
        Ok(self.kept(changed))
    }

    /// A reading that says what the one before it said: what was typed for that one still counts.
    fn same(&self, open: &Prepared, fresh: Prepared) -> Prepared {
        self.kept(Prepared { review: fresh.review.after(&open.review), ..fresh })
    }

    async fn review(
        &self,
        heads: &Heads,
        draft: Draft,
        fees: FeeQuote,
        options: Options,
    ) -> Result<Prepared, Reason> {
        let state = self.inner.reads.state_at(heads.optimistic.clone());
        let accounts = self.accounts()?;
        let mut options = options;
        if options.noted.device.is_none() {
            let own = accounts.iter().find(|one| one.address == draft.from());
            let device = own.and_then(super::AccountView::device);
            options.noted.device = device.map(|own| own.kind.fact());
        }
        // What somebody else's account gains is no gain of the user's, whoever wrote it into the list.
        let yours = accounts.iter().filter(|one| self.is_own(one));
        let yours: Vec<Address> = yours.map(|one| one.address).collect();
        let yours = if yours.contains(&draft.from()) { yours } else { [yours, vec![draft.from()]].concat() };
        let account = state.account(draft.from()).await.map_err(|error| Reason::from(&error))?;
        // What the account cannot pay cannot be run; that is a proven fact, and R17's.
        let beyond = draft.unsigned().max_cost() > account.value().balance;
        let (simulated, standing) = if options.skip || beyond {
            (draft.without_simulation(), Standing::Proven)
        } else {
            match draft.clone().simulate(&state, &yours).await {
                Ok(simulated) => (simulated, Standing::Proven),
                Err(error) => (draft.without_simulation(), standing_of(&error)),
            }
        };
        let (review, units, seen) = self.checked(&state, &simulated, (standing, fees), &options).await?;
        Ok(Prepared {
            shown: review.effects.clone(),
            review,
            at: heads.optimistic.block_ref(),
            fees,
            units,
            prepared_at_ms: self.now_ms(),
            typed: options.typed,
            clipboard: options.clipboard,
            noted: Noted { code: seen.called, ..options.noted },
            witnessed: seen.witnessed,
        })
    }

    async fn checked(
        &self,
        state: &crate::chain::StateAt,
        simulated: &Simulated,
        (standing, fees): (Standing, FeeQuote),
        options: &Options,
    ) -> Result<(Review, Units, Seen), Reason> {
        let tx = crate::wallet::Unsigned::decode(simulated.bytes())?;
        let call = decode_calldata(&self.inner.book, self.chain_id(), tx.to(), tx.input());
        let (from, effects) = (simulated.from(), simulated.effects());
        let act = self.told_apart(state, act_of(&tx, from, &call), effects).await?;
        let plain = plain_call(&self.inner.book, self.chain_id(), &call, tx.value());
        let tokens = plain.iter().flat_map(PlainCall::tokens);
        let gathered = self.gather(state, (from, &act), effects, tokens).await?;
        let receivers = receivers(&call, plain.as_ref());
        let subject = Subject { from, tx: &tx, act: &act, call: &call, receivers: &receivers, effects };
        let more = self.more_facts(state, &subject, gathered.sender.balance, &options.noted).await;
        let called = more.called;
        let held = self.held_of_unlimited(state, from, &act).await;
        let input = gathered.input(self, &tx, from, (fees, effects));
        let mut input = ReviewInput {
            standing,
            typed: options.typed.clone(),
            clipboard: options.clipboard.clone(),
            changed: options.changed.clone(),
            held,
            ..input
        };
        more.put(&mut input);
        let review = Review::new(simulated, &input)?;
        let worst = review.findings.iter().map(|one| one.level).max();
        let Some((fact, head)) = self.witness_of(worst, tx.max_cost()).await else {
            return Ok((review, input.units, Seen { called, witnessed: None }));
        };
        input.witness = Some(fact);
        let review = Review::new(simulated, &input)?;
        Ok((review, input.units, Seen { called, witnessed: Some(head) }))
    }

    pub(super) fn hold(&self, id: ReviewId, pending: Pending) {
        let mut held = locked(&self.inner.pending);
        if held.len() >= MAX_PENDING {
            *held = HashMap::new(); // whoever still looks at one is told that it changed
        }
        held.insert(id, pending);
    }
}

/// Where nobody could prove what a draft needs there is no review for R26 to stand in: it is said in its place.
fn blocked(reason: Reason) -> Reason {
    if !reason.refuted {
        return reason;
    }
    let details = [vec![reason.what], reason.details].concat();
    let what =
        "A value this depends on failed verification. Signing is off until another endpoint proves it."
            .to_owned();
    Reason { what, details, ..reason }
}

/// What a review saw beside what it shows.
struct Seen {
    /// The contract called, and the hash of the code that runs for it.
    called: Option<(Address, B256)>,
    /// The head that others were asked about.
    witnessed: Option<B256>,
}

#[derive(Debug, Clone, Default)]
struct Options {
    typed: Option<String>,
    clipboard: Option<ClipboardFact>,
    skip: bool,
    noted: Noted,
    changed: Option<String>,
}

/// What is different, in a few words.
fn changes_words(old: &crate::wallet::Effects, new: &crate::wallet::Effects) -> String {
    match (&old.failure, &new.failure) {
        (None, Some(_)) => "it would now fail".to_owned(),
        (Some(_), None) => "it would now succeed".to_owned(),
        _ if old.inner_failure != new.inner_failure => match new.inner_failure {
            Some(_) => "the Safe's call inside would now fail".to_owned(),
            None => "the Safe's call inside would now succeed".to_owned(),
        },
        _ if old.control != new.control => "it now changes who controls something else".to_owned(),
        _ if old.approvals != new.approvals => "it now gives other approvals".to_owned(),
        _ => "it now moves other amounts".to_owned(),
    }
}
