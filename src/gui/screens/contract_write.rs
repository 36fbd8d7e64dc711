//! From a function that changes the chain to the wallet's Review.

use alloy::primitives::{Address, U256};
use egui::{TextEdit, Ui};

use super::send::open_review;
use crate::app::{Command, FunctionCall, SendRequest, Snapshot, WalletCommand, signing};
use crate::gui::contracts_state::OpenFunction;
use crate::gui::ui_state::UiState;
use crate::gui::wallet_state::{AmountError, SignChoice, amount};
use crate::gui::widgets;
use crate::gui::words::Word;

/// What the function is called from, with how much ether, and the way to Review. Absent in support view.
pub(super) fn show(
    ui: &mut Ui,
    (to, function): (Address, &mut OpenFunction),
    snapshot: &Snapshot,
    state: &mut UiState,
    commands: &mut Vec<Command>,
) {
    if state.wallet.support.is_some() {
        return;
    }
    let Some((from, signs)) = payer(snapshot, state) else {
        return widgets::quiet(ui, state, state.t(Word::AddWayToSign));
    };
    if function.facts.payable {
        let label = ui.label(state.t(Word::EtherAlong));
        let edit = TextEdit::singleline(&mut function.ether).hint_text("0").desired_width(200.0);
        ui.add(edit.margin(egui::Margin::symmetric(10, 8))).labelled_by(label.id);
    }
    let who = state.name_of(from).map_or_else(|| crate::gui::format::short_address(from), str::to_owned);
    widgets::quiet(ui, state, &state.tf(Word::SentFrom, &[&who]));
    let word = if signs { Word::BuildReview } else { Word::CreateOfflineFile };
    if widgets::primary(ui, state, state.t(word)).clicked() {
        match request(from, to, function, state) {
            Ok(request) => {
                commands.push(Command::Wallet(WalletCommand::Review(Box::new(request))));
                open_review(state);
                if !signs {
                    state.wallet.review.choice = SignChoice::OfflineFile;
                }
            }
            Err(why) => function.error = Some(why),
        }
    }
}

/// The account shown, else the first that can sign; and whether it can.
fn payer(snapshot: &Snapshot, state: &UiState) -> Option<(Address, bool)> {
    let signs = |who| snapshot.wallet.account(who).is_some_and(|one| one.kind.can_sign());
    let shown = state.account().map(|one| one.address);
    let first = snapshot.wallet.accounts.iter().find(|one| one.kind.can_sign()).map(|one| one.address);
    let from = shown.filter(|who| signs(*who)).or(first).or(shown)?;
    Some((from, signs(from)))
}

/// The call with its arguments checked; what is wrong with them in a sentence.
fn request(
    from: Address,
    to: Address,
    function: &OpenFunction,
    state: &UiState,
) -> Result<SendRequest, String> {
    let call =
        FunctionCall::parse(&function.facts.signature, &function.args).map_err(|why| why.to_string())?;
    let value = match amount(&function.ether, 18) {
        Ok(wei) => wei,
        Err(AmountError::Empty | AmountError::Zero) => U256::ZERO,
        Err(_) => return Err(state.t(Word::EtherAlongWrong).to_owned()),
    };
    let wanted = signing::Intent::Call { to: Some(to), value, data: call.calldata() };
    Ok(SendRequest::new(from, wanted))
}
