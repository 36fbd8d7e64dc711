//! How an owner signs a Safe's transaction: as typed data elsewhere, or with an approval on the chain from here.

use alloy::primitives::{Address, B256, Bytes};
use alloy::sol;
use alloy::sol_types::SolCall as _;
use egui::Ui;

use super::hand_over;
use super::safe::person;
use super::safe_proposal::named;
use crate::app::{Intent, Proposal, SafeFacts, SafeStanding, Snapshot};
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
    if named(ui, state.t(Word::SafeCopyTyped), &about) {
        let typed = file.transaction.typed_data(safe.chain_id, safe.address, &safe.version);
        let text = serde_json::to_string_pretty(&typed).unwrap_or_default();
        state.copy(ui, &about, text);
    }
    if state.wallet.support.is_some() {
        return;
    }
    let mine = |owner: &&Address| snapshot.wallet.account(**owner).is_some_and(|one| one.kind.can_sign());
    for owner in standing.unsigned.iter().filter(mine) {
        let who = person(*owner, state);
        let title = state.tf(Word::SafeApproveOf, &[&who, &about]);
        ui.add_space(4.0);
        ui.label(&title);
        let call = approveHashCall { hashToApprove: file.safe_tx_hash }.abi_encode();
        let intent = Intent::call(safe.address, call, title.clone());
        hand_over::show(ui, (*owner, &title), &[intent], snapshot, state);
        if named(ui, state.t(Word::SafeApproved), &title) {
            let hash = file.safe_tx_hash;
            let same = state.positions.safe.files.iter_mut().find(|one| one.safe_tx_hash == hash);
            if let Some(same) = same {
                same.signatures.push(approved(*owner));
            }
        }
    }
}

/// The 65 bytes that name an owner whose approval stands on the chain: the contract looks there.
fn approved(owner: Address) -> Bytes {
    let mut bytes = owner.into_word().to_vec();
    bytes.extend_from_slice(B256::ZERO.as_slice());
    bytes.push(1);
    bytes.into()
}
