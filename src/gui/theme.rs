//! Every colour of the window, by role: dark, light and high contrast.

use egui::{Color32, CornerRadius, FontFamily, FontId, Margin, Stroke, TextStyle, Theme, Visuals};
use serde::{Deserialize, Serialize};

use super::fonts::medium;

/// What the user chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum ThemeChoice {
    /// As the system.
    #[default]
    System,
    /// Dark.
    Dark,
    /// Light.
    Light,
    /// Dark with the strongest contrast.
    HighContrast,
}

/// Colours by role. Text pairs measure 4.5:1 or more on `page`, `card` and `control`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Palette {
    /// A dark palette.
    pub dark: bool,
    /// The window's background.
    pub page: Color32,
    /// Cards and bars.
    pub card: Color32,
    /// Buttons and fields.
    pub control: Color32,
    /// What is chosen.
    pub selected: Color32,
    /// Decorative lines.
    pub line: Color32,
    /// Borders of controls.
    pub border: Color32,
    /// Text.
    pub text: Color32,
    /// Quieter text.
    pub text_2: Color32,
    /// The quietest text.
    pub text_3: Color32,
    /// Links, focus, the primary action.
    pub accent: Color32,
    /// Text on `accent`.
    pub on_accent: Color32,
    /// Background of cautions.
    pub caution: Color32,
    /// Background of dangers.
    pub danger: Color32,
    /// Background of information.
    pub info: Color32,
    /// Final, and what is well.
    pub final_: Color32,
    /// Latest.
    pub latest: Color32,
    /// Unverified, and cautions.
    pub unverified: Color32,
    /// Stale.
    pub stale: Color32,
    /// Refuted, and dangers.
    pub refuted: Color32,
    /// The practice bar.
    pub practice: Color32,
    /// Text on the practice bar.
    pub on_practice: Color32,
}

const fn hex(rgb: u32) -> Color32 {
    let [_, red, green, blue] = rgb.to_be_bytes();
    Color32::from_rgb(red, green, blue)
}

impl Palette {
    /// The dark palette.
    pub const DARK: Self = Self {
        dark: true,
        page: hex(0x0F_1419),
        card: hex(0x16_1D24),
        control: hex(0x1F_2831),
        selected: hex(0x2A_3540),
        line: hex(0x3A_4753),
        border: hex(0x70_8190),
        text: hex(0xE8_EDF2),
        text_2: hex(0xAE_BBC7),
        text_3: hex(0x87_96A4),
        accent: hex(0x5A_B0FF),
        on_accent: hex(0x06_131F),
        caution: hex(0x33_2A14),
        danger: hex(0x3A_1D1F),
        info: hex(0x15_283A),
        final_: hex(0x4C_C9A4),
        latest: hex(0x6F_B6FF),
        unverified: hex(0xE3_B341),
        stale: hex(0xB9_A6E8),
        refuted: hex(0xFF_7B72),
        practice: hex(0x3B_2A4F),
        on_practice: hex(0xD7_A8FF),
    };
    /// The light palette.
    pub const LIGHT: Self = Self {
        dark: false,
        page: hex(0xF4_F6F8),
        card: hex(0xFF_FFFF),
        control: hex(0xEB_EFF3),
        selected: hex(0xDD_E4EA),
        line: hex(0xB6_C2CD),
        border: hex(0x74_838F),
        text: hex(0x14_202B),
        text_2: hex(0x44_535F),
        text_3: hex(0x5B_6B78),
        accent: hex(0x0B_62C4),
        on_accent: hex(0xFF_FFFF),
        caution: hex(0xFF_F4D6),
        danger: hex(0xFB_E9E7),
        info: hex(0xE3_EEFB),
        final_: hex(0x0B_6B52),
        latest: hex(0x0B_62C4),
        unverified: hex(0x8A_5A00),
        stale: hex(0x5F_46A8),
        refuted: hex(0xB3_261E),
        practice: hex(0xF1_E4FB),
        on_practice: hex(0x7A_2FA8),
    };
    /// Dark, with all text and borders at full strength.
    pub const HIGH_CONTRAST: Self = Self {
        page: hex(0x00_0000),
        card: hex(0x00_0000),
        line: hex(0xFF_FFFF),
        border: hex(0xFF_FFFF),
        text: hex(0xFF_FFFF),
        text_2: hex(0xFF_FFFF),
        text_3: hex(0xFF_FFFF),
        ..Self::DARK
    };

    /// The palette for a choice; `system` is what the desktop prefers.
    pub fn of(choice: ThemeChoice, system: Option<Theme>) -> Self {
        match (choice, system) {
            (ThemeChoice::HighContrast, _) => Self::HIGH_CONTRAST,
            (ThemeChoice::Light, _) | (ThemeChoice::System, Some(Theme::Light)) => Self::LIGHT,
            _ => Self::DARK,
        }
    }

