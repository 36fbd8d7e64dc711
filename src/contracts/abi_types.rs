//! Which ABI types are taken: those whose size an outsider cannot drive out of bounds.

use alloy::dyn_abi::{DynSolType, Specifier};
use alloy::json_abi::{EventParam, Param};

/// Deepest nesting of arrays and tuples.
const MAX_DEPTH: usize = 12;
/// Most words the static part of one type may take.
const MAX_WORDS: usize = 2_048;
/// Longest human-readable fragment.
const MAX_FRAGMENT: usize = 4_096;

/// Why a type is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TypeError {
    /// Not a type of the contract ABI.
    #[error("`{0}` is not a type of the contract ABI")]
    Unknown(String),
    /// A type of size zero, or larger than any contract uses.
    #[error("the type `{0}` is empty, nested too deep or too large")]
    Size(String),
}

/// Whether a fragment may be given to the parser, which is recursive.
pub(super) fn fragment_is_tame(text: &str) -> bool {
    let mut depth = 0_usize;
    let mut deepest = 0;
    for c in text.bytes() {
        match c {
            b'(' | b'<' | b'{' => depth = depth.saturating_add(1),
            b')' | b'>' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    let arrays = text.bytes().filter(|c| *c == b'[').count();
    text.len() <= MAX_FRAGMENT && deepest <= MAX_DEPTH && arrays <= 256
}

/// The type of a parameter.
///
/// # Errors
/// When it is no ABI type or has no tame size.
pub(super) fn type_of(param: &Param) -> Result<DynSolType, TypeError> {
    tame_components(&param.ty, &param.components, 0)?;
    tame(param.resolve().map_err(|_why| TypeError::Unknown(short(&param.ty)))?)
}

/// The type of an event parameter.
///
/// # Errors
/// When it is no ABI type or has no tame size.
pub(super) fn event_type_of(param: &EventParam) -> Result<DynSolType, TypeError> {
    tame_components(&param.ty, &param.components, 0)?;
    tame(param.resolve().map_err(|_why| TypeError::Unknown(short(&param.ty)))?)
}

fn tame_components(ty: &str, components: &[Param], depth: usize) -> Result<(), TypeError> {
    if depth > MAX_DEPTH || !fragment_is_tame(ty) {
        return Err(TypeError::Size(short(ty)));
    }
    components.iter().try_for_each(|one| tame_components(&one.ty, &one.components, depth.saturating_add(1)))
}

fn tame(ty: DynSolType) -> Result<DynSolType, TypeError> {
    let words = words_of(&ty, 0).filter(|words| *words <= MAX_WORDS);
    if words.is_some() { Ok(ty) } else { Err(TypeError::Size(short(&ty.sol_type_name()))) }
}

/// The words of the head of a type as a member of a sequence, when it is tame.
fn words_of(ty: &DynSolType, depth: usize) -> Option<usize> {
    if depth > MAX_DEPTH {
        return None;
    }
    let deeper = depth.saturating_add(1);
    match ty {
        DynSolType::Array(inner) => words_of(inner, deeper).map(|_| 1),
        DynSolType::FixedArray(inner, count) => {
            words_of(inner, deeper)?.checked_mul(*count).filter(|words| *words > 0 && *words <= MAX_WORDS)
        }
        DynSolType::Tuple(types) if types.is_empty() => None,
        DynSolType::Tuple(types) => {
            types.iter().try_fold(0_usize, |sum, one| sum.checked_add(words_of(one, deeper)?))
        }
        _ => Some(1),
    }
}

/// Words of the head of a tame static type; a dynamic one has an offset of one word.
pub(super) fn head_words(ty: &DynSolType) -> usize {
    if ty.is_dynamic() { 1 } else { words_of(ty, 0).unwrap_or(1) }
}

fn short(text: &str) -> String {
    super::value_text::sanitise(text, 80)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(text: &str) -> Result<DynSolType, TypeError> {
        Param::parse(text)
            .map_err(|why| TypeError::Unknown(why.to_string()))
            .and_then(|param| type_of(&param))
    }

    #[test]
    fn sizes_an_outsider_could_drive_are_refused() {
        assert!(taken("uint256[4][2]").is_ok());
        assert!(taken("(address,(bytes,uint8)[])[3]").is_ok());
        for bomb in ["uint256[4294967296]", "uint256[2000][2000]", "uint256[1000000][]", "uint8[0]"] {
            assert!(matches!(taken(bomb), Err(TypeError::Size(_) | TypeError::Unknown(_))), "{bomb}");
        }
        assert!(!fragment_is_tame(&"(".repeat(200)));
        assert_eq!(head_words(&taken("(uint256,address)[3]").unwrap()), 6);
        assert_eq!(head_words(&taken("bytes[3]").unwrap()), 1);
    }
}
