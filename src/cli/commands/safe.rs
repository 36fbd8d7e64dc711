//! `lifeboat safe`: a wallet of several owners, without its service.

use std::path::{Path, PathBuf};

use alloy::primitives::{Address, B256, Bytes, U256};
use clap::{Args as ClapArgs, Subcommand, ValueEnum};
use serde_json::{Value, json};

use super::protocols::intent;
use crate::app::{
    Answer, Handle, Operation, Proposal, ProposalError, ProtocolAnswer, ProtocolQuestion, Question, Reason,
    SafeApprovalsAnswer, SafeFacts, SafeTransaction, Snapshot,
};
use crate::cli::args::Args;
use crate::cli::json::proven;
use crate::cli::output::{answer, fail, misused};
use crate::cli::run::{ask, ask_quietly};
use crate::cli::text::{line, with_provenance};
use crate::cli::{Exit, value};

/// Words of `safe`.
#[derive(Debug, Clone, ClapArgs)]
#[command(after_help = "\
Examples:
  lifeboat safe SAFE                                    owners, threshold, nonce, modules, guard, code: all proven
  lifeboat safe SAFE propose --to ADDRESS --value WEI > one.json     a transaction to send to the other owners
  lifeboat safe SAFE check one.json --signature 0x…     whose signatures are good, and how many are missing
  lifeboat safe SAFE execute one.json                   the call that runs it, once enough have signed

Nothing is signed or sent here. Hashes are computed from the transaction itself; a file for another Safe, chain or nonce
is refused, and so is a signature of somebody who is no owner. An approval on the chain counts where it is proven.")]
pub struct SafeArgs {
    /// The Safe
    #[arg(value_parser = value::address)]
    address: Address,
    /// What to do; without it the Safe is shown
    #[command(subcommand)]
    action: Option<SafeAction>,
}

/// What can be done with a Safe.
#[derive(Debug, Clone, Subcommand)]
pub(in crate::cli) enum SafeAction {
    /// A new transaction, as a file for the other owners; on standard output
    Propose {
        /// Whom it calls
        #[arg(long, value_parser = value::address)]
        to: Address,
        /// Wei
        #[arg(long, default_value = "0", value_parser = number)]
        value: U256,
        /// Calldata
        #[arg(long, default_value = "0x")]
        data: Bytes,
        /// How the Safe runs it
        #[arg(long, value_enum, default_value = "call")]
        operation: OperationArg,
        /// Its number; the Safe's next where none is given
        #[arg(long, value_parser = number)]
        nonce: Option<U256>,
    },
    /// Checks a file and every signature in it against the proven Safe
    Check {
        /// The file
        file: PathBuf,
        /// One more signature, 65 bytes; may be repeated
        #[arg(long, value_name = "HEX")]
        signature: Vec<Bytes>,
    },
    /// The call that runs a transaction, once enough owners have signed
    Execute {
        /// The file
        file: PathBuf,
    },
}

/// A number below 2^256, decimal or 0x-hex.
fn number(text: &str) -> Result<U256, String> {
    value::slot(text).map_err(|_slot| format!("{text:?} is no whole number below 2^256"))
}

/// How a Safe runs a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum OperationArg {
    /// As a call
    Call,
    /// With the target's code as the Safe's own: it may change who controls the Safe
    Delegatecall,
}

/// Longest file of a proposal.
const MOST_FILE: u64 = 4 << 20;

