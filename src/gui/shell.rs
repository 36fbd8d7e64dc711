//! The frame around every screen: top bar, navigation, trust bar and the banner zone.

use egui::{
    CentralPanel, Frame, Margin, Panel, RichText, Role, ScrollArea, Sense, Stroke, Ui, WidgetInfo, vec2,
};

use super::banner;
use super::clipboard;
use super::fonts::medium;
use super::icons;
use super::omnibox;
use super::regions;
use super::screen::Screen;
use super::screens;
use super::switcher;
use super::trust_bar;
use super::ui_state::UiState;
use super::wallet_news;
use super::words::Word;
use crate::app::{Command, Snapshot, WalletCommand};

/// Below this width the navigation is a rail of icons.
const RAIL_BELOW: f32 = 860.0;
/// Content is never wider than this.
const WIDEST: f32 = 1240.0;

/// Chain ids and the names people know them by.
fn network_name(snapshot: &Snapshot) -> String {
    match snapshot.network.chain_id {
        1 => "Ethereum".to_owned(),
        _ => {
            let mut name = snapshot.network.name.clone();
            if let Some(first) = name.get_mut(..1) {
                first.make_ascii_uppercase();
            }
            name
        }
    }
}

/// The network with its chain id, as the trust bar names it.
pub(super) fn chain(snapshot: &Snapshot) -> String {
    format!("{} ({})", network_name(snapshot), snapshot.network.chain_id)
}

/// The network as tags and the title name it.
pub(super) fn network_tag(snapshot: &Snapshot, state: &UiState) -> String {
    let id = snapshot.network.chain_id.to_string();
    state.tf(Word::OtherChain, &[&network_name(snapshot), &id])
}

/// What must be in every picture of the window, shortest form.
pub(super) fn tags(snapshot: &Snapshot, state: &UiState) -> Vec<String> {
    let mut tags = Vec::new();
    if state.practice.is_some() {
        tags.push(state.t(Word::PracticeShort).to_owned());
    } else if snapshot.network.chain_id != 1 {
        tags.push(network_tag(snapshot, state));
    }
    if state.wallet.support.is_some() {
        tags.push(state.t(Word::SupportTag).to_owned());
    }
    if snapshot.offline {
        tags.push(state.t(Word::OfflineTag).to_owned());
    }
    tags
}

/// The whole window.
pub fn show(ui: &mut Ui, snapshot: &Snapshot, state: &mut UiState, commands: &mut Vec<Command>) {
    let (before, steps) = (state.screen, state.trail.len());
    clipboard::tick(ui.ctx(), state);
    wallet_news::take(snapshot, state);
    keys(ui, state, commands);
    let bar = |state: &UiState| Frame::new().fill(state.palette.card).inner_margin(Margin::symmetric(12, 6));
    let top = Panel::top("top_bar").exact_size(50.0).frame(bar(state)).resizable(false).show(ui, |ui| {
        top_bar(ui, snapshot, state, commands);
    });
    let trust = bar(state).inner_margin(Margin::symmetric(8, 2));
    let bottom = Panel::bottom("trust_bar").exact_size(34.0).frame(trust).resizable(false).show(ui, |ui| {
        trust_bar::show(ui, snapshot, state);
    });
    let rail = ui.ctx().content_rect().width() < RAIL_BELOW;
    let width = if rail { 60.0 } else { 184.0 };
    let nav = Frame::new().fill(state.palette.card).inner_margin(Margin::same(8));
    let left = Panel::left("navigation").exact_size(width).frame(nav).resizable(false).show(ui, |ui| {
        ScrollArea::vertical().id_salt("navigation").show(ui, |ui| navigation(ui, rail, state));
    });
    screens::action_bar(ui, snapshot, state, commands);
    let page = Frame::new().fill(state.palette.page).inner_margin(Margin::same(16));
    let page = CentralPanel::default().frame(page).show(ui, |ui| {
        ScrollArea::vertical().id_salt(state.screen.title()).auto_shrink(false).show(ui, |ui| {
            let room = ui.available_width();
            let spare = (room - WIDEST).max(0.0) / 2.0;
            Frame::new().outer_margin(Margin { left: margin(spare), ..Margin::ZERO }).show(ui, |ui| {
                // The scroll bar has its own lane, so that nothing is under it.
                ui.set_width(room.min(WIDEST) - 14.0);
                banner::show(ui, snapshot, state, commands);
                screens::show(ui, snapshot, state, commands);
            });
        });
    });
    if !is_covered(state) {
        let [top, left, page, bottom] = [top, left, page, bottom].map(|one| one.response.rect);
        // Where a screen has an action bar, it is what lies between the page and the trust bar.
        let actions = egui::Rect::from_min_max(page.left_bottom(), egui::pos2(page.right(), bottom.top()));
        regions::step(ui, &[top, left, page, actions, bottom]);
    }
    omnibox::show(ui, snapshot, state, commands);
    screens::unlock::show(ui, snapshot, state, commands);
    screens::pin_pad::show(ui, snapshot, state, commands);
    toast(ui, state);
    if before == Screen::Review && state.screen != Screen::Review {
        commands.push(Command::Wallet(WalletCommand::CloseReview)); // nothing is read again for nobody
    }
    if state.screen != before && state.trail.len() == steps {
        state.trail.push(before);
    }
}

