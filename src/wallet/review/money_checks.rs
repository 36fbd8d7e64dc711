//! What it costs: R11 would fail, R12 not proven, R13 most of it, R16 fee, R17 funds, R18 left without gas, R19 twice.

use alloy::primitives::{U256, hex};

use crate::contracts::{Revert, decode_revert};

use super::Act;
use super::finding::{Fact, Finding, Level};
use super::input::{Case, Standing};
use super::text::{ether_down, ether_up, minutes};

/// A fee of this many times the usual one is worth a look; beyond ten times it is a danger.
const HIGH_FEE: u128 = 4;
const ABSURD_FEE: u128 = 10;
/// Multiples are not counted beyond this.
const MOST_TIMES: u128 = 1_000;
/// A tenth of an ether, in wei.
const DEAR_FEE: u64 = 100_000_000_000_000_000;
/// From this share on it is most of the account's value.
const MOST_PERCENT: u8 = 80;
/// Gas of the next plain transfer.
const TRANSFER_GAS: u64 = 21_000;
/// The same payment again within this time may be a slip.
const TWICE_SECS: u64 = 24 * 3_600;

pub(super) fn findings(case: &Case<'_>) -> Vec<Finding> {
    let all = [
        would_fail(case),
        moves_nothing(case),
        fails_inside(case),
        unproven(case),
        block_dependent(case),
        most(case),
        fee(case),
        funds(case),
        twice(case),
    ];
    let mut found: Vec<Finding> = all.into_iter().flatten().collect();
    if found.iter().all(|one| one.level != Level::Block) {
        found.extend(left_without_gas(case));
    }
    found
}

fn max_fee(case: &Case<'_>) -> String {
    ether_up(case.tx.max_fee())
}

/// R11.
fn would_fail(case: &Case<'_>) -> Option<Finding> {
    let failure = case.input.effects?.failure.as_ref()?;
    if case.tx.is_nothing_of(case.input.from) && case.tx.authorizations().is_empty() {
        let text = format!(
            "The code that your account runs fails on it. It takes the place of nonce {} all the same.",
            case.tx.nonce()
        );
        return Some(Finding::new(11, Level::Caution, text));
    }
    let reason = match &failure.halt {
        Some(words) if words == "OutOfFunds" => "not enough ETH for the value".to_owned(),
        Some(words) => words.clone(),
        None => reason(&decode_revert(case.input.book, case.input.chain_id, case.tx.to(), &failure.data)),
    };
    let text =
        format!("This would fail: \"{reason}\". You would pay up to {} ETH for nothing.", max_fee(case));
    Some(Finding::danger(11, text, Fact::new("FAIL", &["FAIL"])))
}

/// R11's other half: a token that takes the call, fails in silence and lets the transaction succeed.
fn moves_nothing(case: &Case<'_>) -> Option<Finding> {
    let Act::Token { token, from, to, amount } = case.act else { return None };
    let ran = case.input.effects.filter(|effects| effects.failure.is_none() && !effects.is_cut)?;
    if amount.is_zero() {
        return None;
    }
    if ran.says_moved(*token, *from, *to) {
        // Some tokens answer so though they moved what was asked.
        let text = "The token answers that it failed, though it writes a transfer: look at the changes.";
        return ran.says_no.then(|| Finding::new(11, Level::Caution, text));
    }
    let text = format!(
        "The token would move nothing, although the transaction would succeed. You would pay up to {} ETH for nothing.",
        max_fee(case)
    );
    Some(Finding::danger(11, text, Fact::new("FAIL", &["FAIL"])))
}

/// R11 of a Safe that does not undo a call that fails (`safeTxGas` or `gasPrice` is not 0).
fn fails_inside(case: &Case<'_>) -> Option<Finding> {
    let safe = case.input.effects.filter(|effects| effects.failure.is_none())?.inner_failure?;
    let text = format!(
        "The call inside would fail and the Safe {safe} would not undo it: its number and signatures would be used up, and you would pay up to {} ETH for nothing.",
        max_fee(case)
    );
    Some(Finding::danger(11, text, Fact::new("FAIL", &["FAIL"])))
}

/// The contract's own message bare, anything else as the room of contracts has it.
pub(in crate::wallet) fn reason(revert: &Revert) -> String {
    match revert {
        Revert::Empty => "no reason given".to_owned(),
        Revert::Message(text) => crate::contracts::sanitise(text, 64),
        Revert::Raw(bytes) => {
            format!("0x{}", hex::encode(bytes.get(..bytes.len().min(32)).unwrap_or_default()))
        }
        other => other.to_string(),
    }
}

/// R12. A refuted input is R26's.
fn unproven(case: &Case<'_>) -> Option<Finding> {
    let missing = case.input.effects.is_none() && !beyond_funds(case); // R17 says why it could not be run
    let unproven = missing || case.input.standing == Standing::Unverified;
    let text = "The result is computed from unproven data or not at all.";
    unproven.then(|| Finding::danger(12, text, Fact::new("BLIND", &["BLIND"])))
}

