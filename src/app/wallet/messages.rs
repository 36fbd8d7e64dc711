//! Typed data and personal messages: reviewed as transactions are, signed, and not sent anywhere.

use alloy::primitives::{Address, U256};
use alloy::signers::Signature;

use super::super::Reason;
use super::desk::{Wallet, locked};
use super::facts::chain_name;
use super::prepare::Pending;
use super::send::not_waiting;
use super::unlock::Unlock;
use crate::wallet::review::{
    AccountFacts, Answers, CodeStanding, MessageReview, ReviewInput, Standing, TypedDataReview, Units,
};
use crate::wallet::{FeeQuote, Fees, ReviewId, TipBasis};

impl Wallet {
    /// Reviews typed data (EIP-712, as JSON). With a verified head its tokens and spenders are proven too.
    ///
    /// # Errors
    /// [`Reason`] where it is no typed data.
    pub async fn prepare_typed_data(&self, from: Address, json: &str) -> Result<TypedDataReview, Reason> {
        let first = TypedDataReview::new(json, &self.bare_input(from, Units::new()))?;
        let Ok(heads) = self.heads() else {
            self.hold(first.id(), Pending::TypedData(Box::new(first.clone())));
            return Ok(first);
        };
        let state = self.inner.reads.state_at(heads.optimistic.clone());
        let tokens: Vec<Address> = first.permissions.iter().map(|one| one.token).collect();
        let units = self.units_of(&state, &tokens).await?;
        let mut input = self.bare_input(from, units);
        if let Some(permission) = first.permissions.first() {
            let account = state.account(permission.spender).await.map_err(|error| Reason::from(&error))?;
            let account = account.into_value();
            let has_code = !account.has_no_code();
            let (balance, nonce) = (account.balance, account.nonce);
            input.spender = Some(AccountFacts { balance, nonce, has_code });
        }
        let review = TypedDataReview::new(json, &input)?;
        self.hold(review.id(), Pending::TypedData(Box::new(review.clone())));
        Ok(review)
    }

    /// Reviews a personal message (EIP-191).
    pub fn prepare_message(&self, from: Address, message: &[u8]) -> MessageReview {
        let review = MessageReview::new(from, self.chain_id(), message);
        self.hold(review.id(), Pending::Message(Box::new(review.clone())));
        review
    }

    /// Signs the typed data or message shown under `id`.
    ///
    /// # Errors
    /// [`Reason`].
    pub fn sign_message(
        &self,
        id: ReviewId,
        answers: &Answers,
        unlock: &Unlock,
    ) -> Result<Signature, Reason> {
        let approved = match locked(&self.inner.pending).get(&id) {
            Some(Pending::TypedData(review)) => review.approve(id, answers)?,
            Some(Pending::Message(review)) => review.approve(id, answers)?,
            _ => return Err(not_waiting()),
        };
        let key = self.unlock(approved.from(), unlock)?;
        Ok(approved.sign_message(&key)?)
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
