//! The assets of the account shown: ether, and the tokens it holds among those that were looked at.

use alloy::primitives::{Address, U256};
use egui::{RichText, Ui};

use super::home;
use crate::app::{Answer, BlockRef, Command, ContractAnswer, Loadable, Snapshot, TokenBalances};
use crate::gui::badge::{self, Subject};
use crate::gui::format::{self, Round};
use crate::gui::kept::Watched;
use crate::gui::known::Known;
use crate::gui::refresh;
use crate::gui::table::{self, Column};
use crate::gui::ui_state::UiState;
use crate::gui::widgets;
use crate::gui::words::Word;

/// A row of the table.
struct Asset {
    symbol: String,
    name: String,
    /// As shown; `None` where it could not be read.
    amount: Option<String>,
    exact: String,
    raw: String,
    at: Option<BlockRef>,
    known: Known,
    /// Why there is no amount.
    why: Option<String>,
}

/// Draws them.
pub(super) fn show(
    ui: &mut Ui,
    account: &Watched,
    snapshot: &Snapshot,
    state: &mut UiState,
    commands: &mut Vec<Command>,
) {
    let question = refresh::tokens_question(account.address, state);
    let held = snapshot.answers.get(&question);
    let balances = tokens_of(held).cloned();
    let mut rows = vec![ether(account.address, snapshot, state)];
    if let Some(balances) = balances.as_ref() {
        rows.extend(tokens(balances, snapshot, state));
    }
    widgets::card(ui, state, |ui, state| {
        widgets::section(ui, state.t(Word::Assets));
        let columns = columns(ui.available_width(), state);
        table::header(ui, state, &columns);
        let count = rows.len().to_string();
        for (at, asset) in rows.iter().enumerate() {
            row(ui, &columns, asset, (at.saturating_add(1).to_string(), &count), (snapshot, &mut *state));
        }
        ui.add_space(4.0);
        match held {
            Some(Loadable::Failed { reason, .. }) => {
                ui.label(RichText::new(state.t(Word::TokensFailed)).color(state.palette.unverified));
                widgets::quiet(ui, state, &reason.what);
                if ui.button(state.t(Word::TryAgain)).clicked() {
                    commands.push(Command::Ask(question.clone()));
                }
            }
            Some(Loadable::Loading { previous: None }) => {
                widgets::quiet(ui, state, state.t(Word::ReadingTokens));
            }
            None if snapshot.head.is_none() => widgets::quiet(ui, state, state.t(Word::WaitingForHead)),
            _ => looked_at(ui, balances.as_ref(), state),
        }
    });
}

pub(super) fn tokens_of(held: Option<&Loadable<Answer>>) -> Option<&TokenBalances> {
    let answer = match held? {
        Loadable::Ready(answer) => answer,
        Loadable::Loading { previous } | Loadable::Failed { previous, .. } => previous.as_ref()?,
    };
    match answer {
        Answer::Contract(answer) => match &**answer {
            ContractAnswer::Tokens(balances) => Some(balances),
            _ => None,
        },
        _ => None,
    }
}

fn looked_at(ui: &mut Ui, balances: Option<&TokenBalances>, state: &UiState) {
    let Some(balances) = balances else { return };
    let (all, failed) = (balances.tokens.len(), balances.not_read());
    let found = balances.owners.iter().flat_map(|owner| &owner.balances);
    let found = found.filter(|one| one.as_ref().is_ok_and(|one| !one.value().is_zero())).count();
    if found == 0 {
        widgets::quiet(ui, state, &state.tf(Word::NoAssets, &[&all.to_string()]));
    } else {
        widgets::quiet(ui, state, &state.tf(Word::AmongTokens, &[&all.to_string()]));
    }
    if failed > 0 {
        let words = state.tf(Word::TokensRead, &[&(all - failed.min(all)).to_string(), &all.to_string()]);
        ui.label(RichText::new(words).color(state.palette.unverified));
    }
}