/// R12's other half (THREATS T40): code that looks at the block may do otherwise when it counts.
fn block_dependent(case: &Case<'_>) -> Option<Finding> {
    let text = "It comes out differently in the next block: only what the call itself promises is sure.";
    case.input.effects?.depends_on_block.then(|| Finding::new(12, Level::Caution, text))
}

/// R13. Whoever gathers the share leaves out what stays the user's own.
fn most(case: &Case<'_>) -> Option<Finding> {
    let share = case.input.value_share.filter(|share| *share >= MOST_PERCENT)?;
    if case.act.recipient().is_some_and(|to| case.input.is_own(to)) {
        return None;
    }
    let what = case.input.share_of.as_deref().unwrap_or("value");
    let whose = match case.act.recipient().and_then(|to| case.input.unproven(to)) {
        Some(_) => "that no opened key shows to be yours",
        None => "you do not own",
    };
    let text = format!("This moves {share} % of this account's {what} to an address {whose}.");
    let typed = share.to_string();
    Some(Finding::danger(13, text, Fact::new("the share in percent", &[&typed])))
}

/// R16. Compared with the base fee and the usual tip: with a base fee near nothing the tip alone is many times it.
fn fee(case: &Case<'_>) -> Option<Finding> {
    let quote = &case.input.fees;
    let base = u128::from(quote.base_fee);
    let usual = base.saturating_add(quote.normal().tip).max(1);
    let own = case.tx.max_fee_per_gas();
    let times = own / usual;
    let dear = case.tx.max_fee() > U256::from(DEAR_FEE);
    if own < base {
        return Some(Finding::new(16, Level::Caution, "Below the base fee: it will wait."));
    }
    if times < HIGH_FEE && !dear {
        return Some(Finding::passed(16, "Fee is normal"));
    }
    let text = match base.saturating_mul(2) >= usual {
        true => format!("Max fee is {} the current base fee.", times_words(own / base.max(1))),
        // With a base fee near nothing its multiples say nothing.
        false => format!("Max fee is {} the usual fee.", times_words(times)),
    };
    if times > ABSURD_FEE || dear {
        let fee = max_fee(case);
        let text = format!("{text} It may come to {fee} ETH.");
        return Some(Finding::danger(16, text, Fact::new("the max fee in ETH", &[&fee])));
    }
    Some(Finding::new(16, Level::Caution, text))
}

fn times_words(times: u128) -> String {
    if times > MOST_TIMES { format!("more than {MOST_TIMES}x") } else { format!("{times}x") }
}

/// R17.
fn funds(case: &Case<'_>) -> Option<Finding> {
    let (needs, has) = (case.tx.max_cost(), case.input.sender.balance);
    let known = if case.input.standing == Standing::Proven { "verified" } else { "not verified" };
    let text =
        format!("Needs {} ETH with fee; the account has {} ({known}).", ether_up(needs), ether_down(has));
    if beyond_funds(case) {
        return Some(Finding::new(17, Level::Block, text));
    }
    let spoken = spoken_for(case);
    let text = format!(
        "Needs {} ETH with fee; of the account's {} ({known}) what waits before it may take {}. Endpoints may refuse it, \
         or forget it.",
        ether_up(needs),
        ether_down(has),
        ether_up(spoken)
    );
    (needs.saturating_add(spoken) > has).then(|| Finding::new(17, Level::Caution, text))
}

/// What waits before it may still take this much, wei.
fn spoken_for(case: &Case<'_>) -> U256 {
    let before = case.input.waiting.iter().filter(|one| one.nonce < case.tx.nonce());
    before.fold(U256::ZERO, |sum, one| sum.saturating_add(one.max_cost))
}

fn beyond_funds(case: &Case<'_>) -> bool {
    case.tx.max_cost() > case.input.sender.balance
}

/// R18.
fn left_without_gas(case: &Case<'_>) -> Option<Finding> {
    let left = case.input.sender.balance.saturating_sub(case.tx.max_cost()).saturating_sub(spoken_for(case));
    let next = U256::from(case.tx.max_fee_per_gas()).saturating_mul(U256::from(TRANSFER_GAS));
    let text = format!("You keep {} ETH: not enough for another transaction.", ether_down(left));
    (left < next).then(|| Finding::new(18, Level::Note, text))
}

/// R19.
fn twice(case: &Case<'_>) -> Option<Finding> {
    let (token, to, amount) = case.act.payment()?;
    let replaced = |nonce: u64| nonce == case.tx.nonce();
    let same = case.input.past.iter().rev().find(|one| {
        (one.token, one.to, one.amount) == (token, to, amount)
            && one.secs_ago <= TWICE_SECS
            && !replaced(one.nonce)
    })?;
    let place = if same.in_block { "in a block" } else { "waiting" };
    let text = format!(
        "You sent the same amount to this address {} min ago (nonce {}, {place}).",
        minutes(same.secs_ago),
        same.nonce
    );
    Some(Finding::new(19, Level::Caution, text))
}
