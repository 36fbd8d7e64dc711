//! Typed data and personal messages: reviewed as transactions are, signed, and not sent anywhere.

use alloy::primitives::{Address, B256, Bytes, U256};

use super::super::Reason;
use super::super::devices::DeviceKind;
use super::desk::{Wallet, locked};
use super::facts::{account_facts, chain_name, standing_of};
use super::prepare::Pending;
use super::safe_facts::safe_fact;
use super::send::{beside, not_waiting};
use super::to_sign::{MessageBody, MessageView, SignedMessage, ToSign};
use super::unlock::Unlock;
use crate::chain::StateAt;
use crate::wallet::ReviewId;
use crate::wallet::review::{Answers, MessageReview, ReviewInput, Standing, TypedDataReview, Units};

impl Wallet {
    /// Reviews what is to be signed alone. With a verified head, tokens, contracts and spenders of typed data are proven.
    /// `on` is the device that signs, where it is not the account's own.
    ///
    /// # Errors
    /// [`Reason`] where it is no typed data, or what it names could not be read.
    pub async fn prepare_to_sign(
        &self,
        from: Address,
        wanted: ToSign,
        on: Option<DeviceKind>,
    ) -> Result<MessageView, Reason> {
        let device = match on {
            Some(kind) => Some(kind),
            None => self.account(&from.to_string())?.device().map(|own| own.kind),
        };
        self.reviewed(from, wanted, (device, None)).await
    }

    /// Reads an open review again at the newest head: deadlines, tokens, contracts and spenders. Where it says something
    /// else now, the new one says so (R27).
    ///
    /// # Errors
    /// As [`Wallet::prepare_to_sign`].
    pub async fn prepare_to_sign_again(&self, open: &MessageView) -> Result<MessageView, Reason> {
        let shown = Some(open.shown.as_str());
        let reading = open.reading.saturating_add(1);
        match self.reviewed(open.from(), open.wanted.clone(), (open.device, shown)).await {
            Ok(fresh) => Ok(MessageView { reading, shown: open.shown.clone(), ..fresh }),
            // Nobody could prove what it stands on, and somebody lied: what was read before counts no more (R26).
            Err(reason) if reason.refuted => {
                let refuted = MessageView { reading, ..open.clone().refuted() };
                self.hold(refuted.id(), Pending::Message(Box::new(refuted.clone())));
                Ok(refuted)
            }
            Err(reason) => Err(reason),
        }
    }

    async fn reviewed(
        &self,
        from: Address,
        wanted: ToSign,
        (device, shown): (Option<DeviceKind>, Option<&str>),
    ) -> Result<MessageView, Reason> {
        let (body, witnessed, at_secs) = match &wanted {
            ToSign::TypedData(json) => {
                let (review, witnessed, at) = self.typed_data(from, json, (device, shown)).await?;
                (MessageBody::TypedData(Box::new(review)), witnessed, at)
            }
            ToSign::Text(text) => (self.message(from, text.as_bytes()), None, None),
            ToSign::Bytes(bytes) => (self.message(from, bytes), None, None),
        };
        let view = MessageView { at_secs, ..MessageView::new(wanted, body, (device, witnessed)) };
        self.hold(view.id(), Pending::Message(Box::new(view.clone())));
        Ok(view)
    }

    fn message(&self, from: Address, bytes: &[u8]) -> MessageBody {
        MessageBody::Message(Box::new(MessageReview::new(from, self.chain_id(), bytes)))
    }

    async fn typed_data(
        &self,
        from: Address,
        json: &str,
        (device, shown): (Option<DeviceKind>, Option<&str>),
    ) -> Result<(TypedDataReview, Option<B256>, Option<u64>), Reason> {
        let device = device.map(DeviceKind::typed_data_fact);
        let bare = ReviewInput { device: device.clone(), ..self.bare_input(from, Units::new()) };
        let first = TypedDataReview::new(json, &bare)?;
        let Ok(heads) = self.heads() else { return Ok((first, None, None)) };
        let at = Some(heads.optimistic.timestamp());
        let state = self.inner.reads.state_at(heads.optimistic.clone());
        let mut input = ReviewInput { device, ..self.proven_input(&state, from, &first).await? };
        let mut review = TypedDataReview::new(json, &input)?;
        if let Some(shown) = shown.filter(|shown| *shown != review.sentence) {
            input.changed = Some(format!("it said “{}”", shown.trim_end_matches('.')));
            review = TypedDataReview::new(json, &input)?;
        }
        let worst = review.findings.iter().map(|one| one.level).max();
        let Some((fact, head)) = self.witness_of(worst, U256::ZERO).await else {
            return Ok((review, None, at));
        };
        input.witness = Some(fact);
        Ok((TypedDataReview::new(json, &input)?, Some(head), at))
    }

