//! `lifeboat gas`: what gas costs, and what a transaction would need.

use alloy::primitives::{Bytes, U256, hex};
use clap::Args as ClapArgs;
use serde_json::{Value, json};

use super::call::failure_words;
use crate::app::{
    BaseFeesAnswer, ContractQuestion, FeesAnswer, GasAnswer, GasEstimate, GasQuestion, Handle, Question,
    Snapshot, Speed,
};
use crate::cli::args::Args;
use crate::cli::format::{ether, gwei};
use crate::cli::json::proven;
use crate::cli::run::ask;
use crate::cli::text::{line, with_provenance};
use crate::cli::value::{self, Who};
use crate::cli::{Exit, names};

/// Words of `gas`.
#[derive(Debug, Clone, ClapArgs)]
#[command(after_help = "\
Examples:
  lifeboat gas                                                what gas costs, at three speeds
  lifeboat gas --history 256                                  the base fees of the last 256 blocks
  lifeboat gas --from ME --to 0x… --value 1000000000000000000  what sending 1 ether would take
  lifeboat gas --from ME --to TOKEN --data 0xa9059cbb…         what a call would take, or why it would fail

The base fee of the next block follows from the newest proven header. Tips are those that the last 5 blocks were paid,
by their proven transactions and receipts; what others will pay next is a forecast and cannot be proven.")]
pub struct GasArgs {
    /// To whom the transaction would go
    #[arg(long, value_name = "ADDRESS", value_parser = value::who)]
    to: Option<Who>,
    /// Its calldata; without --to the code that creates a contract
    #[arg(long, value_name = "HEX", value_parser = data)]
    data: Option<Bytes>,
    /// Who would send it
    #[arg(long, value_name = "ADDRESS", value_parser = value::who)]
    from: Option<Who>,
    /// Wei sent along
    #[arg(long, value_name = "WEI", value_parser = value::slot, default_value = "0")]
    value: U256,
    /// Base fees of so many last blocks instead, each in its proven header (at most 512)
    #[arg(long, value_name = "BLOCKS", conflicts_with_all = ["to", "data", "from", "value"])]
    #[arg(value_parser = clap::value_parser!(u64).range(1..=512))]
    history: Option<u64>,
}

fn data(text: &str) -> Result<Bytes, String> {
    let digits = text.strip_prefix("0x").ok_or("calldata begins with 0x")?;
    hex::decode(digits).map(Bytes::from).map_err(|why| format!("this is no calldata: {why}"))
}

/// Runs it.
pub(in crate::cli) async fn run(args: &Args, asked: &GasArgs, handle: &mut Handle) -> Exit {
    let to = names::optional(args, handle, asked.to.as_ref()).await;
    let parties = match to {
        Ok(to) => names::optional(args, handle, asked.from.as_ref()).await.map(|from| (to, from)),
        Err(exit) => Err(exit),
    };
    let (to, from) = match parties {
        Ok(parties) => parties,
        Err(exit) => return exit,
    };
    let question = if let Some(count) = asked.history {
        ContractQuestion::BaseFees(count)
    } else if asked.to.is_none() && asked.data.is_none() {
        ContractQuestion::Fees
    } else {
        ContractQuestion::Gas(GasQuestion {
            from,
            to,
            data: asked.data.clone().unwrap_or_default(),
            value: asked.value,
        })
    };
    ask(args, handle, Question::Contract(question)).await
}

fn speed_name(speed: Speed) -> &'static str {
    match speed {
        Speed::Slow => "Slow",
        Speed::Usual => "Usual",
        Speed::Fast => "Fast",
    }
}

