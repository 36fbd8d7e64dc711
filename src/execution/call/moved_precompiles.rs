//! Precompiles that a simulation has put elsewhere, or out of the way.

use std::collections::{BTreeMap, BTreeSet};

use alloy::primitives::Address;
use revm::context_interface::{Cfg, ContextTr};
use revm::handler::{EthPrecompiles, PrecompileProvider};
use revm::interpreter::{CallInputs, InterpreterResult};
use revm::primitives::AddressSet;
use revm::primitives::hardfork::SpecId;

/// The precompiles of the rules, but for those that are gone or stand elsewhere.
#[derive(Debug, Clone)]
pub(super) struct MovedPrecompiles {
    usual: EthPrecompiles,
    /// Where one stands now, and where it is by the rules.
    moved: BTreeMap<Address, Address>,
    gone: BTreeSet<Address>,
}

impl MovedPrecompiles {
    pub(super) fn new(rules: SpecId) -> Self {
        let usual = EthPrecompiles::new(rules);
        Self { usual, moved: BTreeMap::new(), gone: BTreeSet::new() }
    }

    /// Where the precompile that stands at `who` is by the rules; `None` where none stands there.
    pub(super) fn stands_at(&self, who: Address) -> Option<Address> {
        let usual = (self.usual.contains(&who) && !self.gone.contains(&who)).then_some(who);
        self.moved.get(&who).copied().or(usual)
    }

    /// Takes away the one that stands at `who`.
    pub(super) fn remove(&mut self, who: Address) {
        self.moved.remove(&who);
        self.gone.insert(who);
    }

    /// Puts the one of the rules' address `which` at `to`.
    pub(super) fn put(&mut self, which: Address, to: Address) {
        self.moved.insert(to, which);
    }
}

impl<CTX: ContextTr> PrecompileProvider<CTX> for MovedPrecompiles {
    type Output = InterpreterResult;

    fn set_spec(&mut self, spec: <CTX::Cfg as Cfg>::Spec) -> bool {
        <EthPrecompiles as PrecompileProvider<CTX>>::set_spec(&mut self.usual, spec);
        true // those of the rules are warm in every transaction
    }

    fn run(&mut self, context: &mut CTX, inputs: &CallInputs) -> Result<Option<InterpreterResult>, String> {
        match self.stands_at(inputs.bytecode_address) {
            None => Ok(None),
            Some(which) => {
                let inputs = CallInputs { bytecode_address: which, ..inputs.clone() };
                self.usual.run(context, &inputs)
            }
        }
    }

    /// Warm is what is warm by the rules, wherever a precompile stands now: so geth has it.
    fn warm_addresses(&self) -> &AddressSet {
        self.usual.warm_addresses()
    }
}
