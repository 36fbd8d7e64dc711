//! What is known of one endpoint's conduct: availability, freshness, honesty.

use crate::sources::http::Carrier;

use super::SourceError;

/// Weight of the newest observation in the running averages.
const NEWEST: f64 = 0.2;
/// The longest a failing endpoint is left alone before one request probes it again, in milliseconds.
const MAX_COOL_DOWN_MS: u64 = 60_000;

/// How an endpoint stands with us.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Standing {
    /// Not asked yet.
    #[default]
    Untried,
    /// Its last answer was usable.
    Healthy,
    /// Its last answer was a failure.
    Failing {
        /// Why.
        why: String,
    },
    /// It serves another network and is not used.
    WrongNetwork {
        /// What it claims and what was expected.
        why: String,
    },
    /// An answer of it broke a rule; it is not asked again until the user forgives it.
    Quarantined {
        /// The rule.
        rule: String,
    },
}

/// The running record of one endpoint.
#[derive(Debug, Clone, Default)]
pub(super) struct Record {
    pub(super) standing: Standing,
    pub(super) network_checked: bool,
    pub(super) carrier: Option<Carrier>,
    /// Running average of success, 0 to 1.
    availability: Option<f64>,
    /// Running average of latency in milliseconds.
    latency_ms: Option<f64>,
    /// Running average of the deviation from it; average plus three of these stands for the 95th percentile.
    deviation_ms: f64,
    failures_in_row: u32,
    pub(super) rest_until_ms: u64,
    pub(super) slots_behind: u64,
    /// Until when that counts against it.
    pub(super) stale_until_ms: u64,
    pub(super) requests: u64,
    /// The user switched it off.
    pub(super) off: bool,
    /// The user removed it: its place stays, nobody sees it.
    pub(super) removed: bool,
    /// The user added it in this program.
    pub(super) by_user: bool,
}

impl Record {
    /// Of an endpoint that nobody asked yet.
    pub(super) fn new(by_user: bool) -> Self {
        Self { by_user, ..Self::default() }
    }

    /// Forgets its conduct; whether it is asked stays.
    pub(super) fn forgive(&mut self) {
        *self = Self { off: self.off, removed: self.removed, ..Self::new(self.by_user) };
    }

    /// How it stands from now on. A reply that was under way when the endpoint was barred does not lift the bar: only the
    /// user does.
    pub(super) fn stands(&mut self, standing: Standing) {
        if !self.is_barred() {
            self.standing = standing;
        }
    }

    pub(super) fn succeeded(&mut self, took_ms: u64, carrier: Option<Carrier>) {
        self.requests = self.requests.saturating_add(1);
        self.stands(Standing::Healthy);
        self.failures_in_row = 0;
        self.rest_until_ms = 0;
        self.carrier = carrier.or_else(|| self.carrier.take());
        let took = took_ms as f64;
        let average = self.latency_ms.unwrap_or(took);
        self.deviation_ms += NEWEST * ((took - average).abs() - self.deviation_ms);
        self.latency_ms = Some(average + NEWEST * (took - average));
        self.observe(1.0);
    }

    /// "Does not have it" and "does not offer it" are answers; everything else is a failure that earns a rest.
    pub(super) fn failed(&mut self, error: &SourceError, now_ms: u64) {
        self.requests = self.requests.saturating_add(1);
        if let SourceError::NotFound | SourceError::Unsupported { .. } | SourceError::Rpc { .. } = error {
            self.failures_in_row = 0;
            return;
        }
        self.stands(Standing::Failing { why: error.to_string() });
        self.failures_in_row = self.failures_in_row.saturating_add(1);
        let rest_ms = match error {
            SourceError::RateLimited { retry_after_ms } => *retry_after_ms,
            // 0.25 s, 0.5 s, 1 s … with up to half of it in jitter, so that clients do not come back in step.
            _ => {
                let base = 250_u64.saturating_mul(1 << self.failures_in_row.saturating_sub(1).min(8));
                base.saturating_add(fastrand::u64(0..=base / 2)).min(MAX_COOL_DOWN_MS)
            }
        };
        self.rest_until_ms = now_ms.saturating_add(rest_ms);
        self.observe(0.0);
    }

    /// May it be asked at all?
    pub(super) fn is_usable(&self) -> bool {
        !(self.is_barred() || self.off || self.removed)
    }

    fn is_barred(&self) -> bool {
        matches!(self.standing, Standing::Quarantined { .. } | Standing::WrongNetwork { .. })
    }

    /// Lower is asked first: resting ones last, then by freshness, availability and speed.
    pub(super) fn cost(&self, now_ms: u64, shares_failed_carrier: bool) -> f64 {
        let resting = if self.rest_until_ms > now_ms { 1e9 } else { 0.0 };
        let behind =
            if self.stale_until_ms > now_ms { (self.slots_behind.min(1_000) as f64) * 1e4 } else { 0.0 };
        let unavailable = (1.0 - self.availability.unwrap_or(0.8)) * 5_000.0;
        let carrier = if shares_failed_carrier { 1e5 } else { 0.0 };
        resting + behind + unavailable + carrier + self.latency_ms.unwrap_or(200.0)
    }

    /// Milliseconds after which a second endpoint is asked too: about the 95th percentile of this one.
    pub(super) fn hedge_after_ms(&self) -> Option<u64> {
        self.latency_ms.map(|average| {
            let millis = (average + 3.0 * self.deviation_ms).clamp(50.0, 5_000.0);
            std::time::Duration::from_secs_f64(millis / 1_000.0).as_millis().try_into().unwrap_or(5_000)
        })
    }

    pub(super) fn availability(&self) -> Option<f64> {
        self.availability
    }

    pub(super) fn latency_ms(&self) -> Option<f64> {
        self.latency_ms
    }

    fn observe(&mut self, outcome: f64) {
        let average = self.availability.unwrap_or(outcome);
        self.availability = Some(average + NEWEST * (outcome - average));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Requests run side by side: the answer to an older one may come after a lie was found out.
    #[test]
    fn a_late_answer_does_not_lift_a_quarantine() {
        let barred = Standing::Quarantined { rule: "the proof is of another root".to_owned() };
        let mut record = Record::new(false);
        record.succeeded(20, None);
        record.stands(barred.clone());
        record.succeeded(20, None);
        assert_eq!((record.standing.clone(), record.is_usable()), (barred.clone(), false));
        record.failed(&SourceError::Timeout { millis: 1 }, 0);
        record.stands(Standing::WrongNetwork { why: "1, expected 2".to_owned() });
        assert_eq!((record.standing.clone(), record.is_usable()), (barred, false));
        record.forgive();
        assert!(record.is_usable());
        record.succeeded(20, None);
        assert_eq!(record.standing, Standing::Healthy);
    }
}