#[expect(clippy::cast_possible_truncation, reason = "clamped to the type's range")]
fn margin(points: f32) -> i8 {
    points.clamp(0.0, 127.0) as i8
}

fn keys(ui: &Ui, state: &mut UiState, commands: &mut Vec<Command>) {
    use egui::{Key, KeyboardShortcut, Modifiers};
    let pressed =
        |modifiers, key| ui.input_mut(|input| input.consume_shortcut(&KeyboardShortcut::new(modifiers, key)));
    if pressed(Modifiers::COMMAND, Key::K) {
        state.omnibox.open = !state.omnibox.open;
        state.omnibox.fresh = true;
    }
    if pressed(Modifiers::COMMAND | Modifiers::SHIFT, Key::M) {
        state.screen = Screen::Messages;
    }
    if pressed(Modifiers::COMMAND | Modifiers::SHIFT, Key::H) {
        state.kept.hide_amounts = !state.kept.hide_amounts;
    }
    if pressed(Modifiers::COMMAND, Key::Comma) {
        state.screen = Screen::Settings;
    }
    if pressed(Modifiers::COMMAND, Key::L) {
        lock(state, commands);
    }
    if pressed(Modifiers::NONE, Key::F2) {
        state.kept.calm = !state.kept.calm;
    }
    if pressed(Modifiers::NONE, Key::F5) {
        again(state, commands);
    }
    if pressed(Modifiers::COMMAND, Key::F) {
        state.filter_wanted = true;
    }
    if pressed(Modifiers::NONE, Key::F1) {
        state.screen = Screen::About;
    }
    let digits =
        [Key::Num1, Key::Num2, Key::Num3, Key::Num4, Key::Num5, Key::Num6, Key::Num7, Key::Num8, Key::Num9];
    for (key, screen) in digits.into_iter().zip(places(state)) {
        if pressed(Modifiers::COMMAND, key) {
            state.screen = screen;
        }
    }
    // What is open over the page takes Escape first, then a field that is typed in.
    let free = !is_covered(state)
        && state.accounts.removing.is_none()
        && ui.memory(|memory| memory.focused().is_none());
    let popup = egui::Popup::is_any_open(ui.ctx());
    if free
        && !popup
        && pressed(Modifiers::NONE, Key::Escape)
        && let Some(earlier) = state.trail.pop()
    {
        state.screen = earlier;
    }
}

/// Something is open over the page.
fn is_covered(state: &UiState) -> bool {
    state.omnibox.open
        || state.home.receive.is_some()
        || state.settings.wiping
        || state.wallet.unlock.is_some()
        || state.wallet.keys.removing.is_some()
        || state.wallet.pin_open
}

