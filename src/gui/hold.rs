//! The button that signs: a click, or a hold of a second and a half, and for whoever cannot hold, two presses.

use egui::{Color32, Key, Pos2, Response, Role, Sense, Shape, Stroke, Ui, WidgetInfo, vec2};

use super::fonts::medium;
use super::theme::Palette;

/// How long is held.
const HOLD_MS: u64 = 1_500;
/// A second press counts from here …
const SECOND_FROM_MS: u64 = 1_000;
/// … to here after the first.
const SECOND_UNTIL_MS: u64 = 10_000;

/// What the button remembers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Hold {
    /// When the hold began, Unix milliseconds.
    since_ms: Option<u64>,
    /// When the first of two presses was.
    first_ms: Option<u64>,
    /// What is held now does not count: it began too early, or has done its work.
    spent: bool,
}

impl Hold {
    /// One frame of the button: `down` while it is held. True in the frame in which the hold is complete.
    fn held(&mut self, down: bool, ready: bool, now_ms: u64) -> bool {
        if !down {
            *self = Self { first_ms: self.first_ms, ..Self::default() };
            return false;
        }
        if !ready || self.spent {
            self.spent = true; // a hold that began before the button was armed never counts
            self.since_ms = None;
            return false;
        }
        let since = *self.since_ms.get_or_insert(now_ms);
        let complete = now_ms.saturating_sub(since) >= HOLD_MS;
        if complete {
            *self = Self { spent: true, ..Self::default() };
        }
        complete
    }

    /// A press of the two-press form. True where it is a second one in time.
    fn pressed(&mut self, ready: bool, now_ms: u64) -> bool {
        if !ready {
            self.first_ms = None;
            return false;
        }
        let since = self.first_ms.map(|first| now_ms.saturating_sub(first));
        let complete = since.is_some_and(|since| (SECOND_FROM_MS..=SECOND_UNTIL_MS).contains(&since));
        self.first_ms = match since {
            _ if complete => None,
            Some(since) if since < SECOND_FROM_MS => self.first_ms, // a double click is one press
            _ => Some(now_ms),
        };
        complete
    }

    /// Waits for the second press.
    pub fn waits_for_second(&self, now_ms: u64) -> bool {
        self.first_ms.is_some_and(|first| now_ms.saturating_sub(first) <= SECOND_UNTIL_MS)
    }

    /// The share of the hold that is done.
    fn progress(&self, now_ms: u64) -> f32 {
        let held = self.since_ms.map_or(0, |since| now_ms.saturating_sub(since)).min(HOLD_MS);
        u16::try_from(held).map_or(0.0, f32::from) / 1_500.0
    }
}

/// What the button asks for, and how it looks.
#[derive(Debug, Clone, Copy)]
pub(super) struct SignButton<'a> {
    /// Its words.
    pub text: &'a str,
    /// What it is called for whoever cannot see it, and the prompt of the second press.
    pub long: &'a str,
    /// It must be held; else a click does.
    pub hold: bool,
    /// Two presses in place of the hold: the user's setting.
    pub two_press: bool,
    /// There is a danger: a red outline, never the default.
    pub danger: bool,
    /// All that is asked for was given.
    pub enabled: bool,
    /// Armed: it is listened to.
    pub armed: bool,
}

/// Draws the button. True in the frame in which the gesture is complete.
pub(super) fn sign_button(
    ui: &mut Ui,
    hold: &mut Hold,
    spec: SignButton<'_>,
    palette: &Palette,
    now_ms: u64,
) -> (bool, Response) {
    let font = egui::FontId::new(14.0, medium());
    let galley = ui.painter().layout_no_wrap(spec.text.to_owned(), font, palette.text);
    let size = vec2(galley.size().x + if spec.hold { 64.0 } else { 40.0 }, 40.0);
    // A press that lasts is no click any more: only a drag is still known to be down on the button.
    let sense = if spec.hold { Sense::click_and_drag() } else { Sense::click() };
    let (rect, response) = ui.allocate_exact_size(size, sense);
    let ready = spec.enabled && spec.armed;
    let done = gesture(ui, hold, &response, (spec, ready), now_ms);
    paint(ui, rect, hold, (spec, &response), (palette, now_ms));
    let ink = ink(spec, palette);
    let left = rect.left() + if spec.hold { 44.0 } else { 20.0 };
    let at = Pos2::new(left, rect.center().y - galley.size().y / 2.0);
    ui.painter().galley_with_override_text_color(at, galley, ink);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, spec.enabled, spec.long));
    if hold.since_ms.is_some() || !spec.armed || hold.first_ms.is_some() {
        ui.ctx().request_repaint();
    }
    (done, response)
}

