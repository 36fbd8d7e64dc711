//! Transfers in recent proven blocks, looked for on request. What was looked at is always said, and what could not be
//! proven is named.

use alloy::primitives::{Address, U256};
use egui::{RichText, Ui};

use crate::app::signing::Asset;
use crate::app::{Command, FoundTransfer, ScanCoverage, Snapshot, TokenList, WalletCommand};
use crate::gui::badge::{self, Subject};
use crate::gui::format::{self, Round};
use crate::gui::known::Known;
use crate::gui::ui_state::UiState;
use crate::gui::widgets;
use crate::gui::words::Word;

/// Rows drawn.
const ROWS: usize = 100;
/// Runs of blocks that failed, as they are drawn.
const FAILED: usize = 5;
/// Blocks of one order.
const ORDERS: [u64; 2] = [100, 1_000];
/// Blocks of about a day, the most of one order.
const DAY: u64 = 7_200;

/// Draws the part.
pub(super) fn show(ui: &mut Ui, snapshot: &Snapshot, state: &mut UiState, commands: &mut Vec<Command>) {
    let who = accounts(snapshot, state);
    if who.is_empty() {
        return;
    }
    widgets::card(ui, state, |ui, state| {
        widgets::section(ui, &state.tf(Word::TransfersOfAll, &[&who.len().to_string()]));
        widgets::quiet(ui, state, state.t(Word::TransfersMean));
        let view = snapshot.wallet.scan.clone();
        // Accounts that were added meanwhile were not looked for.
        let same = view.scan.who == who;
        let covered = view.scan.coverage().filter(|_| same);
        if same {
            list(ui, &who, &view.scan.found, snapshot, state);
        }
        if let Some(covered) = &covered {
            coverage(ui, covered, state);
        }
        if let Some(reason) = &view.trouble {
            widgets::reason(ui, state, reason);
        }
        ui.horizontal_wrapped(|ui| {
            let running = view.running || view.scan.left() > 0;
            if running {
                if ui.button(state.t(Word::ScanStop)).clicked() {
                    commands.push(Command::Wallet(WalletCommand::StopScan));
                }
                widgets::quiet(ui, state, &state.tf(Word::ScanLeft, &[&view.scan.left().to_string()]));
                return;
            }
            for blocks in ORDERS {
                let word = if covered.is_none() { Word::ScanLast } else { Word::ScanOlder };
                let words = state.tf(word, &[&format::number(blocks)]);
                if ui.add_enabled(snapshot.head.is_some(), egui::Button::new(words)).clicked() {
                    let order = WalletCommand::Scan { who: who.clone(), blocks };
                    commands.push(Command::Wallet(order));
                }
            }
            let head = snapshot.head.and_then(|head| head.block).map_or(0, |block| block.number);
            let newer = covered.as_ref().map_or(0, |one| head.saturating_sub(one.last));
            let words = state.tf(Word::ScanNewer, &[&format::number(newer)]);
            if newer > 0 && ui.button(words).clicked() {
                let order = WalletCommand::Scan { who: who.clone(), blocks: 0 };
                commands.push(Command::Wallet(order));
            }
            if covered.is_some_and(|one| !one.failed.is_empty())
                && ui.button(state.t(Word::ScanAgain)).clicked()
            {
                commands.push(Command::Wallet(WalletCommand::ScanAgain));
            }
        });
    });
}

/// Begins the search of the last day's blocks where none was made yet.
pub(super) fn scan_now(ui: &mut Ui, snapshot: &Snapshot, state: &mut UiState, commands: &mut Vec<Command>) {
    widgets::quiet(ui, state, &state.tf(Word::NoActivity, &[&format::number(DAY)]));
    let (who, scan) = (accounts(snapshot, state), &snapshot.wallet.scan);
    let begun = scan.running || scan.scan.left() > 0 || scan.scan.coverage().is_some();
    if who.is_empty() || begun {
        return;
    }
    let button = egui::Button::new(state.t(Word::ScanNow));
    if ui.add_enabled(snapshot.head.is_some(), button).clicked() {
        commands.push(Command::Wallet(WalletCommand::Scan { who, blocks: DAY }));
    }
}

/// Everybody who is watched or can sign here, in order.
fn accounts(snapshot: &Snapshot, state: &UiState) -> Vec<Address> {
    let mut all: Vec<Address> = state.book.watched.iter().map(|one| one.address).collect();
    if state.wallet.support.is_none() {
        all.extend(snapshot.wallet.accounts.iter().map(|one| one.address));
    }
    all.sort_unstable();
    all.dedup();
    all
}

