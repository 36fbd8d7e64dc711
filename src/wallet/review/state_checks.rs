//! The ground it stands on: R01 chain, R14 old state, R15 nonce, R26 refuted, R27 changed, R28 device.

use super::finding::{Fact, Finding, Level};
use super::input::{Case, DeviceFact, Standing, WaitingTx, WitnessFact};
use super::text::ether_up;

const SLOW_SECS: u64 = 36;
const OLD_SECS: u64 = 120;
const TOO_OLD_SECS: u64 = 900;
/// What pools ask of a replacement, in percent of both fees.
const REPLACEMENT_PERCENT: u128 = 10;
/// Missing nonces that are named.
const NAMED_NONCES: usize = 3;

pub(super) fn findings(case: &Case<'_>) -> Vec<Finding> {
    let input = case.input;
    let mut found = vec![chain(case), age(input.state_age_secs)];
    found.extend(nonce(case));
    found.extend((input.standing == Standing::Refuted).then(refuted));
    found.extend(input.witness.as_ref().map(witness_finding));
    found.extend(input.changed.as_deref().map(changed));
    found.extend(input.device.as_ref().filter(|device| device.shows_only_hash).map(hash_only));
    found
}

/// R01.
fn chain(case: &Case<'_>) -> Finding {
    let (own, verified) = (case.tx.chain_id(), case.input.chain_id);
    if own == verified {
        return Finding::passed(1, format!("Chain id {own} = verified chain"));
    }
    let name = &case.input.chain_name;
    let text = format!("This transaction is for chain {own}. Lifeboat is verified on {name} ({verified}).");
    Finding::new(1, Level::Block, text)
}

/// R14.
pub(super) fn age(secs: u64) -> Finding {
    if secs <= OLD_SECS {
        let slow = if secs > SLOW_SECS { ", slower than usual" } else { "" };
        return Finding::passed(14, format!("State {secs} s old{slow}"));
    }
    let minutes = (secs / 60).to_string();
    let text = format!("The chain state is {minutes} min old. Prices and debts have moved.");
    if secs > TOO_OLD_SECS {
        return Finding::danger(14, text, Fact::new("the age in minutes", &[&minutes]));
    }
    Finding::new(14, Level::Caution, text)
}

/// R15.
fn nonce(case: &Case<'_>) -> Vec<Finding> {
    let (own, next) = (case.tx.nonce(), case.input.sender.nonce);
    if own < next {
        return vec![Finding::new(15, Level::Block, format!("Nonce {own} is already used."))];
    }
    let mut found = Vec::new();
    let waiting = &case.input.waiting;
    if let Some(old) = waiting.iter().find(|one| one.nonce == own) {
        found.push(Finding::new(15, Level::Note, format!("Replaces your pending \"{}\".", old.title)));
        found.extend(underpriced(case, old));
    }
    let is_gap = |nonce: &u64| waiting.iter().all(|one| one.nonce != *nonce);
    let gaps: Vec<u64> = (next..own).take(1_000).filter(is_gap).collect();
    match gaps.as_slice() {
        [] if found.is_empty() && never_sent(waiting, next..own).is_none() => {
            found.push(Finding::passed(15, format!("Nonce is next ({own})")));
        }
        [] => {}
        gaps => {
            let verb = if gaps.len() == 1 { "is" } else { "are" };
            let text = format!("Nonce {own} waits until {} {verb} used.", list(gaps));
            found.push(Finding::new(15, Level::Caution, text));
        }
    }
    if let Some(first) = never_sent(waiting, next..own) {
        let (nonce, title) = (first.nonce, &first.title);
        let text = format!(
            "Nonce {own} waits until {nonce} is used, and no endpoint has taken \"{title}\" that has it. Send that, or \
             replace it, first."
        );
        found.push(Finding::new(15, Level::Caution, text));
    }
    found
}

/// The first that must go before and that lies here alone.
fn never_sent(waiting: &[WaitingTx], before: std::ops::Range<u64>) -> Option<&WaitingTx> {
    waiting.iter().filter(|one| before.contains(&one.nonce) && !one.taken).min_by_key(|one| one.nonce)
}

