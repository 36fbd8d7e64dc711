//! One call of one function: from a signature and words of a person to calldata, and from the answer to values.

use alloy::dyn_abi::JsonAbiExt;
use alloy::json_abi::{Function, JsonAbi, StateMutability};
use alloy::primitives::{Bytes, Selector};

use super::abi_reader::{AbiReadError, read_params};
use super::abi_types::{TypeError, type_of};
use super::argument::{ArgumentError, argument};
use super::fragment::function_of;
use super::value::{AbiValue, NamedValue};
use super::value_text::sanitise;

/// Words of an answer of unknown type that are shown one by one.
const MAX_WORDS: usize = 256;

/// Why a call cannot be made, or its answer not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FunctionCallError {
    /// Not a signature.
    #[error("`{0}` is not a function signature; write it like `balanceOf(address)(uint256)`")]
    Signature(String),
    /// The interface has no such function.
    #[error("the interface has no function `{name}`; it has {has}")]
    Unknown {
        /// What was asked for.
        name: String,
        /// Functions there are.
        has: String,
    },
    /// Several functions have this name.
    #[error("the interface has several functions `{name}`; give the whole signature, one of {choices}")]
    Ambiguous {
        /// The name.
        name: String,
        /// The signatures.
        choices: String,
    },
    /// Too few or too many arguments.
    #[error("{signature} takes {expected} argument(s), {given} given")]
    Count {
        /// The function.
        signature: String,
        /// How many it takes.
        expected: usize,
        /// How many were given.
        given: usize,
    },
    /// An argument that is no value of its type.
    #[error("argument {position} of {function}: {why}")]
    Argument {
        /// Counted from 1.
        position: usize,
        /// The function's name.
        function: String,
        /// What is wrong with it.
        why: ArgumentError,
    },
    /// A type in the signature that cannot be used.
    #[error(transparent)]
    Type(#[from] TypeError),
    /// Nothing came back where values were expected.
    #[error(
        "{function} answered nothing: there may be no contract at this address, or it has no such function"
    )]
    Nothing {
        /// The function's name.
        function: String,
    },
    /// The answer is not the encoding of the outputs.
    #[error("the answer of {function} is not {expected}: {why}")]
    Answer {
        /// The function's name.
        function: String,
        /// The outputs.
        expected: String,
        /// What is wrong.
        why: AbiReadError,
    },
}

/// A function, its arguments checked, ready to be sent; and how to read what comes back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FunctionCall {
    function: Function,
    calldata: Bytes,
}

impl FunctionCall {
    /// From a human-readable signature: `balanceOf(address)(uint256)`, `balanceOf(address)`, or
    /// `function balanceOf(address owner) view returns (uint256)`. Arrays are written `[1, 2]`, tuples `(1, 2)`.
    ///
    /// # Errors
    /// One plain sentence on what is wrong with the signature or an argument.
    pub fn parse(signature: &str, args: &[String]) -> Result<Self, FunctionCallError> {
        Self::of(parse_function(signature)?, args)
    }

    /// From an interface and a name, or a signature where the name is not enough.
    ///
    /// # Errors
    /// As [`FunctionCall::parse`], and when the interface has no such function or several.
    pub fn from_abi(
        abi: &JsonAbi,
        name_or_signature: &str,
        args: &[String],
    ) -> Result<Self, FunctionCallError> {
        Self::of(find_function(abi, name_or_signature, args.len())?.clone(), args)
    }

    /// From a function of an interface.
    ///
    /// # Errors
    /// When an argument is missing, too many, or no value of its type.
    pub fn of(function: Function, args: &[String]) -> Result<Self, FunctionCallError> {
        function.outputs.iter().try_for_each(|output| type_of(output).map(drop))?;
        let types = function.inputs.iter().map(type_of).collect::<Result<Vec<_>, _>>()?;
        if types.len() != args.len() {
            let (expected, given) = (types.len(), args.len());
            return Err(FunctionCallError::Count { signature: function.signature(), expected, given });
        }
        let mut arguments = Vec::with_capacity(types.len());
        for (at, (ty, text)) in types.iter().zip(args).enumerate() {
            arguments.push(argument(ty, text).map_err(|why| FunctionCallError::Argument {
                position: at.saturating_add(1),
                function: function.name.clone(),
                why,
            })?);
        }
        let encoded = function.abi_encode_input(&arguments);
        let calldata = encoded.map_err(|_why| FunctionCallError::Signature(function.signature()))?;
        Ok(Self { function, calldata: calldata.into() })
    }

    /// Selector and encoded arguments.
    #[must_use]
    pub fn calldata(&self) -> Bytes {
        self.calldata.clone()
    }

