//! A block: its proven header and its transactions.

use alloy::primitives::U256;
use egui::{RichText, ScrollArea, Ui};

use crate::app::{BlockQuery, BlockView, Question, Snapshot};
use crate::gui::badge::{self, Subject};
use crate::gui::fonts::medium;
use crate::gui::format;
use crate::gui::known::Known;
use crate::gui::ui_state::UiState;
use crate::gui::widgets;
use crate::gui::words::Word;

/// Height of a row of transactions.
const ROW: f32 = 26.0;

/// Draws it.
pub(super) fn show(ui: &mut Ui, block: &BlockView, snapshot: &Snapshot, state: &mut UiState) {
    let (at, fields) = (block.header.block_ref(), block.header.fields());
    let known = Known::proven(at, snapshot, state.now_ms);
    let title = state.tf(Word::BlockTitle, &[&format::number(at.number)]);
    ui.horizontal_wrapped(|ui| {
        ui.label(RichText::new(&title).size(20.0).family(medium()));
        let raw = at.number.to_string();
        let subject = Subject { title: &title, value: &raw, raw: "", how: Word::HowHeader, at: Some(at) };
        badge::badge(ui, known, &subject, snapshot, state);
    });
    let age = state.now_ms.saturating_sub(at.timestamp.saturating_mul(1_000)) / 1_000;
    let time = state.tf(Word::TimeAgo, &[&format::utc(at.timestamp), &format::age(age)]);
    let used = fields.gas_used.saturating_mul(100).checked_div(fields.gas_limit).unwrap_or_default();
    let gas =
        format!("{} / {} ({used} %)", format::number(fields.gas_used), format::number(fields.gas_limit));
    let base = fields.base_fee_per_gas.map_or("—".to_owned(), |fee| format::gwei(U256::from(fee)));
    for (word, text) in [(Word::Time, time), (Word::GasUsed, gas), (Word::BaseFee, base)] {
        widgets::pair(ui, state, state.t(word), |ui| {
            ui.label(text);
        });
    }
    for (word, hash) in [
        (Word::Hash, at.hash),
        (Word::Parent, block.header.parent_hash()),
        (Word::StateRoot, block.header.state_root()),
        (Word::ReceiptsRoot, block.header.receipts_root()),
    ] {
        widgets::pair(ui, state, state.t(word), |ui| widgets::hash(ui, hash));
    }
    widgets::pair(ui, state, state.t(Word::FeeRecipient), |ui| {
        widgets::address(ui, state, fields.beneficiary, 13.0);
    });
    ui.horizontal_wrapped(|ui| {
        let neighbours = [(Word::Earlier, at.number.checked_sub(1)), (Word::Later, at.number.checked_add(1))];
        for (word, number) in neighbours {
            if let Some(number) = number
                && ui.button(state.t(word)).clicked()
            {
                state.explorer.question = Some(Question::Block(BlockQuery::Number(number)));
            }
        }
    });
    transactions(ui, block, state);
}

fn transactions(ui: &mut Ui, block: &BlockView, state: &mut UiState) {
    let all = block.transactions.value();
    ui.add_space(4.0);
    widgets::section(ui, &state.tf(Word::TransactionsIn, &[&format::number(all.len() as u64)]));
    let area =
        ScrollArea::vertical().id_salt(block.header.hash()).max_height(260.0).auto_shrink([false, true]);
    area.show_rows(ui, ROW, all.len(), |ui, rows| {
        for (at, hash) in rows.clone().zip(all.get(rows).unwrap_or_default()) {
            let text = format!("{at}  {}", format::short_hash(*hash));
            let link = ui.link(RichText::new(text).monospace());
            link.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Link, true, hash.to_string()));
            if link.clicked() {
                state.explorer.question = Some(Question::Transaction(*hash));
            }
        }
    });
}
