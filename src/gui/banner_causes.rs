//! What is wrong now, as banners: each says what happened, what it means, and what can be done here.

use super::format;
use super::icons::Severity;
use super::known::{STALE_SECS, final_age_secs, head_age_secs};
use super::refresh;
use super::ui_state::UiState;
use super::words::Word;
use crate::app::{EndpointReport, Lie, Loadable, Reason, Snapshot, Standing, SyncView};

/// Older than this, and the newest final block says that the chain does not finalize.
const NOT_FINALIZING_SECS: u64 = 7_200;
/// A clock that is wrong by more than this makes ages wrong.
const SKEW_SECS: u64 = 60;

/// What a banner offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Act {
    /// Ask all endpoints again.
    Retry,
    /// The form for another endpoint.
    AddEndpoint,
    /// Ask nobody, or go on.
    Offline(bool),
    /// Network.
    OpenNetwork,
    /// Network, where the lie is shown.
    SeeProof,
    /// This text to the clipboard.
    CopyEvidence(String),
    /// Go on with ages that say "about".
    AgesAbout,
    /// The plan out of a protocol, of the account at this place.
    OpenExit(usize, String),
    /// Positions of the account at this place.
    OpenPositions(usize),
    /// Accounts, where a key is added.
    AddSigner,
    /// The user has read it.
    Understood,
}

impl Act {
    pub(super) fn word(&self) -> Word {
        match self {
            Self::Retry => Word::RetryNow,
            Self::AddEndpoint => Word::AddAnEndpoint,
            Self::Offline(true) => Word::WorkOffline,
            Self::Offline(false) => Word::GoOnline,
            Self::OpenNetwork => Word::GoNetwork,
            Self::SeeProof => Word::SeeTheProof,
            Self::CopyEvidence(_) => Word::CopyEvidence,
            Self::AgesAbout => Word::ContinueAbout,
            Self::OpenExit(..) => Word::AlertOpenExit,
            Self::OpenPositions(_) => Word::Positions,
            Self::AddSigner => Word::AddWord,
            Self::Understood => Word::NotNow,
        }
    }
}

/// One thing that is wrong now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Banner {
    /// How serious.
    pub severity: Severity,
    /// What happened.
    pub title: String,
    /// What it means and what to do.
    pub lines: Vec<String>,
    /// What is offered.
    pub acts: Vec<Act>,
}

impl Banner {
    fn new(severity: Severity, title: String) -> Self {
        Self { severity, title, lines: Vec::new(), acts: Vec::new() }
    }

    fn line(mut self, line: String) -> Self {
        self.lines.push(line);
        self
    }

    fn offer(mut self, acts: &[Act]) -> Self {
        self.acts.extend_from_slice(acts);
        self
    }
}

/// Everything that is wrong now, the most serious first.
pub(super) fn banners(snapshot: &Snapshot, state: &UiState) -> Vec<Banner> {
    let mut found: Vec<Banner> = Vec::new();
    if snapshot.offline {
        let banner = Banner::new(Severity::Info, state.t(Word::OfflineTitle).to_owned());
        let banner = banner.line(state.t(Word::OfflineMeans).to_owned());
        found.push(banner.offer(&[Act::Offline(false), Act::OpenNetwork]));
    } else {
        found.extend(of_the_head(snapshot, state));
    }
    found.extend(refuted(snapshot, state));
    found.extend(super::alerts::banners(snapshot, state));
    found.extend(snapshot.lies.last().and_then(|lie| lied(lie, snapshot, state)));
    found.extend(skewed(snapshot, state));
    if let Some(age) = final_age_secs(snapshot, state.now_ms).filter(|age| *age > NOT_FINALIZING_SECS) {
        found.push(Banner::new(Severity::Caution, state.tf(Word::NotFinalizing, &[&format::age(age)])));
    }
    if let Some(head) = snapshot.head.as_ref().filter(|head| head.proven.participants() > 0)
        && head.proven.participants().saturating_mul(5) < head.proven.committee_size().saturating_mul(4)
    {
        let (signed, of) = (head.proven.participants().to_string(), head.proven.committee_size().to_string());
        found.push(Banner::new(Severity::Caution, state.tf(Word::LowSigned, &[&signed, &of])));
    }
    // The core tells of a lie too: once is enough while its banner stands.
    let of_lie = |text: &&String| !text.contains("broke a rule");
    let told = state.notices.last().or_else(|| snapshot.notices.iter().map(|one| &one.text).rfind(of_lie));
    found.extend(told.map(|text| Banner::new(Severity::Info, text.clone())));
    let signs = snapshot.wallet.accounts.iter().any(|one| one.kind.can_sign());
    if !state.kept.told_watch_only && !signs && !state.book.watched.is_empty() {
        let banner = Banner::new(Severity::Info, state.t(Word::LookingOnly).to_owned());
        found.push(banner.offer(&[Act::AddSigner, Act::Understood]));
    }
    found.sort_by_key(|banner| std::cmp::Reverse(banner.severity));
    found
}

