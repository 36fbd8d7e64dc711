//! The assets of the account shown: ether, and the tokens it holds among those that were looked at.

use alloy::primitives::{Address, U256};
use egui::{RichText, Ui};

use super::home;
use crate::app::{BlockRef, Command, ContractAnswer, Loadable, PriceAnswer, Snapshot, TokenBalances};
use crate::gui::badge::{self, Subject};
use crate::gui::format::{self, Round};
use crate::gui::kept::Watched;
use crate::gui::known::Known;
use crate::gui::refresh;
use crate::gui::table::{self, Column};
use crate::gui::ui_state::UiState;
use crate::gui::widgets;
use crate::gui::words::Word;
use crate::gui::worth::{self, Quote};

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
    /// As it is asked for among prices, its smallest units, and digits behind the point.
    priced_as: (String, U256, u8),
    /// Its price.
    quote: Option<Quote>,
    /// What it is worth, in dollars with 18 digits behind the point.
    value: Option<U256>,
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
    let balances = worth::balances(account.address, snapshot, state).cloned();
    let mut rows = vec![ether(account.address, snapshot, state)];
    if let Some(balances) = balances.as_ref() {
        rows.extend(tokens(balances, snapshot, state));
    }
    if let Some(question) = worth::question(account.address, snapshot, state) {
        let prices = match worth::answer(snapshot.answers.get(&question)) {
            Some(ContractAnswer::Prices(prices)) => prices.as_slice(),
            _ => &[],
        };
        price(&mut rows, prices, snapshot, state);
        net_worth(ui, &rows, snapshot, state);
    }
    let priced = rows.iter().any(|row| row.quote.is_some());
    widgets::card(ui, state, |ui, state| {
        widgets::section(ui, state.t(Word::Assets));
        let columns = columns(ui.available_width(), priced, state);
        let only: Vec<Column> = columns.iter().map(|(_, column)| *column).collect();
        table::header(ui, state, &only);
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
        priced_as: (worth::ETHER.to_owned(), balance.unwrap_or_default(), 18),
        quote: None,
        value: None,
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
        priced_as: (token.to_checksum(None), raw, decimals.unwrap_or_default()),
        quote: None,
        value: None,
    }
}

/// Puts prices beside amounts; what has none stays without a value.
fn price(rows: &mut [Asset], prices: &[PriceAnswer], snapshot: &Snapshot, state: &UiState) {
    for row in rows {
        let (asked, raw, decimals) = &row.priced_as;
        row.quote = worth::quote(asked, prices, snapshot, state);
        row.value = row
            .quote
            .as_ref()
            .filter(|_| row.amount.is_some())
            .and_then(|quote| worth::value(*raw, *decimals, quote.usd));
    }
}

/// The sum in dollars, worth its weakest input. What has no price is not in it, and that is said.
fn net_worth(ui: &mut Ui, rows: &[Asset], snapshot: &Snapshot, state: &mut UiState) {
    let valued: Vec<(&Asset, &Quote, U256)> =
        rows.iter().filter_map(|row| Some((row, row.quote.as_ref()?, row.value?))).collect();
    if valued.is_empty() {
        return;
    }
    let sum = valued.iter().fold(U256::ZERO, |sum, (.., value)| sum.saturating_add(*value));
    let known = valued.iter().map(|(row, quote, _)| row.known.weaker(quote.known)).reduce(Known::weaker);
    let known = known.unwrap_or(Known::Checking);
    let oldest = valued.iter().filter_map(|(_, quote, _)| quote.feed.clone()).max_by_key(|(_, age)| *age);
    let left_out = rows.len().saturating_sub(valued.len());
    let at = valued.iter().filter_map(|(row, ..)| row.at).min_by_key(|at| at.number);
    widgets::card(ui, state, |ui, state| {
        let title = state.t(Word::NetWorth);
        ui.label(RichText::new(title).color(state.palette.text_2));
        let value = format::dollars(sum);
        let shown = state.amount(value.clone());
        ui.horizontal_wrapped(|ui| {
            ui.label(RichText::new(shown).text_style(egui::TextStyle::Name("display".into())));
            let subject = Subject { title, value: &value, raw: "", how: Word::HowPrices, at };
            badge::badge(ui, known, &subject, snapshot, state);
        });
        if let Some((pair, age)) = oldest {
            widgets::quiet(ui, state, &state.tf(Word::WeakestInput, &[&pair, &format::age(age)]));
        }
        if left_out > 0 {
            widgets::quiet(ui, state, &state.tf(Word::NotInTotal, &[&left_out.to_string()]));
        }
    });
}