/// Forgets every password, and every secret that was typed.
pub(super) fn lock(state: &mut UiState, commands: &mut Vec<Command>) {
    commands.push(Command::Wallet(WalletCommand::Lock));
    state.wallet.wipe_secrets();
}

/// Asks again for what is shown.
pub(super) fn again(state: &mut UiState, commands: &mut Vec<Command>) {
    match (state.screen, &state.explorer.question) {
        (Screen::Network, _) => {
            state.network.testing = true;
            commands.push(Command::ProbeEndpoints);
        }
        (Screen::Explorer, Some(question)) => commands.push(Command::Ask(question.clone())),
        _ => {
            state.asked_at = None;
            state.tokens_asked = None;
            state.prices_asked = None;
        }
    }
}

/// The navigation in order.
pub(super) fn places(state: &UiState) -> Vec<Screen> {
    let first = if state.book.watched.is_empty() { Screen::FirstRun } else { Screen::Home };
    let mut places = vec![first];
    let home = first == Screen::Home;
    places.extend(home.then_some(Screen::Positions));
    if state.wallet.support.is_none() {
        places.push(Screen::Send);
    }
    places.push(Screen::Activity);
    places.extend(home.then_some(Screen::Approvals));
    places.extend([Screen::Explorer, Screen::Contracts, Screen::Network, Screen::Accounts, Screen::Settings]);
    if state.practice.is_some() {
        places.push(Screen::Practice);
    }
    places
}

fn navigation(ui: &mut Ui, rail: bool, state: &mut UiState) {
    ui.spacing_mut().item_spacing.y = 4.0;
    for place in places(state) {
        if matches!(place, Screen::Explorer | Screen::Network | Screen::Practice) {
            let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 9.0), Sense::hover());
            let line = Stroke::new(1.0, state.palette.line);
            ui.painter().hline(rect.shrink2(vec2(6.0, 0.0)).x_range(), rect.center().y, line);
        }
        if place_button(ui, place, rail, state).clicked() {
            state.screen = place;
        }
    }
}

fn place_button(ui: &mut Ui, place: Screen, rail: bool, state: &UiState) -> egui::Response {
    let title = if place == Screen::FirstRun { state.t(Word::Home) } else { state.t(place.title()) };
    let chosen = state.screen == place;
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 38.0), Sense::click());
    let palette = &state.palette;
    let fill = if chosen { palette.selected } else { palette.card };
    let edge = if response.has_focus() || response.hovered() { palette.accent } else { fill };
    ui.painter().rect(rect, 6.0, fill, Stroke::new(2.0, edge), egui::StrokeKind::Inside);
    let colour = if chosen { palette.text } else { palette.text_2 };
    let left = if rail { rect.center().x } else { rect.left() + 20.0 };
    icons::paint(ui.painter(), place, egui::pos2(left, rect.center().y), colour);
    if !rail {
        let at = egui::pos2(rect.left() + 40.0, rect.center().y);
        let font = egui::TextStyle::Button.resolve(ui.style());
        ui.painter().text(at, egui::Align2::LEFT_CENTER, title, font, colour);
    }
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, chosen, title));
    if rail { response.on_hover_text(title) } else { response }
}

fn top_bar(ui: &mut Ui, snapshot: &Snapshot, state: &mut UiState, commands: &mut Vec<Command>) {
    ui.horizontal_centered(|ui| {
        ui.label(RichText::new("Lifeboat").size(18.0).family(medium()));
        tag(ui, snapshot, state);
        switcher::show(ui, snapshot, state);
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let (word, long) = if state.kept.hide_amounts {
                (Word::ShowAmounts, Word::ShowAmountsLong)
            } else {
                (Word::Hide, Word::HideAmounts)
            };
            let button = ui.button(state.t(word));
            button.widget_info(|| WidgetInfo::labeled(Role::Button, true, state.t(long)));
            if button.on_hover_text(state.t(long)).clicked() {
                state.kept.hide_amounts = !state.kept.hide_amounts;
            }
            if snapshot.wallet.locks_at_ms.is_some() {
                let button = ui.button(state.t(Word::LockNow));
                if button.on_hover_text(state.t(Word::LockPalette)).clicked() {
                    lock(state, commands);
                }
            }
            search_button(ui, state);
        });
    });
}

