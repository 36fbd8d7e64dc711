//! The bundled fonts: Roboto for words, JetBrains Mono for hex and for the signs that Roboto lacks.

use std::sync::Arc;

use egui::{FontData, FontDefinitions, FontFamily};

const REGULAR: &[u8] = include_bytes!("../../assets/fonts/Roboto-Regular.ttf");
const MEDIUM: &[u8] = include_bytes!("../../assets/fonts/Roboto-Medium.ttf");
const MONO: &[u8] = include_bytes!("../../assets/fonts/JetBrainsMono-Regular.ttf");

/// The family of headings and of what matters most. Weight marks rank; nothing is slanted or in capitals.
pub(super) fn medium() -> FontFamily {
    FontFamily::Name("medium".into())
}

/// Gives the context its fonts. Needed before its first frame.
pub fn install(context: &egui::Context) {
    let mut fonts = FontDefinitions::default();
    for (name, bytes) in [("Roboto", REGULAR), ("Roboto Medium", MEDIUM), ("JetBrains Mono", MONO)] {
        fonts.font_data.insert(name.to_owned(), Arc::new(FontData::from_static(bytes)));
    }
    let fallback = fonts.families.get(&FontFamily::Proportional).cloned().unwrap_or_default();
    let family = |first: &[&str]| -> Vec<String> {
        first.iter().map(|name| (*name).to_owned()).chain(fallback.iter().cloned()).collect()
    };
    fonts.families.insert(FontFamily::Proportional, family(&["Roboto", "JetBrains Mono"]));
    fonts.families.insert(medium(), family(&["Roboto Medium", "JetBrains Mono"]));
    fonts.families.insert(FontFamily::Monospace, family(&["JetBrains Mono", "Roboto"]));
    context.set_fonts(fonts);
}