    /// Makes every widget of `ctx` wear this palette. `calm` means larger targets.
    pub fn wear(&self, ctx: &egui::Context, calm: bool) {
        let theme = if self.dark { Theme::Dark } else { Theme::Light };
        ctx.set_theme(theme);
        let visuals = self.visuals();
        // Both of egui's themes wear it: a change of theme reaches the style in force only with the next frame.
        ctx.all_styles_mut(|style| {
            style.visuals = visuals.clone();
            style.animation_time = 0.0;
            let space = &mut style.spacing;
            space.item_spacing = egui::vec2(8.0, 6.0);
            // Buttons come to 36 points, 45 in calm mode.
            space.button_padding = egui::vec2(12.0, if calm { 14.0 } else { 9.5 });
            space.interact_size = egui::vec2(40.0, if calm { 40.0 } else { 32.0 });
            space.icon_width = 18.0;
            space.icon_width_inner = 10.0;
            style.text_styles = [
                (TextStyle::Heading, FontId::new(22.0, medium())),
                (TextStyle::Name("section".into()), FontId::new(15.0, medium())),
                (TextStyle::Name("display".into()), FontId::new(30.0, medium())),
                (TextStyle::Body, FontId::new(14.0, FontFamily::Proportional)),
                (TextStyle::Button, FontId::new(14.0, FontFamily::Proportional)),
                (TextStyle::Small, FontId::new(12.0, FontFamily::Proportional)),
                (TextStyle::Monospace, FontId::new(12.5, FontFamily::Monospace)),
            ]
            .into();
        });
    }

    fn visuals(&self) -> Visuals {
        let mut visuals = if self.dark { Visuals::dark() } else { Visuals::light() };
        visuals.override_text_color = Some(self.text);
        visuals.weak_text_color = Some(self.text_2);
        visuals.hyperlink_color = self.accent;
        visuals.faint_bg_color = self.control;
        visuals.extreme_bg_color = self.control;
        visuals.text_edit_bg_color = Some(self.control);
        visuals.code_bg_color = self.control;
        visuals.warn_fg_color = self.unverified;
        visuals.error_fg_color = self.refuted;
        visuals.window_fill = self.card;
        visuals.panel_fill = self.page;
        visuals.window_stroke = Stroke::new(1.0, self.border);
        visuals.window_shadow = egui::Shadow::NONE;
        visuals.popup_shadow = egui::Shadow::NONE;
        visuals.window_corner_radius = CornerRadius::same(8);
        visuals.menu_corner_radius = CornerRadius::same(8);
        visuals.selection.bg_fill = self.accent.gamma_multiply(0.35);
        visuals.selection.stroke = Stroke::new(2.0, self.accent);
        let widgets = &mut visuals.widgets;
        for (widget, fill, line) in [
            (&mut widgets.noninteractive, self.card, Stroke::new(1.0, self.line)),
            (&mut widgets.inactive, self.control, Stroke::new(1.0, self.border)),
            (&mut widgets.hovered, self.selected, Stroke::new(2.0, self.accent)),
            (&mut widgets.active, self.selected, Stroke::new(2.0, self.accent)),
            (&mut widgets.open, self.selected, Stroke::new(1.0, self.border)),
        ] {
            widget.bg_fill = fill;
            widget.weak_bg_fill = fill;
            widget.bg_stroke = line;
            widget.fg_stroke = Stroke::new(1.5, self.text);
            widget.corner_radius = CornerRadius::same(6);
            widget.expansion = 0.0;
        }
        visuals
    }

    /// A card's frame.
    pub fn card_frame(&self) -> egui::Frame {
        egui::Frame::new()
            .fill(self.card)
            .stroke(Stroke::new(1.0, self.line))
            .corner_radius(CornerRadius::same(8))
            .inner_margin(Margin::same(12))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn luminance(colour: Color32) -> f64 {
        let [red, green, blue, _] = egui::Rgba::from(colour).to_array();
        0.2126 * f64::from(red) + 0.7152 * f64::from(green) + 0.0722 * f64::from(blue)
    }

    fn contrast(one: Color32, other: Color32) -> f64 {
        let (a, b) = (luminance(one), luminance(other));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn text_can_be_read_on_every_ground() {
        for palette in [Palette::DARK, Palette::LIGHT, Palette::HIGH_CONTRAST] {
            for ground in [palette.page, palette.card, palette.control] {
                for text in [palette.text, palette.text_2, palette.text_3] {
                    assert!(
                        contrast(text, ground) >= 4.4,
                        "{text:?} on {ground:?}: {}",
                        contrast(text, ground)
                    );
                }
                assert!(contrast(palette.border, ground) >= 3.0, "border on {ground:?}");
            }
            for badge in [palette.final_, palette.latest, palette.unverified, palette.stale, palette.refuted]
            {
                assert!(contrast(badge, palette.card) >= 4.5, "{badge:?}: {}", contrast(badge, palette.card));
            }
            assert!(contrast(palette.on_accent, palette.accent) >= 4.5);
            assert!(contrast(palette.on_practice, palette.practice) >= 4.5);
        }
    }
}
