//! Token transfers in recent proven blocks, looked for on request. What was looked at is always said.

use alloy::primitives::{Address, B256, U256, b256};
use egui::{RichText, Ui};

use crate::app::{
    Answer, BlockQuery, Command, ContractAnswer, ContractQuestion, FoundLog, Loadable, LogsAnswer,
    LogsQuestion, Question, Snapshot, TokenList,
};
use crate::gui::badge::{self, Subject};
use crate::gui::format::{self, Round};
use crate::gui::known::Known;
use crate::gui::ui_state::UiState;
use crate::gui::widgets;
use crate::gui::words::Word;

/// `Transfer(address,address,uint256)`.
const TRANSFER: B256 = b256!("ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef");
/// Rows drawn.
const ROWS: usize = 100;

/// One transfer.
struct Transfer {
    token: Address,
    from: Address,
    to: Address,
    raw: U256,
    /// Of a listed token, and not of nothing.
    usual: bool,
    log: FoundLog,
}

/// Draws the part.
pub(super) fn show(ui: &mut Ui, snapshot: &Snapshot, state: &mut UiState, commands: &mut Vec<Command>) {
    let Some(who) = state.account().map(|one| one.address) else { return };
    widgets::card(ui, state, |ui, state| {
        let name = state.name_of(who).map_or_else(|| format::short_address(who), str::to_owned);
        widgets::section(ui, &state.tf(Word::TransfersOf, &[&name]));
        widgets::quiet(ui, state, state.t(Word::TransfersMeans));
        let scans = state.wallet.activity.scans.clone();
        let found: Vec<&LogsAnswer> = scans.iter().filter_map(|one| logs(snapshot, one)).collect();
        let loading =
            scans.iter().any(|one| matches!(snapshot.answers.get(one), Some(Loadable::Loading { .. })));
        list(ui, who, &found, snapshot, state);
        for one in &scans {
            if let Some(Loadable::Failed { reason, .. }) = snapshot.answers.get(one) {
                widgets::reason(ui, state, &reason.clone());
                break;
            }
        }
        ui.horizontal_wrapped(|ui| {
            let word = if scans.is_empty() { Word::ScanNow } else { Word::ScanMore };
            let ready = !loading && snapshot.head.is_some();
            if ui.add_enabled(ready, egui::Button::new(state.t(word))).clicked() {
                scan(who, &found, snapshot, state, commands);
            }
            if loading {
                ui.spinner();
                widgets::quiet(ui, state, state.t(Word::ScanningBlocks));
            }
        });
    });
}

fn logs<'a>(snapshot: &'a Snapshot, question: &Question) -> Option<&'a LogsAnswer> {
    match snapshot.answers.get(question)? {
        Loadable::Ready(Answer::Contract(answer))
        | Loadable::Loading { previous: Some(Answer::Contract(answer)) } => match &**answer {
            ContractAnswer::Logs(logs) => Some(logs),
            _ => None,
        },
        _ => None,
    }
}

/// Orders the newest blocks, or those before what was looked at: once for what left, once for what came.
fn scan(
    who: Address,
    found: &[&LogsAnswer],
    snapshot: &Snapshot,
    state: &mut UiState,
    commands: &mut Vec<Command>,
) {
    let head = snapshot.head.as_ref().and_then(|head| head.block).map_or(0, |block| block.number);
    let before = found.iter().map(|one| one.first).min();
    let last = before.map_or(head, |first| first.saturating_sub(1));
    let first = last.saturating_sub(LogsQuestion::MOST_BLOCKS.saturating_sub(1));
    for place in [1, 2] {
        let mut topics: [Vec<B256>; 4] = [vec![TRANSFER], Vec::new(), Vec::new(), Vec::new()];
        if let Some(topic) = topics.get_mut(place) {
            topic.push(who.into_word());
        }
        let question = Question::Contract(ContractQuestion::Logs(LogsQuestion {
            addresses: Vec::new(),
            topics,
            from: Some(BlockQuery::Number(first)),
            to: BlockQuery::Number(last),
        }));
        state.wallet.activity.scans.push(question.clone());
        commands.push(Command::Ask(question));
    }
}

fn read(log: &FoundLog, list: Option<&TokenList>) -> Option<Transfer> {
    let [_, from, to] = log.topics.as_slice() else { return None };
    let raw = log.data.get(..32).map(U256::from_be_slice)?;
    let token = log.decoded.address;
    let listed = list.is_some_and(|list| list.at(token).is_some());
    let (from, to) = (Address::from_word(*from), Address::from_word(*to));
    Some(Transfer { token, from, to, raw, usual: listed && !raw.is_zero(), log: log.clone() })
}

fn list(ui: &mut Ui, who: Address, found: &[&LogsAnswer], snapshot: &Snapshot, state: &mut UiState) {
    let (Some(first), Some(last)) =
        (found.iter().map(|one| one.first).min(), found.iter().map(|one| one.last.number).max())
    else {
        return;
    };
    let tokens = TokenList::of_chain(snapshot.network.chain_id);
    let logs = found.iter().flat_map(|one| &one.logs);
    let mut all: Vec<Transfer> = logs.filter_map(|log| read(log, tokens)).collect();
    all.sort_by_key(|one| std::cmp::Reverse((one.log.block.number, one.log.log_index)));
    all.dedup_by_key(|one| (one.log.block.number, one.log.log_index));
    let odd = all.iter().filter(|one| !one.usual).count();
    let unfolded = state.wallet.activity.unfolded;
    for one in all.iter().filter(|one| one.usual || unfolded).take(ROWS) {
        row(ui, who, one, tokens, (snapshot, state));
    }
    if odd > 0 {
        let words = state.tf(Word::TransfersHidden, &[&odd.to_string()]);
        let arrow = ui.selectable_label(unfolded, words);
        if arrow.clicked() {
            state.wallet.activity.unfolded = !unfolded;
        }
    }
    let words = state.tf(Word::ShownBlocks, &[&format::number(first), &format::number(last)]);
    widgets::quiet(ui, state, &words);
}

fn row(
    ui: &mut Ui,
    who: Address,
    one: &Transfer,
    tokens: Option<&TokenList>,
    (snapshot, state): (&Snapshot, &mut UiState),
) {
    let listed = tokens.and_then(|list| list.at(one.token));
    let amount = match listed {
        Some(token) => {
            let shown = format::amount(one.raw, token.decimals, token.decimals.min(6), Round::Down);
            format!("{shown} {}", token.symbol)
        }
        None => state.tf(Word::UnlistedUnits, &[&one.raw.to_string(), &format::short_address(one.token)]),
    };
    let came = one.to == who;
    let (sign, other, word) =
        if came { ("+", one.from, Word::ReceivedFrom) } else { ("\u{2212}", one.to, Word::SentTo) };
    let other = state.name_of(other).map_or_else(|| format::short_address(other), str::to_owned);
    ui.horizontal_wrapped(|ui| {
        let day = super::activity::date(one.log.block.timestamp.saturating_mul(1_000));
        ui.label(RichText::new(day).color(state.palette.text_2));
        let amount = format!("{sign}{amount}");
        let text = RichText::new(state.amount(amount.clone()));
        ui.label(if came { text.color(state.palette.final_) } else { text });
        ui.label(state.tf(word, &[&other]));
        let known = Known::proven(one.log.block, snapshot, state.now_ms);
        let title = state.t(Word::TransferWord);
        let at = Some(one.log.block);
        let subject = Subject { title, value: &amount, raw: "", how: Word::HowReceipt, at };
        badge::badge(ui, known, &subject, snapshot, state);
    });
}
