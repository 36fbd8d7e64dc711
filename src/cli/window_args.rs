//! What can be said of the window before it opens.

use std::path::PathBuf;

use alloy::primitives::{Address, B256};
use clap::{Args, ValueEnum};

use super::value;

/// How the window starts, for those who look at it from outside.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Window")]
pub struct WindowArgs {
    /// Start on this screen
    #[arg(long, value_name = "NAME", value_parser = ["firstrun", "home", "explorer", "network", "settings", "about", "practice", "messages"])]
    pub screen: Option<String>,

    /// Colours, in place of the chosen ones
    #[arg(long, value_enum)]
    pub theme: Option<ThemeArg>,

    /// Zoom, as 1.25
    #[arg(long, value_name = "FACTOR", value_parser = factor)]
    pub zoom: Option<f32>,

    /// Size of the window in points, as 1100x720
    #[arg(long, value_name = "WxH", value_parser = size)]
    pub size: Option<(f32, f32)>,

    /// Look at this address without keeping it; may be repeated
    #[arg(long, value_name = "ADDRESS", value_parser = value::address)]
    pub watch: Vec<Address>,

    /// Look this transaction up at once
    #[arg(long, value_name = "HASH", value_parser = value::hash)]
    pub look_up: Option<B256>,

    /// Write a picture of the window here once nothing loads any more, and end
    #[arg(long, value_name = "FILE.png")]
    pub shot: Option<PathBuf>,

    /// Write the accessibility tree as JSON here, and end
    #[arg(long, value_name = "FILE.json")]
    pub dump_a11y: Option<PathBuf>,

    /// Wait at least this long before
    #[arg(long, value_name = "MILLISECONDS", default_value_t = 1_500)]
    pub shot_after: u64,
}

/// Colours by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ThemeArg {
    /// Dark
    Dark,
    /// Light
    Light,
    /// High contrast
    Contrast,
}

fn factor(text: &str) -> Result<f32, String> {
    let range = 0.5..=3.0;
    let found = text.parse().ok().filter(|factor| range.contains(factor));
    found.ok_or_else(|| format!("{text:?} is no zoom: give a number from 0.5 to 3, as 1.25"))
}

fn size(text: &str) -> Result<(f32, f32), String> {
    let sides = text.split_once('x').and_then(|(w, h)| Some((w.parse().ok()?, h.parse().ok()?)));
    let found = sides.filter(|(width, height): &(f32, f32)| *width >= 300.0 && *height >= 200.0);
    found.ok_or_else(|| format!("{text:?} is no size: give width and height, as 1100x720"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_zooms() {
        assert_eq!(size("1100x720"), Ok((1100.0, 720.0)));
        assert!(size("10x10").is_err() && size("wide").is_err());
        assert_eq!(factor("1.25"), Ok(1.25));
        assert!(factor("9").is_err() && factor("NaN").is_err());
    }
}