/// Runs it.
pub(in crate::cli) async fn run(args: &Args, asked: &SafeArgs, handle: &mut Handle) -> Exit {
    let question = Question::Protocol(ProtocolQuestion::Safe(asked.address, args.at.into()));
    let Some(action) = &asked.action else { return ask(args, handle, question).await };
    let facts = match ask_quietly(args, handle, question).await {
        Ok(Answer::Protocol(found)) => match &*found {
            ProtocolAnswer::Safe(facts) => facts.clone(),
            _ => return crate::cli::run::stopped(args),
        },
        Ok(_) => return crate::cli::run::stopped(args),
        Err(exit) => return exit,
    };
    match action {
        SafeAction::Propose { to, value, data, operation, nonce } => {
            let mut tx = SafeTransaction::call(*to, *value, data.clone(), nonce.unwrap_or(facts.nonce));
            if *operation == OperationArg::Delegatecall {
                tx.operation = Operation::DelegateCall;
            }
            show(args, (&facts, &[]), &Proposal::new(&facts, tx))
        }
        SafeAction::Check { file, signature } => match read(args, file) {
            Ok(mut proposal) => {
                proposal.signatures.extend(signature.iter().cloned());
                match approvals(args, handle, (facts.address, &proposal)).await {
                    Ok(approved) => show(args, (&facts, &approved), &proposal),
                    Err(exit) => exit,
                }
            }
            Err(exit) => exit,
        },
        SafeAction::Execute { file } => match read(args, file) {
            Ok(proposal) => match approvals(args, handle, (facts.address, &proposal)).await {
                Ok(approved) => execute(args, (&facts, &approved), &proposal),
                Err(exit) => exit,
            },
            Err(exit) => exit,
        },
    }
}

/// Who approved a transaction of the Safe on the chain, by proof.
async fn approvals(
    args: &Args,
    handle: &mut Handle,
    (safe, proposal): (Address, &Proposal),
) -> Result<Vec<Address>, Exit> {
    let hash = proposal.safe_tx_hash;
    let question = ProtocolQuestion::SafeApprovals { safe, hashes: vec![hash], tag: args.at.into() };
    match ask_quietly(args, handle, Question::Protocol(question)).await? {
        Answer::Protocol(found) => match &*found {
            ProtocolAnswer::SafeApprovals(found) => Ok(found.of(hash).to_vec()),
            _ => Err(crate::cli::run::stopped(args)),
        },
        _ => Err(crate::cli::run::stopped(args)),
    }
}

fn read(args: &Args, path: &Path) -> Result<Proposal, Exit> {
    let wrong = |why: String| {
        let what = format!("{} cannot be used: {why}", path.display());
        misused(args, &Reason::new(&what, "nothing of it was used", "ask its sender for the file again"))
    };
    let size = std::fs::metadata(path).map_err(|why| wrong(why.to_string()))?.len();
    if size > MOST_FILE {
        return Err(wrong("it is longer than 4 MiB".to_owned()));
    }
    let text = std::fs::read_to_string(path).map_err(|why| wrong(why.to_string()))?;
    Proposal::parse(&text).map_err(|why| wrong(why.to_string()))
}

fn refused(args: &Args, error: &ProposalError) -> Exit {
    let means = "nothing of it was used";
    let next = "compare with the other owners what they see, and ask for it again";
    fail(args, &Reason { proven_no: true, ..Reason::new(&error.to_string(), means, next) })
}

/// The proposal with how far it is. The file itself is JSON in every case, so that it can be sent on.
fn show(args: &Args, (facts, approved): (&SafeFacts, &[Address]), proposal: &Proposal) -> Exit {
    let standing = match proposal.check(facts, approved) {
        Ok(standing) => standing,
        Err(error) => return refused(args, &error),
    };
    for warning in &standing.warnings {
        crate::cli::output::say(&format!("! {warning}"));
    }
    let signed: Vec<String> = standing.signed.iter().map(|one| one.signer.to_checksum(None)).collect();
    crate::cli::output::say(&format!(
        "Signatures {} of {}{}",
        signed.len(),
        facts.threshold,
        if standing.waits { format!("; waits for nonce {}", facts.nonce) } else { String::new() }
    ));
    for owner in &standing.claimed {
        let owner = owner.to_checksum(None);
        crate::cli::output::say(&format!(
            "! {owner} is named as having approved on the chain, which is proven not so"
        ));
    }
    let file = serde_json::to_value(proposal).unwrap_or_default();
    answer(args, || file.clone(), || format!("{file:#}\n"));
    Exit::Done
}

