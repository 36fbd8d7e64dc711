//! What a call says, with the calls inside it.

use alloy::json_abi::Function;
use alloy::primitives::{Address, Bytes, Selector, U256};
use serde_json::{Value, json};

use super::abi_book::{AbiBook, Found, Provenance};
use super::abi_reader::{BUDGET, Read, read_params_within};
use super::commands::{Plan, Step, plan_of};
use super::nested::{Carried, carried};
use super::value::NamedValue;
use super::value_text::{sanitise, values_json, values_text};

/// Deepest nesting of calls that is decoded.
const MAX_DEPTH: usize = 6;
/// Most calls decoded in all.
const MAX_CALLS: usize = 256;
/// Longest calldata that is decoded.
const MAX_DATA: usize = 1 << 20;

/// What a call says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecodedCall {
    /// Whom it calls; `None` for a contract creation or where it is unknown.
    pub to: Option<Address>,
    /// What the book calls this address.
    pub label: Option<String>,
    /// Wei sent along, where the carrier of the call says so.
    pub value: Option<U256>,
    /// It runs foreign code in the caller's own storage (`delegatecall`).
    pub delegate: bool,
    /// What the calldata says.
    pub body: CallBody,
    /// Calls inside, in their order.
    pub inner: Vec<Self>,
    /// Calls inside that were not decoded, because they are too deep or too many.
    pub not_shown: usize,
}

/// What calldata says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallBody {
    /// Nothing: a plain transfer of ether.
    Empty,
    /// A function and its arguments.
    Function {
        /// The function's name.
        name: String,
        /// `name(types)`.
        signature: String,
        /// The first four bytes.
        selector: Selector,
        /// The arguments.
        args: Vec<NamedValue>,
        /// Who says that it is this function.
        provenance: Provenance,
        /// Bytes behind the last argument.
        trailing: usize,
    },
    /// A command of a plan in bytes (`commands.rs`), as Universal Router's `SWEEP`; who carries it says whether that is sure.
    Command {
        /// Its name in the protocol's own libraries.
        name: String,
        /// The plan goes on though it fails.
        may_fail: bool,
        /// The arguments.
        args: Vec<NamedValue>,
    },
    /// The selector is known, and what follows is not what that function takes.
    Misfit {
        /// `name(types)`.
        signature: String,
        /// Who says that it is this function's selector.
        provenance: Provenance,
        /// All of the calldata.
        data: Bytes,
    },
    /// Bytes of unknown meaning.
    Raw(Bytes),
}

/// Said behind what only its four bytes say.
fn guess(provenance: &Provenance) -> &'static str {
    if *provenance == Provenance::Guess { " (a guess by its four bytes)" } else { "" }
}

impl DecodedCall {
    /// The function's name, its arguments, and a mark when it is a guess; safe to print.
    #[must_use]
    pub fn title(&self) -> String {
        match &self.body {
            CallBody::Empty => "no data: a transfer of ether".to_owned(),
            CallBody::Raw(bytes) => format!("{} bytes of unknown meaning", bytes.len()),
            CallBody::Misfit { signature, provenance, data } => format!(
                "{} bytes that begin like {}{} and do not fit its arguments",
                data.len(),
                sanitise(signature, 400),
                guess(provenance)
            ),
            CallBody::Function { name, args, provenance, .. } => {
                format!("{}({}){}", sanitise(name, 80), values_text(args), guess(provenance))
            }
            CallBody::Command { name, args, may_fail } => {
                let may_fail = if *may_fail { " (may fail)" } else { "" };
                format!("{name}({}){may_fail}", values_text(args))
            }
        }
    }

    /// For programs.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let body = match &self.body {
            CallBody::Empty => json!({ "kind": "empty" }),
            CallBody::Raw(bytes) => json!({ "kind": "raw", "data": bytes }),
            CallBody::Misfit { signature, provenance, data } => json!({
                "kind": "misfit", "signature": signature, "provenance": provenance, "data": data,
            }),
            CallBody::Function { name, signature, selector, args, provenance, trailing } => json!({
                "kind": "function", "name": name, "signature": signature, "selector": selector,
                "args": values_json(args), "provenance": provenance, "trailing_bytes": trailing,
            }),
            CallBody::Command { name, args, may_fail } => json!({
                "kind": "command", "name": name, "may_fail": may_fail, "args": values_json(args),
            }),
        };
        json!({
            "to": self.to.map(|to| to.to_checksum(None)),
            "label": self.label,
            "value": self.value.map(|value| value.to_string()),
            "delegate": self.delegate,
            "call": body,
            "inner": self.inner.iter().map(Self::to_json).collect::<Vec<_>>(),
            "not_shown": self.not_shown,
        })
    }
}