fn ether(who: Address, snapshot: &Snapshot, state: &UiState) -> Asset {
    let seen = state.newest(who);
    let known = home::known_of(seen.as_ref(), snapshot, state);
    let seen = seen.filter(|_| known != Known::Refuted);
    let balance = seen.map(|seen| seen.facts.balance);
    Asset {
        symbol: "ETH".to_owned(),
        name: "Ether".to_owned(),
        amount: balance.map(|wei| format::ether(wei, Round::Down)),
        exact: balance.map(|wei| format!("{} ETH", format::ether_exact(wei))).unwrap_or_default(),
        raw: balance.map(|wei| format!("{wei} wei")).unwrap_or_default(),
        at: seen.map(|seen| seen.at()),
        known,
        why: (known == Known::Refuted).then(|| state.t(Word::NoneCouldProve).to_owned()),
    }
}

fn tokens(balances: &TokenBalances, snapshot: &Snapshot, state: &UiState) -> Vec<Asset> {
    let Some(owner) = balances.owners.first() else { return Vec::new() };
    let pairs = balances.tokens.iter().zip(&owner.balances);
    let mut rows: Vec<Asset> = pairs
        .filter_map(|(token, balance)| match balance {
            Ok(balance) if balance.value().is_zero() => None,
            Ok(balance) => {
                Some(token_row(balances, *token, (*balance.value(), balance.at()), (snapshot, state)))
            }
            Err(_) => None,
        })
        .collect();
    rows.sort_by_key(|row| row.symbol.to_lowercase());
    rows
}

fn token_row(
    balances: &TokenBalances,
    token: Address,
    (raw, at): (U256, BlockRef),
    (snapshot, state): (&Snapshot, &UiState),
) -> Asset {
    let facts = balances.facts_of(token);
    let symbol = facts.map_or_else(|| format::short_address(token), |facts| facts.shown_symbol());
    let name = facts
        .and_then(|facts| facts.listed.map(|listed| listed.name.clone()).or(facts.name.clone().ok()))
        .unwrap_or_default();
    let decimals = facts.and_then(|facts| facts.proven_decimals());
    let amount = match decimals {
        Some(decimals) => format::amount(raw, decimals, decimals.min(6), Round::Down),
        None => raw.to_string(),
    };
    let exact = match decimals {
        Some(decimals) => format::amount(raw, decimals, decimals, Round::Down),
        None => state.tf(Word::RawUnits, &[&raw.to_string()]),
    };
    Asset {
        exact: format!("{exact} {symbol}"),
        raw: raw.to_string(),
        symbol,
        name,
        amount: Some(amount),
        at: Some(at),
        known: Known::state(at, snapshot, state.now_ms),
        why: None,
    }
}

fn columns(width: f32, state: &UiState) -> Vec<Column> {
    let badge = if width < 480.0 { 30.0 } else { 140.0 };
    let mut columns = vec![Column::rest(state.t(Word::AssetWord))];
    if width >= 640.0 {
        columns = vec![Column::wide(state.t(Word::AssetWord), 150.0), Column::rest(state.t(Word::NameWord))];
    }
    columns.push(Column::number(state.t(Word::AmountWord), 190.0));
    columns.push(Column::wide(state.t(Word::KnownAsWord), badge));
    columns
}

fn row(
    ui: &mut Ui,
    columns: &[Column],
    asset: &Asset,
    (place, count): (String, &str),
    (snapshot, state): (&Snapshot, &mut UiState),
) {
    let amount = asset.amount.clone().map_or_else(|| "—".to_owned(), |amount| state.amount(amount));
    let word = asset.known.word(state.kept.language);
    let values = [&asset.symbol, &amount, &word, &place, &count.to_owned()];
    let label = state.tf(Word::AssetRow, &values.map(String::as_str));
    let last = columns.len().saturating_sub(1);
    let named = columns.len() == 4;
    table::still_row(ui, columns, &label, |ui, at| match at {
        0 => drop(ui.label(&asset.symbol)),
        1 if named => drop(ui.label(RichText::new(&asset.name).color(state.palette.text_2))),
        _ if at == last => {
            let title = state.tf(Word::AmountOf, &[&asset.symbol]);
            let how = if asset.symbol == "ETH" { Word::HowAccount } else { Word::HowCall };
            let subject = Subject { title: &title, value: &asset.exact, raw: &asset.raw, how, at: asset.at };
            badge::badge(ui, asset.known, &subject, snapshot, state);
        }
        _ => {
            if asset.amount.is_none() && asset.known == Known::Checking {
                widgets::skeleton(ui, state, 90.0);
            } else {
                ui.label(RichText::new(&amount));
            }
        }
    });
    if let Some(why) = &asset.why {
        widgets::quiet(ui, state, why);
    }
}
