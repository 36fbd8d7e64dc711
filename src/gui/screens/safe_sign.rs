//! How an owner signs a Safe's transaction: with a key held here, as typed data elsewhere, or with an approval on the chain.

use alloy::primitives::Address;
use alloy::sol;
use alloy::sol_types::SolCall as _;
use egui::Ui;

use super::hand_over;
use super::safe::person;
use super::safe_proposal::named;
use super::send::open_review;
use crate::app::{Intent, Proposal, SafeFacts, SafeStanding, Snapshot, ToSign, WalletCommand};
use crate::gui::ui_state::UiState;
use crate::gui::widgets;
use crate::gui::words::Word;

sol! {
    /// An owner's own approval.
    function approveHash(bytes32 hashToApprove) external;
}

/// Draws it.
pub(super) fn show(
    ui: &mut Ui,
    file: &Proposal,
    (safe, standing): (&SafeFacts, &SafeStanding),
    snapshot: &Snapshot,
    state: &mut UiState,
) {
    widgets::quiet(ui, state, state.t(Word::SafeHowToSign));
    let about = file.transaction.nonce.to_string();
    let typed = file.transaction.typed_data(safe.chain_id, safe.address, &safe.version);
    let typed = serde_json::to_string_pretty(&typed).unwrap_or_default();
    if named(ui, state.t(Word::SafeCopyTyped), &about) {
        state.copy(ui, &about, typed.clone());
    }
    if state.wallet.support.is_some() {
        return;
    }
    let mine = |owner: &&Address| snapshot.wallet.account(**owner).is_some_and(|one| one.kind.can_sign());
    for owner in standing.unsigned.iter().filter(mine) {
        let who = person(*owner, state);
        ui.add_space(4.0);
        let title = state.tf(Word::SafeSignAs, &[&who, &about]);
        if named(ui, state.t(Word::SafeSignHere), &title) {
            let wanted = ToSign::TypedData(typed.clone());
            state.positions.safe.order = Some(WalletCommand::ReviewMessage { from: *owner, wanted });
            open_review(state);
            state.wallet.review.alone = true;
        }
        let title = state.tf(Word::SafeApproveOf, &[&who, &about]);
        ui.label(&title);
        let call = approveHashCall { hashToApprove: file.safe_tx_hash }.abi_encode();
        let intent = Intent::call(safe.address, call, title.clone());
        hand_over::show(ui, (*owner, &title), &[intent], snapshot, state);
    }
}