/// Looks like a field and opens the palette, where typing happens.
fn search_button(ui: &mut Ui, state: &mut UiState) {
    let width = (ui.available_width() - 8.0).min(440.0);
    if width < 60.0 {
        return;
    }
    let (rect, response) = ui.allocate_exact_size(vec2(width, 32.0), Sense::click());
    let palette = &state.palette;
    let edge = if response.hovered() || response.has_focus() { palette.accent } else { palette.border };
    ui.painter().rect(rect, 6.0, palette.control, Stroke::new(1.0, edge), egui::StrokeKind::Inside);
    let font = egui::TextStyle::Body.resolve(ui.style());
    let keys = ui.painter().layout_no_wrap("Ctrl+K".to_owned(), font.clone(), palette.text_3);
    let room = (width - keys.size().x - 30.0).max(0.0);
    let mut hint = egui::text::LayoutJob::single_section(
        state.t(Word::SearchHint).to_owned(),
        egui::TextFormat::simple(font, palette.text_2),
    );
    hint.wrap = egui::text::TextWrapping::truncate_at_width(room);
    let hint = ui.painter().layout_job(hint);
    let middle = |height: f32| rect.center().y - height / 2.0;
    let (hint_y, keys_y) = (middle(hint.size().y), middle(keys.size().y));
    ui.painter().galley(egui::pos2(rect.left() + 10.0, hint_y), hint, palette.text_2);
    ui.painter().galley(egui::pos2(rect.right() - keys.size().x - 10.0, keys_y), keys, palette.text_3);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, state.t(Word::SearchLabel)));
    if response.clicked() {
        state.omnibox.open = true;
        state.omnibox.fresh = true;
    }
}

/// What must be in every screenshot: practice, or a chain other than Ethereum.
fn tag(ui: &mut Ui, snapshot: &Snapshot, state: &mut UiState) {
    let palette = state.palette;
    let practice = state.practice.is_some();
    let narrow = ui.ctx().content_rect().width() < RAIL_BELOW;
    let mut words = tags(snapshot, state);
    if practice
        && !narrow
        && let Some(first) = words.first_mut()
    {
        *first = state.t(Word::PracticeTag).to_owned();
    }
    if words.is_empty() {
        return;
    }
    let text = words.join(" · ");
    let frame = Frame::new()
        .fill(if practice { palette.practice } else { palette.caution })
        .stroke(Stroke::new(1.0, if practice { palette.on_practice } else { palette.unverified }))
        .corner_radius(6)
        .inner_margin(Margin { left: if practice { 34 } else { 8 }, right: 8, top: 4, bottom: 4 });
    let shown = frame.show(ui, |ui| {
        ui.colored_label(if practice { palette.on_practice } else { palette.text }, text);
    });
    if practice {
        let rect = shown.response.rect.shrink(1.0);
        let stripes = egui::Rect::from_min_size(rect.min, vec2(26.0, rect.height()));
        let painter = ui.painter().with_clip_rect(stripes);
        for step in 0..7_u8 {
            let x = stripes.left() - 12.0 + f32::from(step) * 8.0;
            let line = [egui::pos2(x, stripes.bottom()), egui::pos2(x + stripes.height(), stripes.top())];
            painter.line_segment(line, Stroke::new(3.0, palette.on_practice));
        }
    }
}

fn toast(ui: &Ui, state: &mut UiState) {
    let Some((text, since)) = &state.toast else { return };
    if state.now_ms.saturating_sub(*since) > 6_000 {
        state.toast = None;
        return;
    }
    egui::Area::new(egui::Id::unique("toast"))
        .anchor(egui::Align2::RIGHT_BOTTOM, vec2(-16.0, -46.0))
        .interactable(false)
        .show(ui.ctx(), |ui| {
            state.palette.card_frame().stroke(Stroke::new(1.0, state.palette.final_)).show(ui, |ui| {
                ui.set_max_width(320.0);
                ui.label(text);
            });
        });
}