/// Why there is no fresh head, if there is none.
fn of_the_head(snapshot: &Snapshot, state: &UiState) -> Vec<Banner> {
    let age = head_age_secs(snapshot, state.now_ms);
    if let Some(down) = all_down(snapshot, age, state) {
        return vec![down];
    }
    let mut found = Vec::new();
    match &snapshot.sync {
        SyncView::NeedsCheckpoint(reason) => {
            let gate = gate(snapshot, state).unwrap_or_else(|| told(Severity::Danger, reason, state));
            found.push(gate.offer(&[Act::OpenNetwork]));
        }
        SyncView::Failed(reason) => {
            found.push(told(Severity::Caution, reason, state).offer(&[Act::Retry, Act::OpenNetwork]));
        }
        _ => {
            if let Some(reason) = &snapshot.no_reads {
                found.push(told(Severity::Caution, reason, state).offer(&[Act::Retry, Act::OpenNetwork]));
            }
        }
    }
    if let Some(age) = age.filter(|age| *age > STALE_SECS) {
        let banner = Banner::new(Severity::Caution, state.tf(Word::BannerStale, &[&format::age(age)]));
        found.push(banner.offer(&[Act::Retry, Act::OpenNetwork]));
    }
    found
}

/// Where trust starts is too old (flow 10).
fn gate(snapshot: &Snapshot, state: &UiState) -> Option<Banner> {
    let shipped = snapshot.network.checkpoint.and_then(|one| one.slot);
    let slot = snapshot.checkpoint.and_then(|one| one.slot).or(shipped)?;
    let age = state.now_ms.saturating_sub(snapshot.network.slot_start_ms(slot)) / 1_000;
    let title = state.tf(Word::GateTitle, &[&format::age(age)]);
    Some(Banner::new(Severity::Danger, title).line(state.t(Word::GateMeans).to_owned()))
}

/// Endpoints that may be asked at all.
fn usable(snapshot: &Snapshot) -> Vec<&EndpointReport> {
    let usable = |one: &&EndpointReport| {
        one.on && !matches!(one.standing, Standing::Quarantined { .. } | Standing::WrongNetwork { .. })
    };
    snapshot.endpoints.iter().filter(usable).collect()
}

/// No endpoint gives a usable answer (flow 11).
fn all_down(snapshot: &Snapshot, age: Option<u64>, state: &UiState) -> Option<Banner> {
    let left = usable(snapshot);
    let why = |one: &&EndpointReport| match &one.standing {
        Standing::Failing { why } => Some(why.clone()),
        _ => None,
    };
    let reasons: Vec<String> = left.iter().filter_map(why).collect();
    if left.is_empty() || reasons.len() < left.len() {
        return None;
    }
    let title = match age {
        Some(age) => state.tf(Word::NoEndpointSince, &[&format::age(age)]),
        None => state.t(Word::NoEndpointNever).to_owned(),
    };
    let block = snapshot.head.and_then(|head| head.block).map(|block| format::number(block.number));
    let mut means = match block {
        Some(block) => state.tf(Word::NotFundsMoveBlock, &[&block]),
        None => state.t(Word::NotFundsMove).to_owned(),
    };
    if let Some(next) = snapshot.next_try_ms {
        let secs = next.saturating_sub(state.now_ms).div_ceil(1_000).max(1);
        means.push(' ');
        means.push_str(&state.tf(Word::NextTry, &[&format::age(secs)]));
    }
    let lookup = |why: &String| why.contains("lookup") || why.contains("dns") || why.contains("resolve");
    let where_ = if reasons.iter().all(lookup) { Word::YourNetworkDown } else { Word::HostsRefuse };
    let banner = Banner::new(Severity::Danger, title).line(means).line(state.t(where_).to_owned());
    Some(banner.offer(&[Act::Retry, Act::AddEndpoint, Act::Offline(true)]))
}

