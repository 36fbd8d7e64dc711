//! Situations to look at the window in: each is the practice network with its clock and faults set, never made-up values.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use alloy::primitives::{Address, keccak256};
use async_trait::async_trait;
use lifeboat::app::{Clock, SystemClock};
use lifeboat::cli::{Args, ScenarioArg};
use lifeboat::devnet::execution::PRACTICE_ACCOUNTS;
use lifeboat::devnet::{PracticeError, PracticeNetwork, PracticeOptions};
use lifeboat::gui::{EtherFall, Outage};

const MINUTE_MS: u64 = 60_000;
const DAY_MS: u64 = 24 * 60 * MINUTE_MS;

/// The machine's clock, moved by so much; or one that stands still.
#[derive(Debug)]
pub(crate) struct StageClock {
    moved_ms: AtomicI64,
    frozen_ms: Option<u64>,
}

impl StageClock {
    fn new(moved_ms: i64, frozen_ms: Option<u64>) -> Self {
        Self { moved_ms: AtomicI64::new(moved_ms), frozen_ms }
    }

    pub(crate) fn move_by(&self, millis: i64) {
        self.moved_ms.fetch_add(millis, Ordering::Relaxed);
    }
}

#[async_trait]
impl Clock for StageClock {
    fn unix_ms(&self) -> u64 {
        let base = self.frozen_ms.unwrap_or_else(|| SystemClock.unix_ms());
        base.saturating_add_signed(self.moved_ms.load(Ordering::Relaxed))
    }
    async fn sleep(&self, duration: Duration) {
        SystemClock.sleep(duration).await;
    }
}

/// A situation.
pub(crate) type Scenario = ScenarioArg;

/// The situation, and the clocks of the window and of the core in it.
pub(crate) struct Stage {
    pub(crate) scenario: Option<Scenario>,
    frozen_ms: Option<u64>,
    window: Arc<StageClock>,
    core: Arc<StageClock>,
}

impl Stage {
    /// From the arguments.
    pub(crate) fn set(args: &Args) -> Result<Self, String> {
        let frozen_ms = match &args.window.freeze_time {
            Some(time) => Some(
                u64::try_from(time.as_millisecond())
                    .map_err(|_early| "That time is before 1970".to_owned())?,
            ),
            None => None,
        };
        let scenario = args.window.scenario;
        // Blocks are signed in the slot after theirs: a clock that stands still stands there.
        let into_slot = if frozen_ms.is_some() { 1_500 } else { 0 };
        let moved = into_slot + if scenario == Some(Scenario::ClockBehind) { -250_000 } else { 0 };
        let clock = || Arc::new(StageClock::new(moved, frozen_ms));
        Ok(Self { scenario, frozen_ms, window: clock(), core: clock() })
    }

    pub(crate) fn window_clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.window) as _
    }

    pub(crate) fn core_clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.core) as _
    }

    /// How the practice network starts.
    pub(crate) fn options(&self) -> PracticeOptions {
        let now = self.frozen_ms.unwrap_or_else(|| SystemClock.unix_ms());
        let options = PracticeOptions::at(now);
        match self.scenario {
            Some(Scenario::Syncing) => PracticeOptions { old_periods: 10, ..options },
            Some(Scenario::CheckpointOld) => {
                PracticeOptions { slot_ms: 12_000, ..PracticeOptions::at(now.saturating_sub(23 * DAY_MS)) }
            }
            Some(Scenario::FinalityLate) => PracticeOptions::at(now.saturating_sub(150 * MINUTE_MS)),
            // Two blocks more are made, with fewer signatures or another price: they must not be ahead of the clock.
            Some(Scenario::LowParticipation | Scenario::HfCritical) => {
                PracticeOptions::at(now.saturating_sub(6_000))
            }
            _ => options,
        }
    }

    /// Sets the chain up after its history is made.
    pub(crate) fn dress(&self, network: &PracticeNetwork) -> Result<(), PracticeError> {
        match self.scenario {
            Some(Scenario::LowParticipation) => {
                network.set_participation(360);
                network.advance(2)?;
            }
            Some(Scenario::FinalityLate) => {
                network.set_stalled(true);
                network.skip(150 * MINUTE_MS / 2_000 - 4)?;
                network.advance(2)?;
            }
            Some(Scenario::HfCritical) => {
                network.move_ether(self.ether().percent())?;
                network.advance(2)?;
            }
            _ => {}
        }
        Ok(())
    }

    /// What was ordered of the price of ether before the start.
    pub(crate) fn ether(&self) -> EtherFall {
        if self.scenario == Some(Scenario::HfCritical) { EtherFall::TenPercent } else { EtherFall::None }
    }

    /// True where blocks come with the clock.
    pub(crate) fn runs(&self) -> bool {
        self.frozen_ms.is_none() && self.scenario != Some(Scenario::CheckpointOld)
    }

    /// Faults of the first act: by place among beacon endpoints, then execution endpoints, of which there are three each.
    pub(crate) fn first_faults(&self) -> Vec<(usize, Outage)> {
        let all = |outage| (0..6).map(move |at| (at, outage));
        match self.scenario {
            Some(Scenario::Syncing) => all(Outage::Slow).collect(),
            Some(Scenario::OneLiar) => vec![(3, Outage::Lie)],
            Some(Scenario::AllLiars) => (3..6).map(|at| (at, Outage::Lie)).collect(),
            _ => Vec::new(),
        }
    }

    /// Faults of the second act. The window's clock moves on with them, so that nobody has to wait.
    pub(crate) fn second_faults(&self) -> Vec<(usize, Outage)> {
        let all = |outage| (0..6).map(move |at| (at, outage)).collect();
        match self.scenario {
            Some(Scenario::EndpointsDown) => {
                self.window.move_by(840_000);
                all(Outage::Off)
            }
            Some(Scenario::Stale) => {
                self.window.move_by(840_000);
                all(Outage::Freeze)
            }
            Some(Scenario::SlowHead) => {
                self.window.move_by(55_000);
                all(Outage::Freeze)
            }
            _ => Vec::new(),
        }
    }
}

/// What a situation shows of accounts.
pub(crate) trait Cast {
    /// Addresses that are watched.
    fn watched(self) -> Vec<Address>;
    /// Their names.
    fn names(self) -> Vec<String>;
    /// How many contacts there are.
    fn contacts(self) -> usize;
    /// Something changes once everything is shown.
    fn has_second_act(self) -> bool;
}

impl Cast for Scenario {
    fn watched(self) -> Vec<Address> {
        let account = |at: usize| PRACTICE_ACCOUNTS.get(at).map(|account| account.address);
        match self {
            Self::Firstrun | Self::Syncing | Self::CheckpointOld => Vec::new(),
            Self::Empty => vec![Address::from_word(keccak256("an address that nobody uses"))],
            _ => (0..3).filter_map(account).collect(),
        }
    }

    fn names(self) -> Vec<String> {
        match self {
            Self::LongNames => vec![
                "The savings that I share with my sister and must not touch now".to_owned(),
                "Wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww".to_owned(),
                "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbea".to_owned(),
            ],
            Self::Empty => vec!["New".to_owned()],
            _ => ["Main", "Savings", "Team"].map(str::to_owned).to_vec(),
        }
    }

    fn contacts(self) -> usize {
        match self {
            Self::ManyRows => 5_000,
            Self::Normal | Self::Practice | Self::LongNames => 3,
            _ => 0,
        }
    }

    fn has_second_act(self) -> bool {
        matches!(self, Self::EndpointsDown | Self::Stale | Self::SlowHead)
    }
}
