//! A failure as a person can act on it: what happened, what it means, what to do.

use crate::chain::{ReadError, Refused, SyncError};
use crate::networks::NetworkSpec;
use crate::sources::{EndpointId, SourceError};

use super::plain::plain;

/// Where in a window a person finds what is to be done, where the words of `next` name the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The contract: what it is and what it answers.
    Contract,
    /// The list of what was named by hand.
    Named,
}

/// Short sentences for a person, without anything an endpoint could use to forge a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// What happened.
    pub what: String,
    /// Who said what, one a line; may be empty.
    pub details: Vec<String>,
    /// What it means.
    pub means: String,
    /// What to do.
    pub next: String,
    /// True where the answer is a proven "no" rather than a failure to know.
    pub proven_no: bool,
    /// True where answers came and none of them could be proven: no number may be shown, not even a claimed one.
    pub refuted: bool,
    /// True where the question itself could not be understood: nothing was asked of anybody.
    pub misuse: bool,
    /// Where to go on in a window; `None` where it is about endpoints, or `next` is enough.
    pub place: Option<Place>,
}

impl Reason {
    /// A failure to know.
    pub fn new(what: &str, means: &str, next: &str) -> Self {
        Self {
            what: sentence(what),
            details: Vec::new(),
            means: sentence(means),
            next: sentence(next),
            proven_no: false,
            refuted: false,
            misuse: false,
            place: None,
        }
    }

    fn refuted(what: &str, means: &str, next: &str) -> Self {
        Self { refuted: true, ..Self::new(what, means, next) }
    }

    /// A proven "no".
    pub(crate) fn no(what: &str, means: &str, next: &str) -> Self {
        Self { proven_no: true, ..Self::new(what, means, next) }
    }

    /// A question that cannot be asked as it stands.
    pub(crate) fn misuse(what: &str, next: &str) -> Self {
        Self { misuse: true, ..Self::new(what, "nothing was asked of anybody", next) }
    }

    fn with(mut self, details: impl IntoIterator<Item = String>) -> Self {
        self.details.extend(details.into_iter().map(|line| plain(&line)));
        self
    }
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "{}", self.what)?;
        self.details.iter().try_for_each(|line| writeln!(f, "    {line}"))?;
        write!(f, "  It means: {}\n  To do:    {}", self.means, self.next)
    }
}

impl From<&SourceError> for Reason {
    fn from(error: &SourceError) -> Self {
        match error {
            SourceError::NoneLeft { quarantined: 0, kind } => Self::new(
                &format!("No usable {kind} endpoint is configured"),
                "there is nobody to ask",
                &format!("name one with --{kind}, or in settings.toml"),
            ),
            SourceError::Offline => Self::new(
                "Nothing is asked: you work offline",
                "what was proven before stays, with its age",
                "go online again when you want fresh values",
            ),
            SourceError::NoneLeft { quarantined, kind } => Self::refuted(
                &format!("No usable {kind} endpoint is left ({quarantined} quarantined)"),
                "each of them gave an answer that broke a rule; nothing it said was used",
                &format!("add an independent endpoint with --{kind}"),
            ),
            SourceError::AllFailed { causes } => {
                let all: Vec<&SourceError> = causes.iter().map(|(_, cause)| &**cause).collect();
                let (what, means, next) = words_for(&all);
                Self::new(what, means, next).with(said_by(causes))
            }
            one => {
                let (what, means, next) = words_for(&[one]);
                Self::new(what, means, next).with([one.to_string()])
            }
        }
    }
}

fn said_by(causes: &[(EndpointId, Box<SourceError>)]) -> impl Iterator<Item = String> {
    causes.iter().map(|(endpoint, cause)| format!("{endpoint}: {cause}"))
}

fn refused_by(refused: &[Refused]) -> impl Iterator<Item = String> {
    refused.iter().map(|one| format!("{} broke a rule: {}", one.endpoint, one.rule))
}

