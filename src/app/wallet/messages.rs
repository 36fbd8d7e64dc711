//! Typed data and personal messages: reviewed as transactions are, signed, and not sent anywhere.

use alloy::primitives::{Address, B256, Bytes, U256};

use super::super::Reason;
use super::desk::{Wallet, locked};
use super::facts::{account_facts, chain_name, standing_of};
use super::prepare::Pending;
use super::send::{beside, not_waiting};
use super::to_sign::{MessageBody, MessageView, SignedMessage, ToSign};
use super::unlock::Unlock;
use crate::wallet::review::{
    AccountFacts, Answers, CodeStanding, MessageReview, ReviewInput, Standing, TypedDataReview, Units,
};
use crate::wallet::{FeeQuote, Fees, ReviewId, TipBasis};

impl Wallet {
    /// Reviews what is to be signed alone. With a verified head, tokens, contracts and spenders of typed data are proven.
    ///
    /// # Errors
    /// [`Reason`] where it is no typed data, or what it names could not be read.
    pub async fn prepare_to_sign(&self, from: Address, wanted: ToSign) -> Result<MessageView, Reason> {
        let (body, witnessed) = match &wanted {
            ToSign::TypedData(json) => {
                let (review, witnessed) = self.typed_data(from, json).await?;
                (MessageBody::TypedData(Box::new(review)), witnessed)
            }
            ToSign::Text(text) => (self.message(from, text.as_bytes()), None),
            ToSign::Bytes(bytes) => (self.message(from, bytes), None),
        };
        let view = MessageView { wanted, body, witnessed };
        self.hold(view.id(), Pending::Message(Box::new(view.clone())));
        Ok(view)
    }

    fn message(&self, from: Address, bytes: &[u8]) -> MessageBody {
        MessageBody::Message(Box::new(MessageReview::new(from, self.chain_id(), bytes)))
    }

    async fn typed_data(&self, from: Address, json: &str) -> Result<(TypedDataReview, Option<B256>), Reason> {
        let first = TypedDataReview::new(json, &self.bare_input(from, Units::new()))?;
        let Ok(heads) = self.heads() else { return Ok((first, None)) };
        let state = self.inner.reads.state_at(heads.optimistic.clone());
        let tokens: Vec<Address> = first.permissions.iter().map(|one| one.token).collect();
        let units = self.units_of(&state, &tokens).await?;
        let mut input = self.bare_input(from, units);
        let account = |who| {
            let state = &state;
            async move {
                let found = state.account(who).await.map_err(|error| Reason::from(&error))?;
                account_facts(state, found.into_value()).await
            }
        };
        if let Some(permission) = first.permissions.first() {
            input.spender = Some(account(permission.spender).await?);
        }
        if let Some(contract) = first.contract {
            input.recipient = Some(account(contract).await?);
            match self.code_standing(&state, contract).await {
                Ok((code, _)) => input.code = code,
                Err(error) => input.standing = input.standing.max(standing_of(&error)),
            }
        }
        let review = TypedDataReview::new(json, &input)?;
        let worst = review.findings.iter().map(|one| one.level).max();
        let Some((fact, head)) = self.witness_of(worst, U256::ZERO).await else { return Ok((review, None)) };
        input.witness = Some(fact);
        Ok((TypedDataReview::new(json, &input)?, Some(head)))
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
            Some(Pending::Message(open)) => (**open).clone(),
            _ => return Err(not_waiting()),
        };
        let approved = match &open.body {
            MessageBody::TypedData(review) => review.approve(id, answers)?,
            MessageBody::Message(review) => review.approve(id, answers)?,
        };
        self.witness_again(open.findings(), open.witnessed).await?;
        let wallet = self.clone();
        let signature = beside(move || {
            let key = wallet.unlock(approved.from(), &unlock)?;
            Ok(approved.sign_message(&key)?)
        });
        let signature = Bytes::from(signature.await?.as_bytes().to_vec());
        locked(&self.inner.pending).remove(&id);
        Ok(SignedMessage { from: open.from(), wanted: open.wanted, signing_hash: id.0, signature })
    }

    /// What is known without asking anybody.
    pub(super) fn bare_input(&self, from: Address, units: Units) -> ReviewInput<'_> {
        let network = self.inner.reads.network();
        let none = Fees { max_fee: 0, tip: 0 };
        ReviewInput {
            chain_id: network.chain_id,
            chain_name: chain_name(&network.name),
            book: &self.inner.book,
            from,
            standing: Standing::Unverified,
            state_age_secs: 0,
            sender: AccountFacts { balance: U256::ZERO, nonce: 0, has_code: false },
            recipient: None,
            spender: None,
            typed: None,
            parties: Vec::new(),
            moved_name: None,
            clipboard: None,
            code: CodeStanding::Unknown,
            delegate_is_bundled: false,
            waiting: Vec::new(),
            past: Vec::new(),
            fees: FeeQuote { base_fee: 0, speeds: [none; 3], basis: TipBasis::Default },
            effects: None,
            value_share: None,
            share_of: None,
            health: None,
            swap: None,
            safe: None,
            device: None,
            witness: None,
            changed: None,
            units,
        }
    }
}