/// `Shown: blocks 23 937 740–23 944 940. There may be more.`, and what was not proven of them.
fn coverage(ui: &mut Ui, covered: &ScanCoverage, state: &UiState) {
    let numbers = [covered.first, covered.last, covered.proven, covered.of].map(format::number);
    let numbers = numbers.each_ref().map(String::as_str);
    let words = match covered.proven == covered.of {
        true => state.tf(Word::ScanCoverage, numbers.get(..2).unwrap_or_default()),
        false => state.tf(Word::ScanCoveragePart, &numbers),
    };
    ui.label(RichText::new(words).color(state.palette.text_2));
    for (first, last, reason) in covered.failed.iter().take(FAILED) {
        let numbers = [format::number(*first), format::number(*last), reason.what.clone()];
        let word = if first == last { Word::ScanFailedOne } else { Word::ScanFailed };
        let numbers = if first == last { numbers.get(1..).unwrap_or_default() } else { numbers.as_slice() };
        let values: Vec<&str> = numbers.iter().map(String::as_str).collect();
        ui.label(RichText::new(state.tf(word, &values)).color(state.palette.refuted));
    }
    if let Some(more) = covered.failed.len().checked_sub(FAILED).filter(|more| *more > 0) {
        ui.label(RichText::new(state.tf(Word::More, &[&more.to_string()])).color(state.palette.refuted));
    }
}

/// Of a listed token or ether, and not of nothing: anything else is often bait.
fn usual(one: &FoundTransfer, tokens: Option<&TokenList>) -> bool {
    let listed = |token: Address| tokens.is_some_and(|list| list.at(token).is_some());
    match one.transfer.asset {
        Asset::Ether => true,
        Asset::Erc20 { token } => listed(token) && !one.transfer.amount.is_zero(),
        Asset::Erc721 { .. } | Asset::Erc1155 { .. } => false,
    }
}

fn list(ui: &mut Ui, who: &[Address], found: &[FoundTransfer], snapshot: &Snapshot, state: &mut UiState) {
    let tokens = TokenList::of_chain(snapshot.network.chain_id);
    let odd = found.iter().filter(|one| !usual(one, tokens)).count();
    let unfolded = state.wallet.activity.unfolded;
    for one in found.iter().filter(|one| usual(one, tokens) || unfolded).take(ROWS) {
        row(ui, who, one, tokens, (snapshot, state));
    }
    if odd > 0 {
        let words = state.tf(Word::TransfersHidden, &[&odd.to_string()]);
        if ui.selectable_label(unfolded, words).clicked() {
            state.wallet.activity.unfolded = !unfolded;
        }
    }
    if found.is_empty() && snapshot.wallet.scan.scan.coverage().is_some() {
        widgets::quiet(ui, state, state.t(Word::ScanNothing));
    }
}

fn amount(one: &FoundTransfer, tokens: Option<&TokenList>, state: &UiState) -> String {
    let raw = one.transfer.amount;
    let unlisted =
        |raw: U256, token| state.tf(Word::UnlistedUnits, &[&raw.to_string(), &format::short_address(token)]);
    match one.transfer.asset {
        Asset::Ether => format!("{} ETH", format::ether(raw, Round::Down)),
        Asset::Erc20 { token } => match tokens.and_then(|list| list.at(token)) {
            Some(listed) => {
                let shown = format::amount(raw, listed.decimals, listed.decimals.min(6), Round::Down);
                format!("{shown} {}", listed.symbol)
            }
            None => unlisted(raw, token),
        },
        Asset::Erc721 { token, id } => format!("#{id} · {}", format::short_address(token)),
        Asset::Erc1155 { token, id } => format!("{raw} × #{id} · {}", format::short_address(token)),
    }
}

fn row(
    ui: &mut Ui,
    who: &[Address],
    one: &FoundTransfer,
    tokens: Option<&TokenList>,
    (snapshot, state): (&Snapshot, &mut UiState),
) {
    let came = !who.contains(&one.transfer.from);
    let (sign, own, other) = match came {
        true => ("+", one.transfer.to, one.transfer.from),
        false => ("\u{2212}", one.transfer.from, one.transfer.to),
    };
    let name = |who: Address| state.name_of(who).map_or_else(|| format::short_address(who), str::to_owned);
    let words = match (one.transaction, came) {
        (None, _) => state.t(Word::FromValidator).to_owned(),
        (_, true) => state.tf(Word::ReceivedFrom, &[&name(other)]),
        (_, false) => state.tf(Word::SentTo, &[&name(other)]),
    };
    let text = format!("{sign}{}", amount(one, tokens, state));
    let own = name(own);
    ui.horizontal_wrapped(|ui| {
        let day = super::activity::date(one.block.timestamp.saturating_mul(1_000));
        ui.label(RichText::new(day).color(state.palette.text_2));
        ui.label(RichText::new(own).color(state.palette.text_2));
        let shown = RichText::new(state.amount(text.clone()));
        ui.label(if came { shown.color(state.palette.final_) } else { shown });
        ui.label(words);
        let known = Known::proven(one.block, snapshot, state.now_ms);
        let (title, at) = (state.t(Word::TransferWord), Some(one.block));
        let how = Word::HowReceipt;
        let subject = Subject { title, value: &text, raw: "", how, at };
        badge::badge(ui, known, &subject, snapshot, state);
    });
}
