//! The caller of a read: the zero address, which needs no proof unless code looks at it.

use alloy::primitives::{Address, U256};
use revm::bytecode::opcode;
use revm::inspector::Inspector;
use revm::interpreter::Interpreter;
use revm::interpreter::interpreter::EthInterpreter;
use revm::interpreter::interpreter_types::Jumps;

use super::view::View;
use super::{Call, Overrides};

/// The caller whose state no call of this kind can see: it sends nothing, is not called, and carries no key's consent.
/// A read is the same for every nonce and balance of such a caller, as long as code never names it.
pub(super) fn unseen_caller(call: &Call, overrides: &Overrides) -> Option<Address> {
    let unseen = call.from == Address::ZERO
        && call.to.is_some_and(|to| to != call.from)
        && call.value == U256::ZERO
        && call.authorizations.is_empty()
        && !overrides.accounts.contains_key(&call.from);
    unseen.then_some(call.from)
}

/// Watches a pass for code that names the unseen caller.
#[derive(Debug)]
pub(super) struct Watch<'a, 'b> {
    pub(super) view: &'a View<'b>,
}

impl<CTX> Inspector<CTX, EthInterpreter> for Watch<'_, '_> {
    fn step(&mut self, interp: &mut Interpreter<EthInterpreter>, _: &mut CTX) {
        let named_at = match interp.bytecode.opcode() {
            opcode::BALANCE
            | opcode::EXTCODESIZE
            | opcode::EXTCODECOPY
            | opcode::EXTCODEHASH
            | opcode::SELFDESTRUCT => 0,
            opcode::CALL | opcode::CALLCODE | opcode::DELEGATECALL | opcode::STATICCALL => 1,
            _ => return,
        };
        let from_top = interp.stack.data().iter().rev().nth(named_at);
        if let Some(word) = from_top {
            self.view.saw_named(Address::from_word((*word).into()));
        }
    }
}
