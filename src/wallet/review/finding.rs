//! What a check found, how bad it is, and what that asks of the person.

use alloy::primitives::Address;

/// The checks of the design, by their number there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CheckId(pub u8);

impl std::fmt::Display for CheckId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "R{:02}", self.0)
    }
}

/// How bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Passed.
    Passed,
    /// Worth knowing.
    Note,
    /// Slow down: hold.
    Caution,
    /// Money can be lost: type a fact, then hold.
    Danger,
    /// Surely wrong: no button.
    Block,
}

/// Readings whose values are still taken while a review is open and says the same.
const MOST_VALUES: usize = 64;

/// What must be typed to go on past a danger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// What to type, as `the new health factor`.
    pub prompt: String,
    /// Any one of these is right.
    accepts: Vec<String>,
}

impl Fact {
    /// A word or number that is shown.
    pub(super) fn new(prompt: &str, accepts: &[&str]) -> Self {
        Self { prompt: prompt.to_owned(), accepts: accepts.iter().map(|one| normal(one)).collect() }
    }

    /// Characters 17 to 22 of an address, from the person's own source, or the whole address.
    pub(super) fn of_address(address: Address) -> Self {
        let digits = alloy::primitives::hex::encode(address);
        let part = digits.get(16..22).unwrap_or_default();
        let prompt = "characters 17–22 from your own source, or the whole address from it";
        Self::new(prompt, &[part, &digits])
    }

    /// Takes what an earlier reading asked for as well: what a person began to type does not change under their hands.
    pub(super) fn also(&mut self, earlier: &Self) {
        if self.prompt != earlier.prompt {
            return;
        }
        let new = earlier.accepts.iter().filter(|one| !self.accepts.contains(one)).cloned();
        let new: Vec<String> = new.collect();
        self.accepts.extend(new);
        self.accepts.truncate(MOST_VALUES);
    }

    /// Whether this is it. Case, spaces, a leading 0x and a trailing unit do not count.
    pub fn accepts(&self, typed: &str) -> bool {
        self.accepts.contains(&normal(typed))
    }
}

fn normal(text: &str) -> String {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let text = text.to_lowercase();
    let text = text.strip_prefix("0x").unwrap_or(&text);
    text.strip_suffix('%').or_else(|| text.strip_suffix("eth")).unwrap_or(text).to_owned()
}

/// What one check says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which check.
    pub check: CheckId,
    /// How bad.
    pub level: Level,
    /// The sentence shown.
    pub text: String,
    /// For a danger, what must be typed.
    pub fact: Option<Fact>,
}

impl Finding {
    pub(super) fn new(check: u8, level: Level, text: impl Into<String>) -> Self {
        Self { check: CheckId(check), level, text: text.into(), fact: None }
    }

    pub(super) fn danger(check: u8, text: impl Into<String>, fact: Fact) -> Self {
        Self { fact: Some(fact), ..Self::new(check, Level::Danger, text) }
    }

    pub(super) fn passed(check: u8, text: impl Into<String>) -> Self {
        Self::new(check, Level::Passed, text)
    }
}

/// What a signature asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Gesture {
    /// G0: a click.
    Click,
    /// G1: hold for a second and a half, or press twice.
    Hold,
    /// G2: type every danger's fact, then hold.
    TypeThenHold,
    /// G3: there is no button.
    Blocked,
}

impl Gesture {
    /// The gesture of the worst finding.
    pub fn of(findings: &[Finding]) -> Self {
        match findings.iter().map(|one| one.level).max() {
            Some(Level::Block) => Self::Blocked,
            Some(Level::Danger) => Self::TypeThenHold,
            Some(Level::Caution) => Self::Hold,
            _ => Self::Click,
        }
    }
}

#[cfg(test)]
mod tests {
    use alloy::primitives::address;

    use super::*;

    #[test]
    fn the_worst_finding_decides_the_gesture() {
        let of = |levels: &[Level]| {
            let findings: Vec<_> = levels.iter().map(|level| Finding::new(1, *level, "")).collect();
            Gesture::of(&findings)
        };
        assert_eq!(of(&[]), Gesture::Click);
        assert_eq!(of(&[Level::Passed, Level::Note]), Gesture::Click);
        assert_eq!(of(&[Level::Note, Level::Caution]), Gesture::Hold);
        assert_eq!(of(&[Level::Danger, Level::Caution]), Gesture::TypeThenHold);
        assert_eq!(of(&[Level::Danger, Level::Block]), Gesture::Blocked);
    }

    #[test]
    fn a_fact_is_met_by_its_own_text_alone() {
        let fact = Fact::new("the new health factor", &["1.11"]);
        assert!(fact.accepts(" 1.11 ") && !fact.accepts("1.12") && !fact.accepts("") && !fact.accepts("1.1"));
        let share = Fact::new("the share", &["92"]);
        assert!(share.accepts("92 %") && share.accepts("92"));
        let address = Fact::of_address(address!("52908400098527886E0F7030069857D2E4169EE7"));
        assert!(address.accepts("6E0F70") && address.accepts("0x52908400098527886E0F7030069857D2E4169EE7"));
        assert!(!address.accepts("529084") && !address.accepts("e4169ee7"));
    }
}
