//! What can be said of the window before it opens.

use std::path::PathBuf;

use alloy::primitives::{Address, B256};
use clap::{Args, ValueEnum};

use super::value;
use crate::app::Deployments;

/// How the window starts, for those who look at it from outside.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Window")]
pub struct WindowArgs {
    /// Start on this screen
    #[arg(long, value_name = "NAME", value_parser = ["firstrun", "home", "send", "sign", "review", "activity", "transaction", "positions", "exit-plan", "approvals", "safe", "explorer", "contracts", "network", "accounts", "settings", "about", "practice", "messages"])]
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

    /// Your own deployments of known protocols, as a JSON file; nobody vouches for them
    #[arg(long = "own-deployments", value_name = "FILE", value_parser = deployments)]
    pub own_deployments: Option<Deployments>,

    /// Look this transaction up at once
    #[arg(long, value_name = "HASH", value_parser = value::hash)]
    pub look_up: Option<B256>,

    /// Write a picture of the window here once nothing loads any more, and end
    #[arg(long, value_name = "FILE.png")]
    pub shot: Option<PathBuf>,

    /// Write the accessibility tree as JSON here, and end
    #[arg(long, value_name = "FILE.json")]
    pub dump_a11y: Option<PathBuf>,

    /// Ask nobody for anything until you say so: Network lists who would be asked
    #[arg(long)]
    pub offline_first: bool,

    /// Show the practice network in this situation
    #[arg(long, value_enum)]
    pub scenario: Option<ScenarioArg>,

    /// Let the clock of the practice network stand at this time, as 2026-01-01T12:00:00Z
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub freeze_time: Option<jiff::Timestamp>,

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

/// Situations of the practice network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ScenarioArg {
    /// All is well
    Normal,
    /// Nothing is watched yet
    Firstrun,
    /// Ten committee periods to catch up with, over slow endpoints
    Syncing,
    /// An address that nobody uses
    Empty,
    /// 5,000 contacts
    ManyRows,
    /// Names as long as they may be
    LongNames,
    /// Every endpoint goes away
    EndpointsDown,
    /// One execution endpoint lies
    OneLiar,
    /// Every execution endpoint lies
    AllLiars,
    /// No new head for 14 minutes
    Stale,
    /// No new head for about a minute
    SlowHead,
    /// The checkpoint is 23 days old
    CheckpointOld,
    /// This computer's clock is 4 minutes behind
    ClockBehind,
    /// Nothing becomes final
    FinalityLate,
    /// 360 of 512 sign
    LowParticipation,
    /// Ether has fallen by a tenth: the loan is close to its line
    HfCritical,
    /// The control panel
    Practice,
}

fn deployments(path: &str) -> Result<Deployments, String> {
    let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
    Deployments::parse(&text).map_err(|error| error.to_string())
}

fn time(text: &str) -> Result<jiff::Timestamp, String> {
    text.parse()
        .map_err(|_wrong: jiff::Error| format!("{text:?} is no time: give one as 2026-01-01T12:00:00Z"))
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
