//! `lifeboat price`: what an asset is worth, as far as the chain itself knows.

use clap::Args as ClapArgs;
use serde_json::{Value, json};

use crate::app::{ContractQuestion, Handle, Leg, PriceAnswer, PriceSource, Question, Snapshot, TokenList};
use crate::cli::Exit;
use crate::cli::args::Args;
use crate::cli::format::{age, units};
use crate::cli::json::proven;
use crate::cli::run::ask;
use crate::cli::text::with_provenance;

/// Words of `price`.
#[derive(Debug, Clone, ClapArgs)]
#[command(after_help = "\
Examples:
  lifeboat price ETH                        by its feed, with a pool's mean as second opinion
  lifeboat price wstETH rETH sUSDS          wrapped and staked: their own rate times the price of what is inside
  lifeboat price 0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48

Every number is read on the chain with a proof: what is proven is that the feed, token or pool says so. Feeds are run by
Chainlink's nodes; a feed older than its heartbeat and ten minutes is STALE. A pool's mean over 30 minutes is as firm as
the liquidity behind it. There are no prices from outside the chain.")]
pub struct PriceArgs {
    /// Symbols of listed tokens, names of feeds (BTC, EUR), or addresses of tokens
    #[arg(required = true, value_name = "SYMBOL|ADDRESS")]
    assets: Vec<String>,
    /// Do not ask pools where there is a feed
    #[arg(long)]
    feeds_only: bool,
}

/// Runs it.
pub(in crate::cli) async fn run(args: &Args, asked: &PriceArgs, handle: &mut Handle) -> Exit {
    let question = ContractQuestion::Prices(asked.assets.clone(), !asked.feeds_only, args.at.into());
    ask(args, handle, Question::Contract(question)).await
}

/// A price that is missing or stale is not one to rely on.
pub(super) fn exit_of(answers: &[PriceAnswer]) -> Exit {
    let fresh = |one: &PriceAnswer| one.price.best().is_some_and(|(source, _)| !source.is_stale());
    if answers.iter().all(fresh) { Exit::Done } else { Exit::Unverified }
}

/// For people.
pub(super) fn text(answers: &[PriceAnswer], snapshot: &Snapshot) -> String {
    let mut out = String::new();
    for answer in answers {
        let worth = match answer.price.best() {
            Some((source, usd)) => format!("{} USD{}", dollars(usd), marks(source)),
            None => "— no price".to_owned(),
        };
        out.push_str(&format!("{}  {worth}\n", answer.symbol));
        if answer.price.sources.is_empty() {
            out.push_str("  nobody here vouches for a way to its price\n");
        }
        for source in &answer.price.sources {
            let usd = source.usd.as_ref().map_or_else(|why| format!("— {why}"), |usd| dollars(*usd));
            out.push_str(&format!("  {usd}{}\n", marks(source)));
            for leg in &source.legs {
                out.push_str(&format!("      {}\n", leg_words(leg, snapshot.network.chain_id)));
            }
        }
    }
    answers.first().map_or_else(|| out.clone(), |one| with_provenance(out.clone(), one.price.at, snapshot))
}

/// US dollars with six significant digits or cents, rounded down.
fn dollars(usd: alloy::primitives::U256) -> String {
    let text = units(usd, 18);
    let Some((whole, part)) = text.split_once('.') else { return text };
    let zeros = part.chars().take_while(|c| *c == '0').count();
    let digits =
        if whole == "0" { zeros.saturating_add(6) } else { 6_usize.saturating_sub(whole.len()).max(2) };
    let kept: String = part.chars().take(digits).collect();
    let kept = kept.trim_end_matches('0');
    if kept.is_empty() { whole.to_owned() } else { format!("{whole}.{kept}") }
}

fn marks(source: &PriceSource) -> &'static str {
    match (source.usd.is_ok(), source.is_stale(), source.is_from_pool()) {
        (false, ..) => "",
        (true, true, _) => "  STALE: a feed should have answered anew",
        (true, false, true) => "  (a pool's mean: as firm as its liquidity)",
        (true, false, false) => "",
    }
}

