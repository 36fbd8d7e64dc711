//! Typed data in the wallet's loop: reviewed, signed, and handed back; nothing of it is sent.

use std::sync::Arc;

use alloy::primitives::{Address, Bytes};

use super::super::Reason;
use super::ends::Job;
use super::task::WalletTask;
use super::view::{Outcome, Running, TypedDataView};
use crate::wallet::ReviewId;
use crate::wallet::review::Answers;

impl WalletTask {
    pub(super) fn review_typed_data(&mut self, from: Address, json: String) {
        self.view.typed_data = None;
        self.view.running = Some(Running::Reviewing);
        let wallet = self.wallet.clone();
        self.jobs.spawn(async move {
            let review = wallet.prepare_typed_data(from, &json).await;
            Job::TypedData(review.map(|review| TypedDataView { json, review }))
        });
    }

    pub(super) fn typed_data_reviewed(&mut self, made: Result<TypedDataView, Reason>) {
        match made {
            Ok(made) => {
                self.view.typed_data = Some(Arc::new(made));
                self.end(Ok(Outcome::TypedDataReviewed));
            }
            Err(reason) => self.end(Err(reason)),
        }
    }

    pub(super) fn sign_typed_data(&mut self, id: ReviewId, answers: Answers) {
        let open = self.view.typed_data.as_ref().filter(|open| open.review.id() == id);
        let Some(from) = open.map(|open| open.review.from()) else {
            return self.end(Err(super::send::not_waiting()));
        };
        let Some(unlock) = self.unlocked(from) else {
            let reason =
                Reason::new("The account is locked", "nothing was signed", "unlock it with its password");
            return self.end(Err(reason));
        };
        self.view.running = Some(Running::Signing);
        let wallet = self.wallet.clone();
        self.jobs.spawn_blocking(move || {
            let signed = wallet.sign_message(id, &answers, &unlock);
            Job::TypedDataSigned(signed.map(|signature| Bytes::from(signature.as_bytes())))
        });
    }

    pub(super) fn typed_data_signed(&mut self, signed: Result<Bytes, Reason>) {
        if signed.is_ok() {
            self.view.typed_data = None;
        }
        self.end(signed.map(Outcome::TypedDataSigned));
    }
}