/// What a column shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shows {
    Symbol,
    Name,
    Amount,
    Price,
    Value,
    Known,
}

fn columns(width: f32, priced: bool, state: &UiState) -> Vec<(Shows, Column)> {
    let t = |word| state.t(word);
    let badge = if width < 480.0 { 90.0 } else { 120.0 };
    let mut columns = Vec::new();
    if width >= 760.0 || (width >= 640.0 && !priced) {
        columns.push((Shows::Symbol, Column::wide(t(Word::AssetWord), 110.0)));
        columns.push((Shows::Name, Column::rest(t(Word::NameWord))));
    } else {
        columns.push((Shows::Symbol, Column::rest(t(Word::AssetWord))));
    }
    columns.push((Shows::Amount, Column::number(t(Word::AmountWord), 150.0)));
    if priced && width >= 640.0 {
        columns.push((Shows::Price, Column::number(t(Word::PriceWord), 100.0)));
    }
    if priced {
        columns.push((Shows::Value, Column::number(t(Word::ValueDollars), 110.0)));
    }
    columns.push((Shows::Known, Column::wide(t(Word::KnownAsWord), badge)));
    columns
}

fn row(
    ui: &mut Ui,
    columns: &[(Shows, Column)],
    asset: &Asset,
    (place, count): (String, &str),
    (snapshot, state): (&Snapshot, &mut UiState),
) {
    let none = || "—".to_owned();
    let amount = asset.amount.clone().map_or_else(none, |amount| state.amount(amount));
    let value = asset.value.map_or_else(none, |value| state.amount(format::dollars(value)));
    let price = asset.quote.as_ref().map_or_else(none, |quote| format::dollars(quote.usd));
    let word = asset.known.word(state.kept.language);
    let said = if asset.value.is_some() { format!("{amount}, {value}") } else { amount.clone() };
    let values = [&asset.symbol, &said, &word, &place, &count.to_owned()];
    let label = state.tf(Word::AssetRow, &values.map(String::as_str));
    let only: Vec<Column> = columns.iter().map(|(_, column)| *column).collect();
    table::still_row(ui, &only, &label, |ui, at| match columns.get(at).map(|(shows, _)| *shows) {
        Some(Shows::Symbol) => drop(ui.label(&asset.symbol)),
        Some(Shows::Name) => drop(ui.label(RichText::new(&asset.name).color(state.palette.text_2))),
        Some(Shows::Price) => drop(ui.label(&price)),
        Some(Shows::Value) => drop(ui.label(&value)),
        Some(Shows::Known) => {
            let title = state.tf(Word::AmountOf, &[&asset.symbol]);
            let how = if asset.symbol == worth::ETHER { Word::HowAccount } else { Word::HowCall };
            let subject = Subject { title: &title, value: &asset.exact, raw: &asset.raw, how, at: asset.at };
            badge::badge(ui, asset.known, &subject, snapshot, state);
        }
        Some(Shows::Amount) if asset.amount.is_none() && asset.known == Known::Checking => {
            widgets::skeleton(ui, state, 90.0);
        }
        Some(Shows::Amount) => drop(ui.label(&amount)),
        None => {}
    });
    if let Some(why) = &asset.why {
        widgets::quiet(ui, state, why);
    }
}