fn leg_words(leg: &Leg, chain_id: u64) -> String {
    let name = |address: alloy::primitives::Address| {
        let listed = TokenList::of_chain(chain_id).and_then(|list| list.at(address));
        listed.map_or_else(|| address.to_checksum(None), |token| token.symbol.clone())
    };
    match leg {
        Leg::Feed { pair, address, round, heartbeat_secs, heartbeat_assumed } => {
            let assumed = if *heartbeat_assumed { " (assumed)" } else { "" };
            format!(
                "feed {pair} {}: {}, {} old at this block, heartbeat {}{assumed}",
                address.to_checksum(None),
                dollars(round.value),
                age(round.age_secs),
                age(*heartbeat_secs)
            )
        }
        Leg::Rate { token, function, value } => {
            format!("{function} of {} {}: {}", name(*token), token.to_checksum(None), units(*value, 18))
        }
        Leg::Vault { vault, asset, value } => format!(
            "convertToAssets of {} {}: {} {}",
            name(*vault),
            vault.to_checksum(None),
            units(*value, 18),
            name(*asset)
        ),
        Leg::Pool { pool, fee, token, other, mean } => format!(
            "pool {} {}/{} at {} millionths: {} as mean over {}, liquidity {}",
            pool.to_checksum(None),
            name(*token),
            name(*other),
            fee,
            dollars(mean.value),
            age(mean.window_secs.into()),
            mean.liquidity
        ),
    }
}

/// For programs.
pub(super) fn json(answers: &[PriceAnswer]) -> Value {
    let one = |answer: &PriceAnswer| {
        let at = answer.price.at;
        let sources: Vec<Value> = answer
            .price
            .sources
            .iter()
            .map(|source| {
                json!({
                    "usd": source.usd.as_ref().ok().map(|usd| proven(json!(units(*usd, 18)), at)),
                    "error": source.usd.as_ref().err(),
                    "stale": source.is_stale(),
                    "age_seconds": source.age_secs(),
                    "legs": source.legs.iter().map(leg_json).collect::<Vec<_>>(),
                })
            })
            .collect();
        json!({
            "asked": answer.asked,
            "symbol": answer.symbol,
            "usd": answer.price.best().map(|(_, usd)| proven(json!(units(usd, 18)), at)),
            "stale": answer.price.best().map(|(source, _)| source.is_stale()),
            "sources": sources,
        })
    };
    json!({"prices": answers.iter().map(one).collect::<Vec<_>>()})
}

fn leg_json(leg: &Leg) -> Value {
    match leg {
        Leg::Feed { pair, address, round, heartbeat_secs, heartbeat_assumed } => json!({
            "kind": "feed", "pair": pair, "address": address.to_checksum(None), "value": units(round.value, 18),
            "round": round.round.to_string(), "updated_at": round.updated_at, "age_seconds": round.age_secs,
            "heartbeat_seconds": heartbeat_secs, "heartbeat_assumed": heartbeat_assumed, "stale": round.is_stale,
        }),
        Leg::Rate { token, function, value } => json!({
            "kind": "rate", "token": token.to_checksum(None), "function": function, "value": units(*value, 18),
        }),
        Leg::Vault { vault, asset, value } => json!({
            "kind": "vault", "vault": vault.to_checksum(None), "asset": asset.to_checksum(None),
            "value": units(*value, 18),
        }),
        Leg::Pool { pool, fee, token, other, mean } => json!({
            "kind": "pool", "pool": pool.to_checksum(None), "fee_millionths": fee, "token": token.to_checksum(None),
            "other": other.to_checksum(None), "value": units(mean.value, 18), "window_seconds": mean.window_secs,
            "liquidity": mean.liquidity.to_string(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use alloy::primitives::U256;

    use super::*;

    #[test]
    fn dollars_keep_what_counts() {
        let usd = |text: &str| dollars(alloy::primitives::utils::parse_ether(text).unwrap());
        assert_eq!(usd("3395.123456789"), "3395.12");
        assert_eq!(usd("0.00001234567891"), "0.00001234567".trim_end_matches('7'));
        assert_eq!(usd("1"), "1");
        assert_eq!(usd("1.0001"), "1.0001");
        assert_eq!(dollars(U256::from(1)), "0.000000000000000001");
    }
}