/// No endpoint could prove the accounts (flow 12 b).
fn refuted(snapshot: &Snapshot, state: &UiState) -> Option<Banner> {
    refresh::refuted(snapshot, state)?;
    let banner = Banner::new(Severity::Danger, state.t(Word::NoneCouldProve).to_owned());
    Some(banner.offer(&[Act::AddEndpoint, Act::SeeProof]))
}

/// An endpoint lied and others prove what is shown (flow 12 a).
fn lied(lie: &Lie, snapshot: &Snapshot, state: &UiState) -> Option<Banner> {
    let still_out = |one: &&EndpointReport| {
        one.id == lie.endpoint && matches!(one.standing, Standing::Quarantined { .. })
    };
    let liar = snapshot.endpoints.iter().find(still_out)?;
    let others =
        usable(snapshot).iter().any(|one| one.kind == liar.kind && one.standing == Standing::Healthy);
    let name = lie.endpoint.to_string();
    let title = state.tf(Word::SentFalseData, &[&name, &lie.rule]);
    let mut second = state.tf(Word::RejectedIt, &[&name]);
    if others {
        second.push(' ');
        second.push_str(state.t(Word::OthersProve));
    }
    let evidence = evidence(lie);
    Some(
        Banner::new(Severity::Caution, title)
            .line(second)
            .offer(&[Act::SeeProof, Act::CopyEvidence(evidence)]),
    )
}

/// A refused reply as text: who, when, which rule, and the bytes.
pub(super) fn evidence(lie: &Lie) -> String {
    let bytes = alloy::primitives::hex::encode(&lie.bytes);
    let time = format::utc(lie.at_ms / 1_000);
    format!("endpoint: {}\ntime: {time}\nrule: {}\nreply (hex): {bytes}\n", lie.endpoint, lie.rule)
}

/// How far this computer's clock is from the others', in seconds, where that is enough to matter.
pub(in crate::gui) fn skew_secs(snapshot: &Snapshot) -> Option<(u64, bool)> {
    let millis = snapshot.clock_skew_ms?;
    let secs = millis.unsigned_abs() / 1_000;
    (secs > SKEW_SECS).then_some((secs, millis > 0))
}

fn skewed(snapshot: &Snapshot, state: &UiState) -> Option<Banner> {
    let (secs, behind) = skew_secs(snapshot)?;
    let word = if behind { Word::ClockBehind } else { Word::ClockAhead };
    let banner = Banner::new(Severity::Caution, state.tf(word, &[&format::long_age(secs)]));
    let banner = banner.line(state.t(Word::ClockBasis).to_owned()).line(state.t(Word::ClockFix).to_owned());
    Some(if state.network.about { banner } else { banner.offer(&[Act::AgesAbout]) })
}

fn told(severity: Severity, reason: &Reason, state: &UiState) -> Banner {
    let next = super::banner::next_here(reason, state);
    Banner::new(severity, reason.what.clone())
        .line(state.tf(Word::ItMeans, &[&reason.means]))
        .line(state.tf(Word::ToDo, &[&next]))
}

/// The accounts that are shown could not be proven by anybody.
pub(super) fn is_refuted<T>(answer: Option<&Loadable<T>>) -> bool {
    matches!(answer, Some(Loadable::Failed { reason, .. }) if reason.refuted)
}
