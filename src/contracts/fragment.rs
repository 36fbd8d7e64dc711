//! Function signatures as people write them, with names inside tuples too: `f((address to, bytes data)[] calls)(bool ok)`.
//!
//! alloy's parser takes no names inside tuples, and most people copy signatures that have them.

use alloy::json_abi::{Function, Param, StateMutability};

use super::abi_types::fragment_is_tame;

/// Words between a type and its name that say nothing about the encoding.
const LOCATIONS: [&str; 5] = ["memory", "calldata", "storage", "payable", "indexed"];

/// The function of a signature; `None` when it is none, or nested too deep to be one.
pub(super) fn function_of(text: &str) -> Option<Function> {
    let text = text.trim().trim_end_matches(';');
    let rest = Some(text).filter(|text| fragment_is_tame(text))?;
    // `function` alone could be a function's name.
    let rest = rest.strip_prefix("function").filter(|after| after.starts_with(' ')).unwrap_or(rest);
    let mut cursor = Cursor { rest: rest.trim_start() };
    let name = cursor.word()?.to_owned();
    let inputs = cursor.params()?;
    let mut state_mutability = StateMutability::NonPayable;
    while let Some(word) = cursor.word() {
        match word {
            "view" | "constant" => state_mutability = StateMutability::View,
            "pure" => state_mutability = StateMutability::Pure,
            "payable" => state_mutability = StateMutability::Payable,
            "external" | "public" | "nonpayable" | "virtual" | "override" => {}
            "returns" => break,
            _ => return None,
        }
    }
    let outputs = if cursor.peek().is_none() { Vec::new() } else { cursor.params()? };
    let function = Function { name, inputs, outputs, state_mutability };
    cursor.peek().is_none().then_some(function)
}

struct Cursor<'a> {
    rest: &'a str,
}

impl<'a> Cursor<'a> {
    fn peek(&mut self) -> Option<char> {
        self.rest = self.rest.trim_start();
        self.rest.chars().next()
    }

    fn eat(&mut self, expected: char) -> Option<()> {
        self.peek()?;
        self.rest = self.rest.strip_prefix(expected)?;
        Some(())
    }

    /// An identifier or the name of a type.
    fn word(&mut self) -> Option<&'a str> {
        self.peek()?;
        let end = self.rest.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '$')));
        let (word, after) = self.rest.split_at_checked(end.unwrap_or(self.rest.len()))?;
        self.rest = if word.is_empty() { self.rest } else { after };
        Some(word).filter(|word| !word.is_empty())
    }

    fn params(&mut self) -> Option<Vec<Param>> {
        self.eat('(')?;
        let mut params = Vec::new();
        if self.peek() == Some(')') {
            self.eat(')')?;
            return Some(params);
        }
        loop {
            params.push(self.param()?);
            match self.peek()? {
                ',' => self.eat(',')?,
                _ => return self.eat(')').map(|()| params),
            }
        }
    }

    fn param(&mut self) -> Option<Param> {
        let base = if self.peek() == Some('(') { "tuple" } else { self.word()? };
        let components = if base == "tuple" { self.params()? } else { Vec::new() };
        let base = match base {
            "uint" => "uint256",
            "int" => "int256",
            other => other,
        };
        let ty = format!("{base}{}", self.array_suffix());
        let mut name = "";
        while let Some(word) = self.word() {
            match (LOCATIONS.contains(&word), name.is_empty()) {
                (true, _) => {}
                (false, true) => name = word,
                (false, false) => return None,
            }
        }
        let internal_type = None;
        Param::new(name, &ty, components, internal_type).ok()
    }

    /// `[]`, `[3]`, and any number of them.
    fn array_suffix(&mut self) -> &'a str {
        let end = self.rest.find(|c: char| !(c.is_ascii_digit() || matches!(c, '[' | ']')));
        let (suffix, after) =
            self.rest.split_at_checked(end.unwrap_or(self.rest.len())).unwrap_or(("", self.rest));
        self.rest = after;
        suffix
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::contracts::bundled::Bundled;

    fn written(text: &str) -> Option<String> {
        function_of(text).map(|one| one.full_signature())
    }

    #[test]
    fn signatures_are_read_as_alloy_reads_them() {
        for text in [
            "f()",
            "f()(uint256)",
            "function f(address owner, uint amount) external payable returns (bool ok)",
            "f(uint256[2][] memory, (address,(bytes,int)[3])[] calldata data) view returns (string)",
            "f(address payable)",
            "function f(function callback)",
        ] {
            let alloy = Function::parse(text).unwrap();
            let ours = function_of(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(
                (ours.signature(), &ours.outputs.len()),
                (alloy.signature(), &alloy.outputs.len()),
                "{text}"
            );
            assert_eq!(ours.state_mutability, alloy.state_mutability, "{text}");
        }
        for text in
            ["", "f", "f(", "f(uint256))", "f(uint256 a b)", "f(uint256,)", "f(,)", "f() sometimes", "1f x()"]
        {
            assert!(written(text).is_none(), "{text}");
        }
    }

    #[test]
    fn names_inside_tuples_are_kept() {
        let text = "aggregate((address target, bytes callData)[] calls) payable returns (uint256 block, bytes[] data);";
        let function = function_of(text).unwrap();
        assert_eq!(function.selector(), [0x25, 0x2d, 0xba, 0x42]);
        let names: Vec<&str> = function.inputs[0].components.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["target", "callData"]);
        assert_eq!(function.outputs[1].name, "data");
    }

    #[test]
    fn every_bundled_function_survives_being_written_and_read() {
        for (name, (_, abi)) in &Bundled::get().abis {
            for function in abi.functions() {
                let read =
                    function_of(&function.full_signature()).unwrap_or_else(|| panic!("{name}: {function:?}"));
                assert_eq!(read.selector(), function.selector(), "{name}");
            }
        }
    }

    proptest! {
        #[test]
        fn any_text_is_taken_or_refused(text in any::<String>(), close in "[a-z0-9\\[\\]\\(\\), ]{0,60}") {
            let _either = written(&text);
            let _either = written(&format!("f({close}"));
        }
    }
}
