//! The PIN of a device without keys of its own: nine buttons without digits, in the places of those that it shows.

use egui::{Event, Grid, Key, Modal, RichText, Role, Ui, WidgetInfo, vec2};

use crate::app::{Command, Handed, Running, Snapshot, WalletCommand};
use crate::gui::fonts::medium;
use crate::gui::secret_field::SecretText;
use crate::gui::ui_state::UiState;
use crate::gui::widgets;
use crate::gui::words::Word;

/// Side of a button, in points.
const SIDE: f32 = 64.0;
/// The places as a number pad has them, row by row.
const ROWS: [[char; 3]; 3] = [['7', '8', '9'], ['4', '5', '6'], ['1', '2', '3']];

/// Draws it where a device waits for its PIN.
pub(in crate::gui) fn show(
    ui: &mut Ui,
    snapshot: &Snapshot,
    state: &mut UiState,
    commands: &mut Vec<Command>,
) {
    let waits = snapshot.wallet.running.filter(|_| snapshot.wallet.pin_wanted);
    state.wallet.pin_open = waits.is_some();
    let Some(Running::Device(kind)) = waits else { return state.wallet.pin.wipe() };
    keys(ui, &mut state.wallet.pin);
    let frame = state.palette.card_frame();
    let modal = Modal::new(egui::Id::unique("pin")).frame(frame).show(ui.ctx(), |ui| {
        ui.set_width((ui.ctx().content_rect().width() - 60.0).clamp(260.0, 380.0));
        let title = state.tf(Word::PinTitle, &[kind.name()]);
        ui.label(RichText::new(title).size(17.0).family(medium()));
        widgets::quiet(ui, state, state.t(Word::PinMeans));
        places(ui, state);
        buttons(ui, state)
    });
    let (leave, done) = modal.inner;
    let input = |key| ui.ctx().input(|input| input.key_pressed(key));
    if leave || input(Key::Escape) {
        state.wallet.pin.wipe();
        commands.push(Command::Wallet(WalletCommand::LeaveDevice));
    } else if done && !state.wallet.pin.is_empty() {
        let places = Handed::new(state.wallet.pin.take());
        commands.push(Command::Wallet(WalletCommand::DevicePin(places)));
    }
}

/// The places can be typed too, on a number pad.
fn keys(ui: &Ui, pin: &mut SecretText) {
    ui.ctx().input(|input| {
        for event in &input.events {
            match event {
                Event::Text(text) if text.len() == 1 && text.chars().all(|c| ('1'..='9').contains(&c)) => {
                    pin.push(text);
                }
                Event::Key { key: Key::Backspace, pressed: true, .. } => pin.pop(),
                _ => {}
            }
        }
    });
}

fn places(ui: &mut Ui, state: &mut UiState) {
    ui.add_space(6.0);
    ui.vertical_centered(|ui| {
        let side = SIDE * 3.0 + 16.0;
        ui.allocate_ui(vec2(side, side), |ui| {
            let grid = Grid::new("pin.places").spacing(vec2(8.0, 8.0));
            grid.show(ui, |ui| (1..).zip(ROWS).for_each(|(number, places)| row(ui, number, places, state)));
        });
    });
    let typed = state.wallet.pin.expose().len();
    let dots = ui.label(RichText::new("•".repeat(typed.min(50))).size(18.0));
    let aloud = state.tf(Word::PinTyped, &[&typed.to_string()]);
    dots.widget_info(|| WidgetInfo::labeled(Role::Label, true, aloud.clone()));
}

fn row(ui: &mut Ui, number: u8, places: [char; 3], state: &mut UiState) {
    for (column, place) in (1_u8..).zip(places) {
        let button = ui.add(egui::Button::new(RichText::new("•").size(22.0)).min_size(vec2(SIDE, SIDE)));
        let label = state.tf(Word::PinPlace, &[&number.to_string(), &column.to_string()]);
        button.widget_info(|| WidgetInfo::labeled(Role::Button, true, label.clone()));
        if button.clicked() {
            state.wallet.pin.push(&place.to_string());
        }
    }
    ui.end_row();
}

/// Whether to leave the device, and whether the PIN is whole.
fn buttons(ui: &mut Ui, state: &mut UiState) -> (bool, bool) {
    ui.horizontal_wrapped(|ui| {
        let leave = ui.button(state.t(Word::Cancel)).clicked();
        if ui.button(state.t(Word::PinBack)).clicked() {
            state.wallet.pin.pop();
        }
        let ready = !state.wallet.pin.is_empty();
        let done = ui.add_enabled_ui(ready, |ui| widgets::primary(ui, state, state.t(Word::PinDone))).inner;
        let enter = ready && ui.ctx().input(|input| input.key_pressed(Key::Enter));
        (leave, done.clicked() || enter)
    })
    .inner
}
