//! Any function of any contract: from words to calldata, from the proven outcome to values.

use alloy::primitives::Address;

use super::contract_interface::{book_with, proxy_of};
use super::contract_reads::{chain_id, state_after};
use super::{AbiSource, CallAnswer, CallQuestion, CallResult, Reason, ToldCall};
use crate::chain::{BlockQuery, FollowError, Heads, ReadError, Reader, StateAt};
use crate::contracts::{
    AbiBook, FunctionCall, FunctionCallError, Provenance, decode_revert, selectors_in_code,
};
use crate::execution::{Call, CallOutcome, CallStatus, OffchainLookup};
use crate::protocols::{NotFollowed, WebServers};

/// Interfaces whose functions are guessed by name where nothing better is known: those of tokens and vaults.
const GUESSED: [&str; 4] = ["erc20/ERC20", "erc4626/ERC4626", "erc721-1155/ERC721", "erc721-1155/ERC1155"];

/// The EVM's word for a value that its sender does not have.
const NO_FUNDS: &str = "OutOfFunds";

/// Runs the function that was asked for.
pub(super) async fn call(
    reader: &Reader,
    heads: &Heads,
    question: &CallQuestion,
) -> Result<CallAnswer, Reason> {
    let state = state_after(reader, heads, question.at).await?;
    let chain_id = chain_id(&state)?;
    let book = book_with(chain_id, question.to, question.abi.as_deref())?;
    let (call, abi) = plan(&state, &book, question).await?;
    let run = Call {
        from: question.from.unwrap_or_default(),
        value: question.value,
        ..Call::read(question.to, call.calldata())
    };
    let outcome = state.call(run.clone()).await?;
    if outcome.value().is_success() && outcome.value().output.is_empty() {
        must_be_contract(&state, question.to).await?;
    }
    let asked_of = match &abi {
        AbiSource::Implementation(implementation, _) => *implementation,
        _ => question.to,
    };
    let says = |outcome: &CallOutcome| {
        failure(&book, chain_id, Some(asked_of), outcome).unwrap_or_else(|| {
            match call.decode(&outcome.output) {
                Ok(values) => CallResult::Values(values),
                Err(why) => CallResult::Unread(why.to_string()),
            }
        })
    };
    let told = match (OffchainLookup::of(outcome.value()), &question.gateways) {
        (Some(lookup), Some(consent)) => match state.follow_offchain(&run, lookup, consent).await {
            Ok(told) => {
                Some(Ok(ToldCall { result: says(&told.outcome), outcome: told.outcome, hosts: told.hosts }))
            }
            Err(FollowError::Read(error)) => return Err(error.into()),
            Err(error) => Some(Err(NotFollowed::of(&error))),
        },
        _ => None,
    };
    let result = says(outcome.value());
    Ok(CallAnswer {
        to: question.to,
        label: book.label(chain_id, question.to),
        signature: call.signature(),
        arguments: call.arguments(),
        calldata: call.calldata(),
        would_change: abi != AbiSource::Signature && !call.says_view(),
        abi,
        outcome,
        result,
        told,
    })
}

/// How a call failed; `None` where it ran to its end.
pub(super) fn failure(
    book: &AbiBook,
    chain_id: u64,
    to: Option<Address>,
    outcome: &CallOutcome,
) -> Option<CallResult> {
    match &outcome.status {
        CallStatus::Success => None,
        CallStatus::Revert if let Some(lookup) = OffchainLookup::of(outcome) => {
            Some(CallResult::Offchain(WebServers::of(&lookup)))
        }
        CallStatus::Revert => Some(CallResult::Reverted(decode_revert(book, chain_id, to, &outcome.output))),
        CallStatus::Halt(words) if words == NO_FUNDS => {
            Some(CallResult::Halted("the caller does not have the ether that is sent along".to_owned()))
        }
        CallStatus::Halt(words) => Some(CallResult::Halted(words.clone())),
    }
}