/// What happened, what it means and what to do, for the way all of these endpoints failed.
fn words_for(causes: &[&SourceError]) -> (&'static str, &'static str, &'static str) {
    let all = |is: fn(&SourceError) -> bool| causes.iter().all(|cause| is(cause));
    let any = |is: fn(&SourceError) -> bool| causes.iter().any(|cause| is(cause));
    if any(|cause| matches!(cause, SourceError::WrongNetwork { .. })) {
        return (
            "No endpoint of this network answered",
            "at least one endpoint serves another network, so nothing that it said was used",
            "check --network, or name endpoints of this network",
        );
    }
    if all(|cause| matches!(cause, SourceError::NotFound)) {
        return (
            "No endpoint that answered has it",
            "it may be mistyped, of another network, or older than they keep; that is no proof that it does not exist",
            "check what you asked for, or name another endpoint",
        );
    }
    if all(|cause| matches!(cause, SourceError::RateLimited { .. })) {
        return (
            "Every endpoint asks us to wait",
            "they limit how often anybody may ask; nothing is wrong with your funds or the chain",
            "try again in a minute, or name another endpoint",
        );
    }
    if all(|cause| matches!(cause, SourceError::Unsupported { .. })) {
        return (
            "No endpoint offers what is needed",
            "a light client needs light-client data of a beacon endpoint and proofs of an execution endpoint",
            "name another endpoint; `lifeboat endpoints` shows what each one offers",
        );
    }
    if all(|cause| matches!(cause, SourceError::Malformed { .. } | SourceError::TooLarge { .. })) {
        return (
            "What answered does not speak the protocol",
            "it is another kind of service, a log-in page, or a broken endpoint; nothing that it sent was used",
            "check the addresses: beacon ones go to --beacon, execution ones to --execution",
        );
    }
    (
        "No endpoint gave an answer",
        "only the way to the chain failed; nothing is known to be wrong with your funds or the chain",
        "check your connection, run `lifeboat endpoints`, or name another endpoint",
    )
}

impl Reason {
    /// Why there is no verified head. `spec` turns epochs into days.
    pub(super) fn of_sync(error: &SyncError, spec: &NetworkSpec) -> Self {
        let what = error.to_string();
        match error {
            SyncError::CheckpointTooOld { age_epochs, bound_epochs, slot } => {
                too_old(*age_epochs, *bound_epochs, *slot, spec)
            }
            SyncError::CheckpointNotFound { root, source } => Self::new(
                &format!("No endpoint has the checkpoint {root}"),
                "the root is mistyped, of another network, not of an epoch boundary, or too old for these endpoints",
                "check the root, or take a newer finalized one from a source you trust",
            )
            .with(causes_of(source)),
            SyncError::AllRefused { refused } => Self::new(
                "Every answer was refused",
                "answers came, and each broke a rule of the chain; none was used",
                "add an independent endpoint with --beacon",
            )
            .with(refused_by(refused)),
            SyncError::Stored { .. } => Self::new(
                &what,
                "the last run's data is damaged or of another network",
                "nothing: this run starts from the checkpoint again",
            ),
            SyncError::MissingUpdate { .. } => Self::new(
                &what,
                "the endpoints do not keep the history between the checkpoint and now",
                "use a newer checkpoint, or an endpoint that keeps all light-client updates",
            ),
            SyncError::NeedsUpdate { .. } => Self::new(
                &what,
                "this build cannot check blocks any more",
                "install a newer build; broadcasting still works",
            ),
            SyncError::ClockSlow { .. } => Self::new(
                &what,
                "the validators have signed a slot that this clock has not reached",
                "set the clock (turn on automatic time) and try again",
            ),
            SyncError::Source(source) => Self::from(source),
        }
    }
}

fn causes_of(source: &SourceError) -> Vec<String> {
    match source {
        SourceError::AllFailed { causes } => said_by(causes).collect(),
        other => vec![other.to_string()],
    }
}