fn execute(args: &Args, (facts, approved): (&SafeFacts, &[Address]), proposal: &Proposal) -> Exit {
    match proposal.execution(facts, approved) {
        Ok(call) => {
            let text = format!(
                "{}\n  to   {}\n  data {}\n",
                call.sentence,
                call.to.to_checksum(None),
                call.calldata
            );
            answer(args, || json!({"call": intent(&call)}), || text);
            Exit::Done
        }
        Err(error) => refused(args, &error),
    }
}

/// For people.
pub(super) fn text(facts: &SafeFacts, snapshot: &Snapshot) -> String {
    let mut out = String::new();
    line(&mut out, "Safe", &facts.address.to_checksum(None));
    line(&mut out, "Threshold", &format!("{} of {} owners", facts.threshold, facts.owners.len()));
    for owner in &facts.owners {
        line(&mut out, "Owner", &owner.to_checksum(None));
    }
    line(&mut out, "Nonce", &facts.nonce.to_string());
    let code = facts.release.as_ref().map_or_else(
        || "its code is none of the bundled releases".to_owned(),
        |release| format!("code matches {} {}", release.name, release.version),
    );
    line(&mut out, "Version", &format!("{}, {code}", facts.version));
    let list = |all: &[Address]| all.iter().map(|one| one.to_checksum(None)).collect::<Vec<_>>().join(", ");
    let none = || "none".to_owned();
    line(&mut out, "Modules", &if facts.modules.is_empty() { none() } else { list(&facts.modules) });
    line(&mut out, "Guard", &facts.guard.map_or_else(none, |one| one.to_checksum(None)));
    if let Some(guard) = facts.module_guard {
        line(&mut out, "Module guard", &guard.to_checksum(None));
    }
    line(&mut out, "Fallback", &facts.fallback.map_or_else(none, |one| one.to_checksum(None)));
    for caveat in facts.caveats() {
        out.push_str(&format!("! {caveat}\n"));
    }
    with_provenance(out, facts.at, snapshot)
}

/// Who approved what, for people.
pub(super) fn approvals_text(found: &SafeApprovalsAnswer, snapshot: &Snapshot) -> String {
    let mut out = String::new();
    for (hash, owners) in &found.approved {
        let all: Vec<String> = owners.iter().map(|one| one.to_checksum(None)).collect();
        line(
            &mut out,
            "Approved",
            &format!("{hash} by {}", if all.is_empty() { "nobody".to_owned() } else { all.join(", ") }),
        );
    }
    with_provenance(out, found.at, snapshot)
}

/// The same for programs.
pub(super) fn approvals_json(found: &SafeApprovalsAnswer) -> Value {
    let one = |(hash, owners): (&B256, &Vec<Address>)| json!({"hash": hash, "owners": owners.iter().map(|one| one.to_checksum(None)).collect::<Vec<_>>()});
    proven(json!(found.approved.iter().map(one).collect::<Vec<_>>()), found.at)
}

/// For programs.
pub(super) fn json(facts: &SafeFacts) -> Value {
    let all = |list: &[Address]| list.iter().map(|one| one.to_checksum(None)).collect::<Vec<_>>();
    let release = facts.release.as_ref();
    let inner = json!({
        "owners": all(&facts.owners),
        "threshold": facts.threshold,
        "nonce": facts.nonce.to_string(),
        "modules": all(&facts.modules),
        "guard": facts.guard.map(|one| one.to_checksum(None)),
        "module_guard": facts.module_guard.map(|one| one.to_checksum(None)),
        "fallback_handler": facts.fallback.map(|one| one.to_checksum(None)),
        "version": facts.version,
        "release": release.map(|one| json!({"name": one.name, "version": one.version})),
        "code_hash": facts.code.code_hash,
        "implementation": facts.code.implementation.map(|(who, _)| who.to_checksum(None)),
        "implementation_hash": facts.code.implementation.map(|(_, hash)| hash),
    });
    json!({
        "address": facts.address.to_checksum(None), "safe": proven(inner, facts.at), "caveats": facts.caveats(),
    })
}
