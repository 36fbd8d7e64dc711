//! `lifeboat logs`: what contracts wrote in recent blocks.

use alloy::primitives::{B256, keccak256};
use clap::Args as ClapArgs;
use serde_json::{Value, json};

use crate::app::{BlockQuery, ContractQuestion, Handle, LogsAnswer, LogsQuestion, Question, Snapshot};
use crate::cli::args::Args;
use crate::cli::json::proven;
use crate::cli::output::misused;
use crate::cli::run::ask;
use crate::cli::text::with_provenance;
use crate::cli::value::{self, Who};
use crate::cli::{Exit, names};

/// Words of `logs`.
#[derive(Debug, Clone, ClapArgs)]
#[command(after_help = "\
Examples:
  lifeboat logs 0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48                   what USDC wrote in the last 100 blocks
  lifeboat logs TOKEN --event 'Transfer(address,address,uint256)' --topic2 ME   transfers to me
  lifeboat logs TOKEN --from-block 25000000 --to-block 25000400

Each log is proven to be in its block: the block's receipts were rebuilt to the root in its proven header. Only the
blocks named are searched, at most 1000; what happened before them is not said. Endpoints keep receipts of old blocks
for as long as they like.")]
pub struct LogsArgs {
    /// Contracts that wrote them; none is any
    #[arg(value_name = "ADDRESS", value_parser = value::who)]
    addresses: Vec<Who>,
    /// An event by its signature: the first topic
    #[arg(long, value_name = "SIGNATURE", value_parser = event, conflicts_with = "topic0")]
    event: Option<B256>,
    /// The first topic; may be repeated for any of several
    #[arg(long, value_name = "WORD", value_parser = topic)]
    topic0: Vec<B256>,
    /// The second topic: 0x and 64 digits, or an address
    #[arg(long, value_name = "WORD", value_parser = topic)]
    topic1: Vec<B256>,
    /// The third topic
    #[arg(long, value_name = "WORD", value_parser = topic)]
    topic2: Vec<B256>,
    /// The fourth topic
    #[arg(long, value_name = "WORD", value_parser = topic)]
    topic3: Vec<B256>,
    /// First block; 99 before the last where none is named
    #[arg(long, value_name = "BLOCK", value_parser = value::block)]
    from_block: Option<BlockQuery>,
    /// Last block; the newest one where none is named
    #[arg(long, value_name = "BLOCK", value_parser = value::block)]
    to_block: Option<BlockQuery>,
}

/// An address stands in a topic as a word.
fn topic(text: &str) -> Result<B256, String> {
    let digits = text.strip_prefix("0x").unwrap_or(text).len();
    if digits == 40 { value::address(text).map(|who| who.into_word()) } else { value::hash(text) }
}

fn event(text: &str) -> Result<B256, String> {
    let written = text.trim().strip_prefix("event ").unwrap_or(text.trim());
    let parsed = alloy::json_abi::Event::parse(&format!("event {written}"));
    let wrong = || format!("{text:?} is no event; write it like Transfer(address,address,uint256)");
    let event = parsed.map_err(|_why| wrong())?;
    Ok(keccak256(event.signature()))
}

impl LogsArgs {
    /// The question, but for the contracts, whose names may have to be looked up.
    fn question(&self, args: &Args) -> LogsQuestion {
        let first = self.event.map_or_else(|| self.topic0.clone(), |topic| vec![topic]);
        LogsQuestion {
            addresses: Vec::new(),
            topics: [first, self.topic1.clone(), self.topic2.clone(), self.topic3.clone()],
            from: self.from_block,
            to: self.to_block.unwrap_or_else(|| crate::app::Tag::from(args.at).into()),
        }
    }

    /// Says what is wrong with the range before anybody is asked.
    pub(in crate::cli) fn refused(&self, args: &Args) -> Option<Exit> {
        self.question(args).check().err().map(|reason| misused(args, &reason))
    }
}

/// Runs it.
pub(in crate::cli) async fn run(args: &Args, asked: &LogsArgs, handle: &mut Handle) -> Exit {
    let addresses = match names::addresses(args, handle, &asked.addresses).await {
        Ok(addresses) => addresses,
        Err(exit) => return exit,
    };
    let question = LogsQuestion { addresses, ..asked.question(args) };
    ask(args, handle, Question::Contract(ContractQuestion::Logs(question))).await
}

/// For people.
pub(super) fn text(answer: &LogsAnswer, snapshot: &Snapshot) -> String {
    let mut out = String::new();
    for log in &answer.logs {
        let label = log.decoded.label.as_ref().map(|label| format!(" ({label})")).unwrap_or_default();
        out.push_str(&format!(
            "block {} · log {} · {}\n  {}{label}: {}\n",
            log.block.number,
            log.log_index,
            log.transaction,
            log.decoded.address.to_checksum(None),
            log.decoded.title()
        ));
    }
    out.push_str(&format!(
        "{} logs match in blocks {} to {}; each is proven to be in its block. Other blocks were not searched.\n",
        answer.logs.len(),
        answer.first,
        answer.last.number
    ));
    with_provenance(out, answer.last, snapshot)
}

/// For programs.
pub(super) fn json(answer: &LogsAnswer) -> Value {
    let logs: Vec<Value> = answer
        .logs
        .iter()
        .map(|log| {
            proven(
                json!({
                    "transaction": log.transaction, "log_index": log.log_index, "topics": log.topics,
                    "data": log.data, "decoded": log.decoded.to_json(),
                }),
                log.block,
            )
        })
        .collect();
    json!({"first_block": answer.first, "last_block": answer.last.number, "logs": logs})
}