/// A nonce is never used again without a fee that pools take as a replacement (THREATS T38).
fn underpriced(case: &Case<'_>, old: &WaitingTx) -> Option<Finding> {
    let enough = |new: u128, old: u128| {
        new > old && new.saturating_mul(100) >= old.saturating_mul(REPLACEMENT_PERCENT.saturating_add(100))
    };
    let tx = case.tx;
    if enough(tx.max_fee_per_gas(), old.max_fee_per_gas) && enough(tx.tip_per_gas(), old.tip_per_gas) {
        return None;
    }
    let least = old.max_fee_per_gas.saturating_mul(REPLACEMENT_PERCENT.saturating_add(100)).div_ceil(100);
    let fee =
        alloy::primitives::U256::from(least).saturating_mul(alloy::primitives::U256::from(tx.gas_limit()));
    let text = format!("A replacement must pay at least 10 % more: try {} ETH.", ether_up(fee));
    Some(Finding::new(15, Level::Block, text))
}

fn list(numbers: &[u64]) -> String {
    let named: Vec<String> = numbers.iter().take(NAMED_NONCES).map(u64::to_string).collect();
    let more = numbers.len().saturating_sub(named.len());
    match (named.as_slice(), more) {
        ([one], _) => one.clone(),
        ([first @ .., last], 0) => format!("{} and {last}", first.join(", ")),
        (all, more) => format!("{} and {more} more", all.join(", ")),
    }
}

/// Puts what R14 says of this age in the place of what it said. True where what is asked for changed.
pub(super) fn grow_old(findings: &mut [Finding], secs: u64) -> bool {
    let now = age(secs);
    let Some(old) = findings.iter_mut().find(|one| one.check == now.check) else { return false };
    let moved = old.level != now.level || (now.level > Level::Passed && old.text != now.text);
    let before = std::mem::replace(old, now);
    // Minutes pass while they are typed: what was asked for before still counts.
    if let Some((fact, before)) = old.fact.as_mut().zip(before.fact.as_ref()) {
        fact.also(before);
    }
    findings.sort_by_key(|one| (std::cmp::Reverse(one.level), one.check));
    moved
}

/// R26.
pub(super) fn refuted() -> Finding {
    let text =
        "A value this depends on failed verification. Signing is off until another endpoint proves it.";
    Finding::new(26, Level::Block, text)
}

/// Puts R26 first, where it is not there yet.
pub(super) fn refute(findings: &mut Vec<Finding>) {
    let own = refuted();
    if !findings.contains(&own) {
        findings.insert(0, own);
    }
}

/// R26's other half (THREATS T07): what others say of the head that the sync committee signed.
pub fn witness_finding(fact: &WitnessFact) -> Finding {
    match fact {
        WitnessFact::Agreed { by } => Finding::passed(26, format!("{by} other sources have the same head")),
        WitnessFact::TooFew { by } => {
            let text = format!(
                "Only the sync committee's word stands for the head: {} other sources have it, two should.",
                if *by == 0 { "no".to_owned() } else { by.to_string() }
            );
            Finding::new(26, Level::Caution, text)
        }
        WitnessFact::Unsettled { by } => {
            let text = format!("{by} has another block at the head's number. Wait until it is settled.");
            Finding::new(26, Level::Block, text)
        }
        WitnessFact::Conflict { by } => {
            let text = format!(
                "{by} has another block where the sync committee signed a final one. Signing is off until they agree."
            );
            Finding::new(26, Level::Block, text)
        }
    }
}

/// R27. Whoever shows the review disarms the button until this is seen.
pub(super) fn changed(what: &str) -> Finding {
    Finding::new(27, Level::Caution, format!("Changed since you opened this: {what}."))
}

/// R28.
pub(super) fn hash_only(device: &DeviceFact) -> Finding {
    let text = format!("Your {} will show only a hash; compare it with the one here.", device.name);
    Finding::new(28, Level::Caution, text)
}