    /// What the checks look at, proven at one block.
    async fn proven_input(
        &self,
        state: &StateAt,
        from: Address,
        first: &TypedDataReview,
    ) -> Result<ReviewInput<'_>, Reason> {
        let tokens: Vec<Address> = first.permissions.iter().map(|one| one.token).collect();
        let units = self.units_of(state, &tokens).await?;
        let at_secs = state.header().timestamp();
        let state_age_secs = (self.now_ms() / 1_000).saturating_sub(at_secs);
        let bare = self.bare_input(from, units);
        let mut input = ReviewInput { standing: Standing::Proven, state_age_secs, at_secs, ..bare };
        let account = |who| async move {
            let found = state.account(who).await.map_err(|error| Reason::from(&error))?;
            account_facts(state, found.into_value()).await
        };
        if let Some(permission) = first.permissions.first() {
            input.spender = Some(account(permission.spender).await?);
        }
        if let Some(contract) = first.contract {
            input.recipient = Some(account(contract).await?);
            match self.code_standing(state, contract).await {
                Ok((code, _)) => input.code = code,
                Err(error) => input.standing = input.standing.max(standing_of(&error)),
            }
        }
        if let Some(call) = first.safe_call() {
            match safe_fact(state, call, None).await {
                Ok(change) => input.safe = change,
                Err(error) => input.standing = input.standing.max(standing_of(&error)),
            }
        }
        Ok(input)
    }

    /// Signs the typed data or message shown under `id`. It is kept nowhere and told to nobody.
    ///
    /// # Errors
    /// [`Reason`].
    pub async fn sign_message(
        &self,
        id: ReviewId,
        answers: &Answers,
        unlock: Unlock,
    ) -> Result<SignedMessage, Reason> {
        let open = match locked(&self.inner.pending).get(&id) {
            Some(Pending::Message(open)) => self.as_old_as_now((**open).clone()),
            _ => return Err(not_waiting()),
        };
        let approved = match &open.body {
            MessageBody::TypedData(review) => review.approve(id, answers)?,
            MessageBody::Message(review) => review.approve(id, answers)?,
        };
        self.witness_message(&open).await?;
        let wallet = self.clone();
        let signature = beside(move || {
            let key = wallet.unlock(approved.from(), &unlock)?;
            Ok(approved.sign_message(&key)?)
        });
        let signature = Bytes::from(signature.await?.as_bytes().to_vec());
        locked(&self.inner.pending).remove(&id);
        Ok(SignedMessage { from: open.from(), wanted: open.wanted, signing_hash: id.0, signature })
    }

    /// Others are asked once more about the head that typed data was read on; a text stands on none.
    pub(super) async fn witness_message(&self, open: &MessageView) -> Result<(), Reason> {
        if !open.rests_on_state() {
            return Ok(());
        }
        self.witness_again((open.findings(), U256::ZERO), open.witnessed).await
    }

    /// The head may have stood still while somebody read (R14).
    pub(super) fn as_old_as_now(&self, mut open: MessageView) -> MessageView {
        if let Some(at) = open.at_secs {
            open.grow_old(self.age_secs(at));
        }
        open
    }

    /// What is known without asking anybody.
    pub(super) fn bare_input(&self, from: Address, units: Units) -> ReviewInput<'_> {
        let network = self.inner.reads.network();
        let chain = (network.chain_id, chain_name(&network.name));
        let at_secs = self.now_ms() / 1_000;
        ReviewInput { at_secs, units, ..ReviewInput::bare(&self.inner.book, chain, from) }
    }
}