    /// The function's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.function.name
    }

    /// The canonical signature: `balanceOf(address)`.
    #[must_use]
    pub fn signature(&self) -> String {
        self.function.signature()
    }

    /// The first four bytes of the calldata.
    #[must_use]
    pub fn selector(&self) -> Selector {
        self.function.selector()
    }

    /// Whether the signature says that the call only reads.
    #[must_use]
    pub fn says_view(&self) -> bool {
        matches!(self.function.state_mutability, StateMutability::View | StateMutability::Pure)
    }

    /// Whether it is known what comes back.
    #[must_use]
    pub fn knows_outputs(&self) -> bool {
        !self.function.outputs.is_empty()
    }

    /// The arguments as they will be sent, with their names.
    #[must_use]
    pub fn arguments(&self) -> Vec<NamedValue> {
        let body = self.calldata.get(4..).unwrap_or_default();
        read_params(&self.function.inputs, body).map(|read| read.values).unwrap_or_default()
    }

    /// Reads the answer. With outputs unknown it is shown as words of 32 bytes.
    ///
    /// # Errors
    /// When it is empty where values are expected, or not the encoding of the outputs.
    pub fn decode(&self, answer: &[u8]) -> Result<Vec<NamedValue>, FunctionCallError> {
        let outputs = &self.function.outputs;
        if outputs.is_empty() {
            return Ok(words(answer));
        }
        if answer.is_empty() {
            return Err(FunctionCallError::Nothing { function: self.function.name.clone() });
        }
        read_params(outputs, answer).map(|read| read.values).map_err(|why| FunctionCallError::Answer {
            function: self.function.name.clone(),
            expected: types_text(&self.function),
            why,
        })
    }
}

fn types_text(function: &Function) -> String {
    let types: Vec<_> = function.outputs.iter().map(|one| one.selector_type().into_owned()).collect();
    format!("({})", types.join(","))
}

/// Bytes of unknown meaning as words; what does not fill a word stands last.
pub(super) fn words(bytes: &[u8]) -> Vec<NamedValue> {
    let named = |name: String, ty: &str, bytes: &[u8]| NamedValue {
        name,
        solidity_type: ty.to_owned(),
        value: AbiValue::Bytes(Bytes::copy_from_slice(bytes)),
    };
    let whole = bytes.chunks_exact(32).take(MAX_WORDS);
    let mut out: Vec<NamedValue> =
        whole.enumerate().map(|(at, word)| named(format!("word{at}"), "bytes32", word)).collect();
    let rest = bytes.get(out.len().saturating_mul(32)..).unwrap_or_default();
    if !rest.is_empty() {
        out.push(named("rest".to_owned(), "bytes", rest));
    }
    out
}

/// A human-readable signature as a function; every type in it is known and tame.
pub(super) fn parse_function(signature: &str) -> Result<Function, FunctionCallError> {
    let wrong = || FunctionCallError::Signature(sanitise(signature.trim(), 120));
    let function = function_of(signature).ok_or_else(wrong)?;
    function.inputs.iter().chain(&function.outputs).try_for_each(|param| type_of(param).map(drop))?;
    Ok(function)
}

fn find_function<'a>(
    abi: &'a JsonAbi,
    name_or_signature: &str,
    given: usize,
) -> Result<&'a Function, FunctionCallError> {
    let asked = name_or_signature.trim();
    let unknown = || FunctionCallError::Unknown { name: sanitise(asked, 120), has: has(abi.functions()) };
    if asked.contains('(') {
        let selector = parse_function(asked)?.selector();
        return abi.function_by_selector(selector).ok_or_else(unknown);
    }
    let named = abi.function(asked).ok_or_else(unknown)?;
    match named.iter().filter(|function| function.inputs.len() == given).collect::<Vec<_>>().as_slice() {
        [one] => Ok(one),
        // None takes that many: the count is what is wrong, when there is one to count against.
        [] if named.len() == 1 => named.first().ok_or_else(unknown),
        _ => Err(FunctionCallError::Ambiguous { name: sanitise(asked, 120), choices: has(named.iter()) }),
    }
}

fn has<'a>(functions: impl Iterator<Item = &'a Function>) -> String {
    let mut names: Vec<String> = functions.map(|one| sanitise(&one.signature(), 80)).collect();
    let more = names.len().saturating_sub(12);
    names.truncate(12);
    match (names.is_empty(), more) {
        (true, _) => "none at all".to_owned(),
        (_, 0) => names.join(", "),
        (_, more) => format!("{} and {more} more", names.join(", ")),
    }
}
