//! Reads ABI-encoded bytes of strangers: strict about padding, and never more memory than a budget.
//!
//! Offsets may point anywhere, so a kilobyte can describe a gigabyte (many offsets to one blob). Every value taken is
//! charged to a budget; alloy's decoder has no such budget that a caller could set.

use alloy::dyn_abi::DynSolType;
use alloy::json_abi::Param;
use alloy::primitives::{Address, B256, Bytes, I256, U256};

use super::abi_types::{TypeError, head_words, type_of};
use super::value::{AbiValue, NamedValue};

/// Bytes of values that one read may produce.
pub(super) const BUDGET: usize = 4 << 20;
/// What a value costs beside its bytes.
const VALUE_COST: usize = 64;

/// Why bytes are not the encoding of these types.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AbiReadError {
    /// A type that is not taken.
    #[error(transparent)]
    Type(#[from] TypeError),
    /// The bytes end too early, or an offset points outside.
    #[error("the bytes end before the value they announce")]
    Overrun,
    /// A word that no value of this type encodes to.
    #[error("a word is no valid {0}")]
    Invalid(String),
    /// More values than are decoded.
    #[error("the bytes describe more than is decoded (4 MiB of values)")]
    Budget,
}

/// What was read, and the bytes behind the last value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Read {
    pub(super) values: Vec<NamedValue>,
    pub(super) trailing: usize,
}

/// Reads a parameter list.
pub(super) fn read_params(params: &[Param], data: &[u8]) -> Result<Read, AbiReadError> {
    let mut budget = BUDGET;
    read_params_within(params, data, &mut budget)
}

/// Reads a parameter list within a budget that several reads share; a read that fails has spent of it too.
pub(super) fn read_params_within(
    params: &[Param],
    data: &[u8],
    budget: &mut usize,
) -> Result<Read, AbiReadError> {
    let mut types = Vec::with_capacity(params.len());
    for param in params {
        types.push((param.name.as_str(), type_of(param)?, param.components.as_slice()));
    }
    read_within(&types, data, budget)
}

/// A parameter whose type is resolved: name, type, components (for the names inside tuples).
pub(super) type Typed<'a> = (&'a str, DynSolType, &'a [Param]);