fn gesture(
    ui: &Ui,
    hold: &mut Hold,
    response: &Response,
    (spec, ready): (SignButton<'_>, bool),
    now_ms: u64,
) -> bool {
    let asked =
        ui.input(|input| input.has_accesskit_action_request(response.id, egui::accesskit::Action::Click));
    let clicked = response.clicked() && !with_modifier(ui);
    if !spec.hold {
        return ready && clicked;
    }
    if asked || (spec.two_press && clicked) {
        return hold.pressed(ready, now_ms);
    }
    if spec.two_press {
        return false;
    }
    let keys = response.has_focus()
        && ui.input(|input| {
            !input.modifiers.any() && (input.key_down(Key::Space) || input.key_down(Key::Enter))
        });
    let pointer = response.is_pointer_button_down_on() && response.contains_pointer();
    // A key that was already down when the focus came here began elsewhere.
    if keys && !pointer && hold.since_ms.is_none() && !hold.spent && !pressed_now(ui) {
        hold.spent = true;
    }
    hold.held(pointer || keys, ready, now_ms)
}

/// A key that presses a button came with Ctrl or the like, which egui takes for a press too.
fn with_modifier(ui: &Ui) -> bool {
    ui.input(|input| {
        input.events.iter().any(|event| {
            matches!(event, egui::Event::Key { key: Key::Space | Key::Enter, pressed: true, modifiers, .. }
                if modifiers.any())
        })
    })
}

fn pressed_now(ui: &Ui) -> bool {
    ui.input(|input| {
        input.events.iter().any(|event| {
            matches!(
                event,
                egui::Event::Key { key: Key::Space | Key::Enter, pressed: true, repeat: false, .. }
            )
        })
    })
}

fn ink(spec: SignButton<'_>, palette: &Palette) -> Color32 {
    match (spec.enabled, spec.danger) {
        (false, _) => palette.text_3,
        (true, true) => palette.text,
        (true, false) => palette.on_accent,
    }
}

fn paint(
    ui: &Ui,
    rect: egui::Rect,
    hold: &Hold,
    (spec, response): (SignButton<'_>, &Response),
    (palette, now_ms): (&Palette, u64),
) {
    let fill = match (spec.enabled, spec.danger) {
        (false, _) => palette.control,
        (true, true) => palette.danger,
        (true, false) => palette.accent,
    };
    let fill = if spec.enabled && !spec.armed { fill.gamma_multiply(0.55) } else { fill };
    let edge = if spec.danger { palette.refuted } else { palette.border };
    ui.painter().rect(rect, 6.0, fill, Stroke::new(2.0, edge), egui::StrokeKind::Inside);
    if response.has_focus() {
        let ring = Stroke::new(2.0, palette.accent);
        ui.painter().rect_stroke(rect.expand(3.0), 8.0, ring, egui::StrokeKind::Outside);
    }
    if spec.hold {
        let centre = Pos2::new(rect.left() + 24.0, rect.center().y);
        let ink = ink(spec, palette);
        ui.painter().circle_stroke(centre, 9.0, Stroke::new(2.0, ink.gamma_multiply(0.4)));
        arc(ui, centre, hold.progress(now_ms), Stroke::new(3.5, ink));
    }
}

/// A ring that fills clockwise from the top.
fn arc(ui: &Ui, centre: Pos2, share: f32, line: Stroke) {
    if share <= 0.0 {
        return;
    }
    let steps = 40_u8;
    let points = (0..=steps).map(|step| {
        let turn = std::f32::consts::TAU * share * f32::from(step) / f32::from(steps);
        centre + vec2(turn.sin(), -turn.cos()) * 9.0
    });
    ui.painter().add(Shape::line(points.collect(), line));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hold_counts_from_its_start_and_is_cancelled_by_release() {
        let mut hold = Hold::default();
        assert!(!hold.held(true, true, 1_000) && !hold.held(true, true, 2_400));
        assert!(!hold.held(false, true, 2_450), "released after 1.4 s");
        assert!(!hold.held(true, true, 2_500) && !hold.held(true, true, 3_999));
        assert!(hold.held(true, true, 4_000));
        assert!(!hold.held(true, true, 9_000), "one hold signs once");
        hold.held(false, true, 9_100);
        assert!(!hold.held(true, true, 9_200) && hold.held(true, true, 10_700));
    }

    #[test]
    fn a_hold_that_began_before_the_button_was_armed_never_counts() {
        let mut hold = Hold::default();
        assert!(!hold.held(true, false, 0));
        assert!(!hold.held(true, true, 1_000) && !hold.held(true, true, 9_000));
        hold.held(false, true, 9_100);
        assert!(!hold.held(true, true, 9_200) && hold.held(true, true, 10_700));
    }

    #[test]
    fn two_presses_count_one_to_ten_seconds_apart() {
        let mut hold = Hold::default();
        assert!(!hold.pressed(true, 1_000) && hold.waits_for_second(2_000));
        assert!(!hold.pressed(true, 1_900), "a double click is one press");
        assert!(hold.pressed(true, 2_000));
        assert!(
            !hold.pressed(true, 20_000) && !hold.pressed(true, 31_000),
            "too late: it is a first one again"
        );
        assert!(hold.pressed(true, 32_500));
        assert!(!hold.pressed(false, 40_000) && !hold.pressed(true, 41_500), "not while it is off");
    }
}