/// Decodes calldata sent to `to`, with the calls that it carries. Never fails: what is not understood is raw.
#[must_use]
pub fn decode_calldata(book: &AbiBook, chain_id: u64, to: Option<Address>, data: &[u8]) -> DecodedCall {
    let mut decoder = Decoder { book, chain_id, calls: MAX_CALLS, budget: BUDGET };
    let call = Carried { to, value: None, delegate: false, data: Bytes::copy_from_slice(data) };
    decoder.call(&call, MAX_DEPTH)
}

struct Decoder<'a> {
    book: &'a AbiBook,
    chain_id: u64,
    /// Calls that may still be decoded.
    calls: usize,
    /// What all values may still cost: nested calls may repeat the same bytes.
    budget: usize,
}

impl Decoder<'_> {
    fn call(&mut self, call: &Carried, depth: usize) -> DecodedCall {
        self.calls = self.calls.saturating_sub(1);
        let body = self.body(call);
        let carried = match &body {
            CallBody::Function { selector, args, .. } => carried(*selector, call.to, args),
            _ => Vec::new(),
        };
        let plan = match &body {
            CallBody::Function { selector, args, .. } => plan_of(*selector, call.to, args),
            _ => None,
        };
        let mut inner = Vec::new();
        for one in &carried {
            if depth > 0 && self.calls > 0 {
                inner.push(self.call(one, depth.saturating_sub(1)));
            }
        }
        inner.extend(plan.iter().flat_map(|plan| self.steps(plan, depth)));
        let count = carried.len().saturating_add(plan.map_or(0, |plan| plan.len()));
        let not_shown = count.saturating_sub(inner.len());
        DecodedCall {
            to: call.to,
            label: call.to.and_then(|to| self.book.label(self.chain_id, to)),
            value: call.value,
            delegate: call.delegate,
            body,
            inner,
            not_shown,
        }
    }

    /// The steps of a plan, as calls inside.
    fn steps(&mut self, plan: &Plan, depth: usize) -> Vec<DecodedCall> {
        let mut steps = Vec::new();
        for one in plan.numbered() {
            if depth == 0 || self.calls == 0 {
                break;
            }
            let step = plan.step(one, &mut self.budget);
            steps.push(self.step(step, depth.saturating_sub(1)));
        }
        steps
    }

    fn step(&mut self, step: Step, depth: usize) -> DecodedCall {
        let (body, plan) = match step {
            Step::Call(data) => {
                return self.call(&Carried { to: None, value: None, delegate: false, data }, depth);
            }
            Step::Command { name, may_fail, args, plan } => {
                (CallBody::Command { name, may_fail, args }, plan)
            }
            Step::Unread(bytes) => (CallBody::Raw(bytes), None),
        };
        self.calls = self.calls.saturating_sub(1);
        let inner = plan.as_ref().map(|plan| self.steps(plan, depth)).unwrap_or_default();
        let not_shown = plan.map_or(0, |plan| plan.len()).saturating_sub(inner.len());
        DecodedCall { to: None, label: None, value: None, delegate: false, body, inner, not_shown }
    }

    fn body(&mut self, call: &Carried) -> CallBody {
        if call.data.is_empty() {
            return CallBody::Empty;
        }
        self.function(call).unwrap_or_else(|| CallBody::Raw(call.data.clone()))
    }

    fn function(&mut self, call: &Carried) -> Option<CallBody> {
        let data = Some(&call.data).filter(|data| data.len() <= MAX_DATA)?;
        let (selector, rest) = data.split_first_chunk::<4>()?;
        let selector = Selector::from(*selector);
        let candidates = self.book.functions(self.chain_id, call.to, selector);
        let surest = candidates.first().map(|found| CallBody::Misfit {
            signature: found.item.signature(),
            provenance: found.provenance.clone(),
            data: call.data.clone(),
        });
        let Some((found, read)) = best(candidates, rest, &mut self.budget) else { return surest };
        Some(CallBody::Function {
            name: found.item.name.clone(),
            signature: found.item.signature(),
            selector,
            args: read.values,
            provenance: found.provenance,
            trailing: read.trailing,
        })
    }
}

/// The surest function whose types fit. Among guesses, one that leaves no bytes goes before one that does.
fn best(
    candidates: Vec<Found<Function>>,
    data: &[u8],
    budget: &mut usize,
) -> Option<(Found<Function>, Read)> {
    let mut second = None;
    for found in candidates {
        let Ok(read) = read_params_within(&found.item.inputs, data, budget) else { continue };
        if read.trailing == 0 || found.provenance != Provenance::Guess {
            return Some((found, read));
        }
        second.get_or_insert((found, read));
    }
    second
}