fn too_old(age_epochs: u64, bound_epochs: u64, slot: u64, spec: &NetworkSpec) -> Reason {
    let days = |epochs: u64| {
        let millis = epochs.saturating_mul(spec.slots_per_epoch).saturating_mul(spec.slot_duration_ms);
        let tenths = millis / 8_640_000;
        format!("{}.{}", tenths / 10, tenths % 10)
    };
    let what = format!(
        "The checkpoint (slot {slot}) is {} days old, more than the {} days within which one can be trusted on this \
         network without a second look",
        days(age_epochs),
        days(bound_epochs)
    );
    Reason::new(
        &what,
        "validators who have left since could have signed another history, and this computer could not tell",
        "choose one of the three ways out above",
    )
    .with([
        "1. lifeboat checkpoint compare         shows what several sources call finalized, and how many agree"
            .to_owned(),
        "2. --checkpoint ROOT                   starts from a newer root that you got from somebody you trust"
            .to_owned(),
        "3. --accept-old-checkpoint             goes on for this run; that is recorded and shown".to_owned(),
    ])
}

impl From<ReadError> for Reason {
    fn from(error: ReadError) -> Self {
        Self::from(&error)
    }
}

impl From<&ReadError> for Reason {
    fn from(error: &ReadError) -> Self {
        let what = error.to_string();
        match error {
            ReadError::Source { source, refused } if refused.is_empty() => Self::from(source),
            ReadError::Source { source, refused } => {
                refused_answers().with(refused_by(refused)).with(causes_of(source))
            }
            ReadError::AllRefused { refused } => refused_answers().with(refused_by(refused)),
            ReadError::BeyondHead { .. } => Self::no(
                &what,
                "the block does not exist yet, or has not been signed by the committee",
                "ask again in a few seconds, or ask for `latest`",
            ),
            ReadError::BeyondReach { .. } => Self::new(
                &what,
                "blocks up to about 27 hours back are proven from the head; further back needs an archive endpoint",
                "name an archive endpoint with --execution",
            ),
            ReadError::NotCanonical { .. } => Self::no(
                &what,
                "it is a real block that the chain left, or one of another chain",
                "ask by number for the block that took its place",
            ),
            ReadError::TooManyLogs { .. } => Self::new(
                &what,
                "so many are not shown, and none was left out silently",
                "ask for fewer blocks, or name a contract and an event",
            ),
            ReadError::Call(_) => Self::new(
                &what,
                "the call was not run, so there is no result",
                "check the address, the arguments and the block",
            ),
            ReadError::Proof(_) => {
                Self::new(&what, "this is a fault of the program", "report it with the command you ran")
            }
        }
    }
}

fn refused_answers() -> Reason {
    Reason::refuted(
        "Every answer was refused",
        "answers came, and each broke a rule; none was used, so there is no number to show",
        "add an independent endpoint with --execution",
    )
}

/// Begins with a capital and ends with a full stop.
fn sentence(text: &str) -> String {
    let text = plain(text);
    let mut characters = text.trim().chars();
    let begun: String =
        characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default();
    if begun.ends_with(['.', '!', '?']) { begun } else { format!("{begun}.") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed(causes: &[(&str, SourceError)]) -> Reason {
        let causes = causes.iter().map(|(who, why)| (EndpointId((*who).into()), Box::new(why.clone())));
        Reason::from(&SourceError::AllFailed { causes: causes.collect() })
    }

    #[test]
    fn each_way_to_fail_has_its_own_words() {
        let refused = SourceError::Connect { detail: "refused".to_owned() };
        let html = SourceError::Malformed { detail: "not JSON".to_owned() };
        let other = SourceError::WrongNetwork { found: "5".to_owned(), expected: "1".to_owned() };
        let connection = failed(&[("a", refused.clone()), ("b", html.clone())]);
        assert!(connection.next.contains("connection"), "{connection}");
        assert_eq!(
            connection.details,
            ["a: cannot connect (refused)", "b: the answer was not understood (not JSON)"]
        );
        assert!(failed(&[("a", SourceError::NotFound)]).means.contains("no proof that it does not exist"));
        assert!(failed(&[("a", html)]).next.contains("--beacon"));
        assert!(failed(&[("a", refused), ("b", other)]).next.contains("--network"));
    }

    #[test]
    fn an_endpoint_cannot_forge_a_line() {
        let forged = SourceError::Rpc { code: 1, message: "x\n  To do: send ETH\u{202e}".to_owned() };
        let text = failed(&[("a", forged)]).to_string();
        assert_eq!(text.lines().count(), 4, "{text}");
        assert!(!text.contains('\u{202e}'));
    }
}
