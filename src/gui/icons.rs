//! The navigation's icons, painted: no font has them all.

use egui::{Color32, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, vec2};

use super::screen::Screen;

/// Paints the icon of `screen` around `centre`, 18 points wide.
#[expect(clippy::too_many_lines, reason = "one short arm a screen")]
pub(super) fn paint(painter: &Painter, screen: Screen, centre: Pos2, colour: Color32) {
    let line = Stroke::new(1.7, colour);
    let at = |x: f32, y: f32| centre + vec2(x, y);
    match screen {
        Screen::Home | Screen::FirstRun => {
            painter.add(Shape::line(vec![at(-8.0, 0.0), at(0.0, -7.5), at(8.0, 0.0)], line));
            painter.add(Shape::line(vec![at(-5.5, -1.0), at(-5.5, 7.0), at(5.5, 7.0), at(5.5, -1.0)], line));
        }
        Screen::Positions | Screen::ExitPlan => {
            for (x, height) in [(-5.5, 5.0), (0.0, 9.0), (5.5, 13.0)] {
                let bar = Rect::from_min_max(at(x - 2.0, 7.0 - height), at(x + 2.0, 7.0));
                painter.rect_stroke(bar, 1.0, line, StrokeKind::Inside);
            }
        }
        Screen::Approvals => {
            painter.circle_stroke(at(-3.5, -3.5), 3.6, line);
            painter.line_segment([at(-0.8, -0.8), at(7.0, 7.0)], line);
            painter.line_segment([at(4.0, 4.0), at(6.4, 1.6)], line);
        }
        Screen::Safe => {
            let body = Rect::from_center_size(centre, vec2(15.0, 14.0));
            painter.rect_stroke(body, 2.0, line, StrokeKind::Inside);
            painter.circle_stroke(centre, 3.0, line);
        }
        Screen::Send => {
            painter.line_segment([at(-6.5, 6.5), at(6.0, -6.0)], line);
            painter.add(Shape::line(vec![at(-2.5, -6.5), at(6.5, -6.5), at(6.5, 2.5)], line));
        }
        Screen::Activity | Screen::Transaction => {
            painter.circle_stroke(centre, 7.0, line);
            painter.add(Shape::line(vec![at(0.0, -4.2), at(0.0, 0.4), at(3.4, 2.4)], line));
        }
        Screen::Sign | Screen::Review => {
            painter.add(Shape::line(vec![at(-6.0, 0.5), at(-1.5, 5.0), at(6.5, -5.0)], line));
        }
        Screen::Explorer => {
            painter.circle_stroke(at(-1.5, -1.5), 5.5, line);
            painter.line_segment([at(2.5, 2.5), at(7.5, 7.5)], Stroke::new(2.2, colour));
        }
        Screen::Contracts => {
            let page = Rect::from_center_size(centre, vec2(12.0, 15.0));
            painter.rect_stroke(page, 1.5, line, StrokeKind::Inside);
            for y in [-3.5, 0.0, 3.5] {
                painter.line_segment([at(-3.2, y), at(3.2, y)], line);
            }
        }
        Screen::Accounts => {
            painter.circle_stroke(at(0.0, -3.6), 3.4, line);
            painter.add(Shape::line(
                vec![at(-7.0, 7.2), at(-6.0, 3.4), at(-3.0, 1.8), at(3.0, 1.8), at(6.0, 3.4), at(7.0, 7.2)],
                line,
            ));
        }
        Screen::Network => {
            for (x, y) in [(0.0, -5.5), (-6.0, 5.0), (6.0, 5.0)] {
                painter.circle_stroke(at(x, y), 2.3, line);
            }
            painter.line_segment([at(-1.2, -3.4), at(-4.8, 3.0)], line);
            painter.line_segment([at(1.2, -3.4), at(4.8, 3.0)], line);
            painter.line_segment([at(-3.6, 5.0), at(3.6, 5.0)], line);
        }
        Screen::Settings => {
            for (y, knob) in [(-5.0, 3.0), (0.0, -3.0), (5.0, 2.0)] {
                painter.line_segment([at(-7.5, y), at(7.5, y)], line);
                painter.circle_filled(at(knob, y), 2.4, colour);
            }
        }
        Screen::About => {
            painter.circle_stroke(centre, 7.5, line);
            painter.circle_filled(at(0.0, -3.4), 1.2, colour);
            painter.line_segment([at(0.0, -0.6), at(0.0, 4.2)], Stroke::new(2.0, colour));
        }
        Screen::Practice => {
            painter.circle_stroke(centre, 7.5, line);
            painter.circle_stroke(centre, 3.2, line);
            for (x, y) in [(0.0, 1.0), (0.0, -1.0), (1.0, 0.0), (-1.0, 0.0)] {
                painter.line_segment([at(x * 3.2, y * 3.2), at(x * 7.5, y * 7.5)], line);
            }
        }
        Screen::Messages => {
            let rect = Rect::from_center_size(centre, vec2(15.0, 11.0));
            painter.rect_stroke(rect, 2.0, line, StrokeKind::Inside);
        }
    }
}

/// How serious something is; a family of shapes apart from the badges.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Severity {
    /// All is well.
    Ok,
    /// Good to know.
    Info,
    /// Take care.
    Caution,
    /// Something is wrong.
    Danger,
}

/// Paints the shape of a severity around `centre`.
pub(super) fn severity(
    painter: &Painter,
    severity: Severity,
    centre: Pos2,
    colour: Color32,
    ground: Color32,
) {
    let at = |x: f32, y: f32| centre + vec2(x, y);
    let dot = |painter: &Painter, y: f32| {
        painter.circle_filled(at(0.0, y), 1.2, ground);
    };
    match severity {
        Severity::Ok => {
            painter.add(Shape::line(
                vec![at(-5.0, 0.5), at(-1.5, 4.0), at(5.0, -4.0)],
                Stroke::new(2.2, colour),
            ));
        }
        Severity::Info => {
            painter.rect_filled(Rect::from_center_size(centre, vec2(15.0, 15.0)), 3.0, colour);
            dot(painter, -4.0);
            painter.line_segment([at(0.0, -1.2), at(0.0, 4.8)], Stroke::new(2.0, ground));
        }
        Severity::Caution => {
            let tips = vec![at(0.0, -8.0), at(8.5, 7.0), at(-8.5, 7.0)];
            painter.add(Shape::convex_polygon(tips, colour, Stroke::NONE));
            painter.line_segment([at(0.0, -3.2), at(0.0, 2.4)], Stroke::new(2.0, ground));
            dot(painter, 4.8);
        }
        Severity::Danger => {
            let tips = [
                (-3.3, -8.0),
                (3.3, -8.0),
                (8.0, -3.3),
                (8.0, 3.3),
                (3.3, 8.0),
                (-3.3, 8.0),
                (-8.0, 3.3),
                (-8.0, -3.3),
            ];
            let tips = tips.into_iter().map(|(x, y)| at(x, y)).collect();
            painter.add(Shape::convex_polygon(tips, colour, Stroke::NONE));
            let line = Stroke::new(2.0, ground);
            painter.line_segment([at(-3.0, -3.0), at(3.0, 3.0)], line);
            painter.line_segment([at(-3.0, 3.0), at(3.0, -3.0)], line);
        }
    }
}
