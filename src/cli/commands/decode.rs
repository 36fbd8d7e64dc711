//! `lifeboat decode`: what bytes say. Asks nobody, proves nothing.

use std::path::PathBuf;

use alloy::primitives::{Address, hex};
use clap::Args as ClapArgs;

use super::read_abi;
use crate::app::{
    AbiBook, CallBody, DecodedCall, NetworkName, Reason, Revert, decode_calldata, decode_revert,
};
use crate::cli::args::Args;
use crate::cli::output::{self, misused};
use crate::cli::{Exit, value};

/// Longest input.
const MOST_BYTES: usize = 1 << 20;

/// Words of `decode`.
#[derive(Debug, Clone, ClapArgs)]
#[command(after_help = "\
Examples:
  lifeboat decode 0xa9059cbb000000000000000000000000…                 calldata of an unknown contract: a guess
  lifeboat decode 0xa9059cbb… --to 0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48   as that contract's bundled ABI has it
  lifeboat decode 0x08c379a0… --revert                                why a call reverted

Nobody is asked and nothing is proven: this only reads bytes. Four bytes can mean many things; without --to or --abi the
function is a guess. Calls inside (multicall, Safe, batches) are shown under it.")]
pub struct DecodeArgs {
    /// The bytes, as 0x-hex
    data: String,
    /// The contract that they are sent to
    #[arg(long, value_name = "ADDRESS", value_parser = value::address)]
    to: Option<Address>,
    /// JSON file with the contract's ABI
    #[arg(long, value_name = "FILE")]
    abi: Option<PathBuf>,
    /// The bytes are what a failed call left
    #[arg(long)]
    revert: bool,
}

/// Runs it, without the core.
pub(in crate::cli) fn run(args: &Args, asked: &DecodeArgs) -> Exit {
    let data = match bytes(&asked.data) {
        Ok(data) => data,
        Err(why) => {
            return misused(
                args,
                &Reason::new(&why, "nothing was decoded", "give 0x and pairs of hex digits"),
            );
        }
    };
    let chain_id = chain_id(args.network.into());
    let mut book = AbiBook::new();
    // An ABI without an address explains bytes sent to anybody.
    let to = asked.to.or_else(|| asked.abi.is_some().then_some(Address::ZERO));
    if let Some(path) = &asked.abi {
        let read = read_abi(args, path).map(|text| book.add_json(chain_id, to.unwrap_or_default(), &text));
        match read {
            Ok(Ok(())) => {}
            Ok(Err(why)) => {
                return misused(args, &Reason::new(&why.to_string(), "nothing was decoded", "give an ABI"));
            }
            Err(exit) => return exit,
        }
    }
    if asked.revert {
        let revert = decode_revert(&book, chain_id, to, &data);
        output::answer(args, || serde_json::json!({"revert": revert.to_string()}), || format!("{revert}\n"));
        return if matches!(revert, Revert::Raw(_)) { Exit::ProvenNo } else { Exit::Done };
    }
    let mut call = decode_calldata(&book, chain_id, to, &data);
    call.to = asked.to;
    output::answer(args, || call.to_json(), || text(&call));
    if matches!(call.body, CallBody::Raw(_) | CallBody::Misfit { .. }) { Exit::ProvenNo } else { Exit::Done }
}

fn bytes(text: &str) -> Result<Vec<u8>, String> {
    let text = text.trim();
    if text.len() > MOST_BYTES.saturating_mul(2) {
        return Err("These are more than 1 MiB of bytes".to_owned());
    }
    let digits = text.strip_prefix("0x").ok_or("The bytes must begin with 0x")?;
    hex::decode(digits).map_err(|why| format!("These are no bytes: {why}"))
}

/// Chain ids that decide which bundled ABIs belong to an address.
fn chain_id(network: NetworkName) -> u64 {
    match network {
        NetworkName::Mainnet => 1,
        NetworkName::Sepolia => 11_155_111,
        NetworkName::Hoodi => 560_048,
        NetworkName::Custom => 0,
        NetworkName::Practice => 7_777_777,
    }
}

fn text(call: &DecodedCall) -> String {
    let mut out = String::new();
    write(&mut out, call, 0);
    out
}

fn write(out: &mut String, call: &DecodedCall, depth: usize) {
    let indent = "  ".repeat(depth);
    let to = call.to.map(|to| to.to_checksum(None));
    let label = call.label.as_ref().map(|label| format!(" ({label})")).unwrap_or_default();
    let target = to.map(|to| format!("{to}{label}: ")).unwrap_or_default();
    let value = call.value.filter(|value| !value.is_zero());
    let value = value.map(|value| format!(" with {}", crate::cli::format::ether(value))).unwrap_or_default();
    let delegate = if call.delegate { "DELEGATECALL " } else { "" };
    out.push_str(&format!("{indent}{delegate}{target}{}{value}\n", call.title()));
    if let CallBody::Function { signature, selector, trailing, .. } = &call.body {
        out.push_str(&format!("{indent}  {selector}  {}\n", crate::app::sanitise(signature, 400)));
        if *trailing > 0 {
            out.push_str(&format!("{indent}  {trailing} bytes stand behind the last argument\n"));
        }
    }
    for inner in &call.inner {
        write(out, inner, depth.saturating_add(1));
    }
    if call.not_shown > 0 {
        out.push_str(&format!(
            "{indent}  {} more calls inside are too deep or too many to show\n",
            call.not_shown
        ));
    }
}