/// A proven "no" where there is no code to ask.
pub(super) async fn must_be_contract(state: &StateAt, address: Address) -> Result<(), Reason> {
    let account = state.account(address).await?;
    if !account.value().has_no_code() || is_precompile(address) {
        return Ok(());
    }
    let at = account.at().number;
    Err(Reason::no(
        &format!("There is no contract at {} (proven at block {at})", address.to_checksum(None)),
        "an account without code answers nothing: the address is mistyped, of another network, or a person's",
        "check the address and --network",
    ))
}

fn is_precompile(address: Address) -> bool {
    let (head, tail) = address.split_at(18);
    head.iter().all(|byte| *byte == 0) && tail.first().is_some_and(|byte| *byte <= 1)
}

/// The call, and who says what it means. A full signature needs nobody; a name is looked up in the user's interface, the
/// bundled one of the address, that of the contract whose code it runs, and last among the usual functions of tokens.
async fn plan(
    state: &StateAt,
    book: &AbiBook,
    question: &CallQuestion,
) -> Result<(FunctionCall, AbiSource), Reason> {
    let asked = question.function.trim();
    let written = asked.contains('(');
    let own = if written {
        Some(FunctionCall::parse(asked, &question.args).map_err(|why| misused(&why))?)
    } else {
        None
    };
    if let Some(own) = own.as_ref().filter(|own| own.knows_outputs()) {
        return Ok((own.clone(), AbiSource::Signature));
    }
    let chain_id = chain_id(state)?;
    let mut unknown = None;
    if let Some(found) = book.abi(chain_id, question.to) {
        match FunctionCall::from_abi(&found.item, asked, &question.args) {
            Ok(call) => return Ok((call, AbiSource::Interface(found.provenance))),
            Err(why @ FunctionCallError::Unknown { .. }) => unknown = Some(why),
            Err(why) => return Err(misused(&why)),
        }
    }
    must_be_contract(state, question.to).await?;
    let (_, implementation) = proxy_of(state, question.to).await?;
    if let Some((implementation, found)) =
        implementation.and_then(|one| Some((one, book.abi(chain_id, one)?)))
    {
        match FunctionCall::from_abi(&found.item, asked, &question.args) {
            Ok(call) => return Ok((call, AbiSource::Implementation(implementation, found.provenance))),
            Err(why @ FunctionCallError::Unknown { .. }) => unknown = unknown.or(Some(why)),
            Err(why) => return Err(misused(&why)),
        }
    }
    if let Some(own) = own {
        return Ok((own, AbiSource::Signature));
    }
    guess(state, book, question, implementation).await?.ok_or_else(|| match unknown {
        Some(why) => misused(&why),
        None => no_interface(question, asked),
    })
}

/// A usual function of tokens of this name whose selector the proven code compares with.
async fn guess(
    state: &StateAt,
    book: &AbiBook,
    question: &CallQuestion,
    implementation: Option<Address>,
) -> Result<Option<(FunctionCall, AbiSource)>, ReadError> {
    let code = state.code(implementation.unwrap_or(question.to)).await?;
    let answers = selectors_in_code(code.value());
    let calls = GUESSED.iter().filter_map(|name| {
        FunctionCall::from_abi(book.bundled(name)?, question.function.trim(), &question.args).ok()
    });
    let mut fitting = calls.filter(|call| answers.contains(&call.selector()));
    Ok(fitting.next().map(|call| (call, AbiSource::Interface(Provenance::Guess))))
}

fn misused(why: &FunctionCallError) -> Reason {
    Reason::misuse(&format!("The call cannot be made: {why}"), "correct the function or its arguments")
}

fn no_interface(question: &CallQuestion, asked: &str) -> Reason {
    Reason::misuse(
        &format!(
            "No interface of {} is known here, so `{asked}` means nothing",
            question.to.to_checksum(None)
        ),
        "write the whole signature, like `balanceOf(address)(uint256)`, or give an ABI",
    )
}

/// The block a call is pinned to, where a face has only a tag.
impl From<super::Tag> for BlockQuery {
    fn from(tag: super::Tag) -> Self {
        match tag {
            super::Tag::Latest => Self::Latest,
            super::Tag::Finalized => Self::Finalized,
        }
    }
}