/// For people.
pub(super) fn fees_text(fees: &FeesAnswer, snapshot: &Snapshot) -> String {
    let mut out = String::new();
    line(&mut out, "Base fee", &gwei(fees.base_fee.into()));
    line(
        &mut out,
        "Next block",
        &format!("{} (follows from the proven header)", gwei(fees.next_base_fee.into())),
    );
    let (least, most) = fees.in_five_blocks;
    line(&mut out, "In 5 blocks", &format!("between {} and {}", gwei(least.into()), gwei(most.into())));
    if let Some(blob) = fees.next_blob_base_fee {
        line(&mut out, "Blob gas", &gwei(blob));
    }
    for one in fees.speeds {
        let words = format!("at most {} per gas, tip {}", gwei(one.max_fee), gwei(one.tip));
        line(&mut out, speed_name(one.speed), &words);
    }
    let blocks = fees.fullness.len();
    out.push_str(&format!(
        "  Tips of {} transactions in the last {blocks} blocks, proven; what others will pay next is a forecast.\n",
        fees.seen
    ));
    with_provenance(out, fees.at, snapshot)
}

/// The last blocks, for people.
pub(super) fn history_text(answer: &BaseFeesAnswer, snapshot: &Snapshot) -> String {
    let mut out = String::new();
    if let Some((now, lowest, highest)) = answer.range() {
        line(&mut out, "Base fee", &gwei(now.into()));
        line(&mut out, "Lowest", &gwei(lowest.into()));
        line(&mut out, "Highest", &gwei(highest.into()));
    }
    for (number, fee) in &answer.fees {
        line(&mut out, &format!("Block {number}"), &gwei((*fee).into()));
    }
    with_provenance(out, answer.at, snapshot)
}

/// The last blocks, for programs.
pub(super) fn history_json(answer: &BaseFeesAnswer) -> Value {
    let one = |(number, fee): &(u64, u64)| json!({"block": number, "base_fee_per_gas": fee.to_string()});
    let all: Vec<Value> = answer.fees.iter().map(one).collect();
    json!({"base_fees": proven(json!(all), answer.at)})
}

/// For people, with a transaction.
pub(super) fn gas_text(answer: &GasAnswer, snapshot: &Snapshot) -> String {
    let mut out = String::new();
    match answer.estimate.value() {
        GasEstimate::Needs(gas) => {
            line(&mut out, "Gas", &format!("{gas} at least, on this block's state; leave room for changes"));
            for speed in [Speed::Slow, Speed::Usual, Speed::Fast] {
                let most = answer.most(speed).map(ether).unwrap_or_default();
                line(&mut out, speed_name(speed), &format!("costs {most} at most, in fees"));
            }
        }
        GasEstimate::Fails(_) => {
            let why = answer.failure.as_ref().map(failure_words).unwrap_or_default();
            line(&mut out, "Gas", &format!("it fails with all the gas there is: {why}"));
        }
    }
    out.push_str(&fees_text(&answer.fees, snapshot));
    out
}

/// For programs.
pub(super) fn fees_json(fees: &FeesAnswer) -> Value {
    let speeds: serde_json::Map<String, Value> = fees
        .speeds
        .iter()
        .map(|one| {
            let value = json!({
                "max_priority_fee_per_gas": one.tip.to_string(), "max_fee_per_gas": one.max_fee.to_string(),
                "proof": "unverified",
            });
            (speed_name(one.speed).to_lowercase(), value)
        })
        .collect();
    let (least, most) = fees.in_five_blocks;
    json!({"fees": {
        "base_fee_per_gas": proven(json!(fees.base_fee.to_string()), fees.at),
        "next_base_fee_per_gas": proven(json!(fees.next_base_fee.to_string()), fees.at),
        "in_five_blocks": {"least": least.to_string(), "most": most.to_string()},
        "next_blob_base_fee": fees.next_blob_base_fee.map(|fee| proven(json!(fee.to_string()), fees.at)),
        "blocks": fees.fullness.len(),
        "transactions": fees.seen,
        "speeds": speeds,
    }})
}

/// For programs, with a transaction.
pub(super) fn gas_json(answer: &GasAnswer) -> Value {
    let mut value = fees_json(&answer.fees);
    let gas = match answer.estimate.value() {
        GasEstimate::Needs(gas) => json!({"needs": gas}),
        GasEstimate::Fails(_) => json!({"fails": answer.failure.as_ref().map(failure_words)}),
    };
    if let Some(object) = value.as_object_mut() {
        object.insert("gas".to_owned(), proven(gas, answer.estimate.at()));
    }
    value
}