/// Reads a list of resolved parameters.
pub(super) fn read_typed(types: &[Typed<'_>], data: &[u8]) -> Result<Read, AbiReadError> {
    let mut budget = BUDGET;
    read_within(types, data, &mut budget)
}

fn read_within(types: &[Typed<'_>], data: &[u8], budget: &mut usize) -> Result<Read, AbiReadError> {
    let mut reader = Reader { whole: data.len(), left: budget, end: 0 };
    let mut at = 0_usize;
    let mut values = Vec::with_capacity(types.len());
    for (name, ty, components) in types {
        let value = reader.member(ty, components, data, at)?;
        at = at.saturating_add(head_words(ty).saturating_mul(32));
        let solidity_type = ty.sol_type_name().into_owned();
        values.push(NamedValue { name: (*name).to_owned(), solidity_type, value });
    }
    Ok(Read { values, trailing: data.len().saturating_sub(reader.end) })
}

/// One word as a value of a type that fits a word.
pub(super) fn read_word(ty: &DynSolType, word: B256) -> Result<AbiValue, AbiReadError> {
    let number = U256::from_be_bytes(word.0);
    let invalid = || AbiReadError::Invalid(ty.sol_type_name().into_owned());
    match ty {
        DynSolType::Bool if number > U256::from(1) => Err(invalid()),
        DynSolType::Bool => Ok(AbiValue::Bool(!number.is_zero())),
        DynSolType::Uint(bits) if number.bit_len() > *bits => Err(invalid()),
        DynSolType::Uint(_) => Ok(AbiValue::Uint(number)),
        DynSolType::Int(bits) => {
            let signed = I256::from_raw(number);
            // A negative number in two's complement is padded with ones.
            let magnitude = if signed.is_negative() { !number } else { number };
            if magnitude.bit_len() < *bits { Ok(AbiValue::Int(signed)) } else { Err(invalid()) }
        }
        DynSolType::Address if number.bit_len() > 160 => Err(invalid()),
        DynSolType::Address => Ok(AbiValue::Address(Address::from_word(word))),
        DynSolType::FixedBytes(size) => left_aligned(word, *size).ok_or_else(invalid),
        DynSolType::Function => left_aligned(word, 24).ok_or_else(invalid),
        _ => Err(invalid()),
    }
}

fn left_aligned(word: B256, size: usize) -> Option<AbiValue> {
    let (value, padding) = word.split_at_checked(size)?;
    let clean = padding.iter().all(|byte| *byte == 0);
    clean.then(|| AbiValue::Bytes(Bytes::copy_from_slice(value)))
}

struct Reader<'b> {
    whole: usize,
    left: &'b mut usize,
    /// The furthest byte that belongs to a value, counted from the start of the data.
    end: usize,
}

impl Reader<'_> {
    fn charge(&mut self, bytes: usize) -> Result<(), AbiReadError> {
        let cost = bytes.checked_add(VALUE_COST).ok_or(AbiReadError::Budget)?;
        *self.left = self.left.checked_sub(cost).ok_or(AbiReadError::Budget)?;
        Ok(())
    }

    /// `length` bytes of `frame` at `at`. A frame is always a tail of the data, so its end is the end of the data.
    fn take<'d>(&mut self, frame: &'d [u8], at: usize, length: usize) -> Result<&'d [u8], AbiReadError> {
        let to = at.checked_add(length).ok_or(AbiReadError::Overrun)?;
        let bytes = frame.get(at..to).ok_or(AbiReadError::Overrun)?;
        let start = self.whole.saturating_sub(frame.len());
        self.end = self.end.max(start.saturating_add(to));
        Ok(bytes)
    }

    fn word(&mut self, frame: &[u8], at: usize) -> Result<B256, AbiReadError> {
        Ok(B256::from_slice(self.take(frame, at, 32)?))
    }

    /// A word that must be a length or an offset inside the data.
    fn size(&mut self, frame: &[u8], at: usize) -> Result<usize, AbiReadError> {
        let word = U256::from_be_bytes(self.word(frame, at)?.0);
        usize::try_from(word).ok().filter(|size| *size <= self.whole).ok_or(AbiReadError::Overrun)
    }

    /// A member of a sequence: in place when static, behind an offset when dynamic.
    fn member(
        &mut self,
        ty: &DynSolType,
        components: &[Param],
        frame: &[u8],
        at: usize,
    ) -> Result<AbiValue, AbiReadError> {
        if !ty.is_dynamic() {
            return self.value(ty, components, frame, at);
        }
        let offset = self.size(frame, at)?;
        let tail = frame.get(offset..).ok_or(AbiReadError::Overrun)?;
        self.value(ty, components, tail, 0)
    }

    /// A value that starts at `at` of `frame`; for a dynamic one `at` is 0 and the frame its own.
    fn value(
        &mut self,
        ty: &DynSolType,
        components: &[Param],
        frame: &[u8],
        at: usize,
    ) -> Result<AbiValue, AbiReadError> {
        self.charge(0)?;
        let rest = || frame.get(at..).ok_or(AbiReadError::Overrun);
        match ty {
            DynSolType::Bytes | DynSolType::String => {
                let length = self.size(frame, at)?;
                self.charge(length)?;
                let bytes = self.take(frame, at.saturating_add(32), length)?;
                // The padding belongs to the value, where it is there at all.
                let padded = length.div_ceil(32).saturating_mul(32);
                let _not_padded = self.take(frame, at.saturating_add(32), padded);
                Ok(if matches!(ty, DynSolType::String) {
                    AbiValue::String(String::from_utf8_lossy(bytes).into_owned())
                } else {
                    AbiValue::Bytes(Bytes::copy_from_slice(bytes))
                })
            }
            DynSolType::Array(inner) => {
                let count = self.size(frame, at)?;
                let body = frame.get(at.saturating_add(32)..).ok_or(AbiReadError::Overrun)?;
                self.sequence(inner, components, body, count).map(AbiValue::Array)
            }
            DynSolType::FixedArray(inner, count) => {
                self.sequence(inner, components, rest()?, *count).map(AbiValue::Array)
            }
            DynSolType::Tuple(types) => self.tuple(types, components, rest()?).map(AbiValue::Tuple),
            word_type => read_word(word_type, self.word(frame, at)?),
        }
    }

    fn sequence(
        &mut self,
        inner: &DynSolType,
        components: &[Param],
        frame: &[u8],
        count: usize,
    ) -> Result<Vec<AbiValue>, AbiReadError> {
        let stride = head_words(inner).saturating_mul(32);
        if count.checked_mul(stride).is_none_or(|heads| heads > frame.len()) {
            return Err(AbiReadError::Overrun);
        }
        (0..count).map(|index| self.member(inner, components, frame, index.saturating_mul(stride))).collect()
    }

    fn tuple(
        &mut self,
        types: &[DynSolType],
        components: &[Param],
        frame: &[u8],
    ) -> Result<Vec<NamedValue>, AbiReadError> {
        let mut at = 0_usize;
        let mut fields = Vec::with_capacity(types.len());
        for (index, ty) in types.iter().enumerate() {
            let param = components.get(index);
            let inside = param.map_or(&[][..], |param| param.components.as_slice());
            let value = self.member(ty, inside, frame, at)?;
            at = at.saturating_add(head_words(ty).saturating_mul(32));
            let name = param.map_or_else(String::new, |param| param.name.clone());
            fields.push(NamedValue { name, solidity_type: ty.sol_type_name().into_owned(), value });
        }
        Ok(fields)
    }
}
