//! The tree of calls that a transaction makes, as it runs.

use alloy::primitives::{Address, Bytes, Log, U256};
use revm::context_interface::ContextTr;
use revm::inspector::Inspector;
use revm::interpreter::interpreter::EthInterpreter;
use revm::interpreter::{
    CallInputs, CallOutcome as FrameOutcome, CallScheme, CreateInputs, CreateOutcome, InterpreterResult,
};

use super::CallStatus;
use super::outcome::frame_words;
use super::trace_assets::{Asset, Assets, Transfer};

/// Calls kept of one transaction; what runs beyond is counted, and its effects are kept all the same.
pub(super) const MAX_CALLS: usize = 4_096;
/// Bytes of calldata kept of one call.
pub(super) const MAX_INPUT: usize = 16 * 1024;
/// Bytes of calldata kept of all calls of one transaction.
pub(super) const MAX_INPUTS: usize = 1024 * 1024;
/// Bytes of return data kept of one call: a reason fits.
pub(super) const MAX_OUTPUT: usize = 1024;

/// How one contract runs another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallKind {
    /// `CALL`, or the transaction itself.
    Call,
    /// `CALLCODE`: foreign code on the caller's own state.
    CallCode,
    /// `DELEGATECALL`: the same, for the caller's caller.
    DelegateCall,
    /// `STATICCALL`: nothing may change.
    StaticCall,
    /// `CREATE` or a transaction without a recipient.
    Create,
    /// `CREATE2`.
    Create2,
}

/// One call in the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TracedCall {
    /// The transaction's own call is at depth 0.
    pub depth: usize,
    /// Place of the call that made this one in [`CallTree::calls`]; `None` for the transaction's own, and where that
    /// call is not kept.
    pub parent: Option<usize>,
    /// How it was made.
    pub kind: CallKind,
    /// Who calls.
    pub from: Address,
    /// On whose state the code runs; what was created, once it is.
    pub to: Address,
    /// Whose code runs: other than `to` where it is borrowed.
    pub code_address: Address,
    /// Wei sent along.
    pub value: U256,
    /// Calldata or creation code, its first 16 KiB.
    pub input: Bytes,
    /// Length of the whole of it.
    pub input_length: usize,
    /// How it ended.
    pub status: CallStatus,
    /// Return or revert data, its first KiB. For a creation that succeeded, nothing.
    pub output: Bytes,
    /// Gas it used, that of the calls in it included; refunds are not taken off.
    pub gas_used: u64,
}

impl TracedCall {
    /// True where not all calldata is kept.
    pub fn is_input_cut(&self) -> bool {
        self.input.len() < self.input_length
    }
}

/// All calls of one transaction in the order made, each after the one that made it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CallTree {
    /// The calls that are kept, 4,096 at most.
    pub calls: Vec<TracedCall>,
    /// How many more there were.
    pub not_kept: usize,
}

/// One call under way.
#[derive(Debug)]
struct Open {
    /// Its place in the tree, where it is kept.
    index: Option<usize>,
    /// How many effects of each kind there were before it.
    before: [usize; 3],
    /// Where the transfer of a creation's funds stands; its receiver is known at the end.
    endowment: Option<usize>,
    /// Whose state it runs on, and the wei it came with.
    to: Address,
    value: U256,
}

/// Watches one transaction. What happens inside a call that fails is forgotten with it, as the chain does.
#[derive(Debug, Default)]
pub(super) struct Recorder {
    pub(super) tree: CallTree,
    pub(super) assets: Assets,
    open: Vec<Open>,
    input_bytes: usize,
}

impl Recorder {
    fn enter(&mut self, call: TracedCall, endowment: Option<usize>) {
        let before = self.assets.lengths();
        let (to, value) = (call.to, call.value);
        let index = if self.tree.calls.len() < MAX_CALLS {
            self.tree.calls.push(call);
            Some(self.tree.calls.len().saturating_sub(1))
        } else {
            self.tree.not_kept = self.tree.not_kept.saturating_add(1);
            None
        };
        self.open.push(Open { index, before, endowment, to, value });
    }

    fn leave(&mut self, result: &InterpreterResult, created: Option<Address>, keep_output: bool) {
        let Some(open) = self.open.pop() else { return };
        if result.is_ok() {
            if let (Some(place), Some(who)) = (open.endowment, created) {
                self.assets.endow(place, who);
            }
            if let Some(who) = created {
                self.assets.created.push(who);
            }
        } else {
            self.assets.forget(open.before);
        }
        let Some(call) = open.index.and_then(|index| self.tree.calls.get_mut(index)) else { return };
        call.status = match () {
            () if result.is_ok() => CallStatus::Success,
            () if result.is_revert() => CallStatus::Revert,
            () => CallStatus::Halt(frame_words(result.result)),
        };
        if keep_output || !result.is_ok() {
            call.output = cut(&result.output, MAX_OUTPUT);
        }
        call.gas_used = result.gas.total_gas_spent();
        if let Some(who) = created {
            (call.to, call.code_address) = (who, who);
        }
    }

    /// A call as it begins.
    fn begun(&mut self, kind: CallKind, from: Address, to: Address, input: &[u8]) -> TracedCall {
        let room = MAX_INPUT.min(MAX_INPUTS.saturating_sub(self.input_bytes));
        let kept = input.get(..input.len().min(room)).unwrap_or_default();
        self.input_bytes = self.input_bytes.saturating_add(kept.len());
        TracedCall {
            depth: self.open.len(),
            parent: self.open.last().and_then(|open| open.index),
            kind,
            from,
            to,
            code_address: to,
            value: U256::ZERO,
            input: Bytes::copy_from_slice(kept),
            input_length: input.len(),
            status: CallStatus::Success,
            output: Bytes::new(),
            gas_used: 0,
        }
    }
}

fn cut(bytes: &Bytes, most: usize) -> Bytes {
    Bytes::copy_from_slice(bytes.get(..bytes.len().min(most)).unwrap_or_default())
}

impl<CTX: ContextTr> Inspector<CTX, EthInterpreter> for Recorder {
    fn call(&mut self, context: &mut CTX, inputs: &mut CallInputs) -> Option<FrameOutcome> {
        let kind = match inputs.scheme {
            CallScheme::Call => CallKind::Call,
            CallScheme::CallCode => CallKind::CallCode,
            CallScheme::DelegateCall => CallKind::DelegateCall,
            CallScheme::StaticCall => CallKind::StaticCall,
        };
        let (from, to, value) = (inputs.caller, inputs.target_address, inputs.call_value());
        let call = self.begun(kind, from, to, &inputs.input.as_bytes(context));
        self.enter(TracedCall { code_address: inputs.bytecode_address, value, ..call }, None);
        if kind == CallKind::Call && inputs.transfers_value() {
            self.assets.moved(Transfer { asset: Asset::Ether, from, to, amount: value });
        }
        None
    }

    fn call_end(&mut self, _: &mut CTX, _: &CallInputs, outcome: &mut FrameOutcome) {
        self.leave(&outcome.result, None, true);
    }

    fn create(&mut self, _: &mut CTX, inputs: &mut CreateInputs) -> Option<CreateOutcome> {
        let kind = match inputs.scheme() {
            revm::context_interface::CreateScheme::Create2 { .. } => CallKind::Create2,
            _ => CallKind::Create,
        };
        let (from, value) = (inputs.caller(), inputs.value());
        let call = self.begun(kind, from, Address::ZERO, inputs.init_code());
        let endowment = (!value.is_zero()).then_some(self.assets.transfers.len());
        self.enter(TracedCall { value, ..call }, endowment);
        if endowment.is_some() {
            self.assets.moved(Transfer { asset: Asset::Ether, from, to: Address::ZERO, amount: value });
        }
        None
    }

    fn create_end(&mut self, _: &mut CTX, _: &CreateInputs, outcome: &mut CreateOutcome) {
        self.leave(&outcome.result, outcome.address, false);
    }

    fn log(&mut self, _: &mut CTX, log: Log) {
        let came_with = self.open.last().filter(|open| open.to == log.address).map(|open| open.value);
        let before = self.open.last().map_or(0, |open| open.before.first().copied().unwrap_or(0));
        self.assets.read_log(&log, came_with.unwrap_or_default(), before);
    }

    fn selfdestruct(&mut self, contract: Address, target: Address, value: U256) {
        if contract != target && !value.is_zero() {
            self.assets.moved(Transfer { asset: Asset::Ether, from: contract, to: target, amount: value });
        }
    }
}

#[cfg(test)]
mod tests {
    use alloy::primitives::{B256, b256, bytes};
    use revm::bytecode::{Bytecode, opcode};
    use revm::context::TxEnv;
    use revm::database::{CacheDB, EmptyDB};
    use revm::primitives::TxKind;
    use revm::state::AccountInfo;
    use revm::{Context, InspectEvm as _, MainBuilder as _, MainContext as _};

    use super::*;

    const ME: Address = Address::repeat_byte(0x11);
    const OUTER: Address = Address::repeat_byte(0x22);
    const INNER: Address = Address::repeat_byte(0x33);
    const THIRD: Address = Address::repeat_byte(0x44);
    const FUNDS: u64 = 1 << 40;

    /// Runs a transaction of 1,000 wei from `ME` to `OUTER`, with this code at `OUTER` and `INNER`.
    fn record(outer: &[u8], inner: &[u8]) -> Recorder {
        let mut state = CacheDB::new(EmptyDB::default());
        for (who, code) in [(ME, &[][..]), (OUTER, outer), (INNER, inner)] {
            let code = Bytecode::new_raw(Bytes::copy_from_slice(code));
            let info = AccountInfo { balance: U256::from(FUNDS), ..AccountInfo::default().with_code(code) };
            state.insert_account_info(who, info);
        }
        let mut evm = Context::mainnet()
            .with_db(state)
            .modify_cfg_chained(|cfg| cfg.disable_fee_charge = true)
            .build_mainnet_with_inspector(Recorder::default());
        let tx = TxEnv {
            caller: ME,
            kind: TxKind::Call(OUTER),
            data: bytes!("aabbccdd"),
            value: U256::from(1_000),
            gas_limit: 16_000_000,
            ..TxEnv::default()
        };
        evm.inspect_tx(tx).unwrap();
        std::mem::take(&mut evm.inspector)
    }

    fn push(bytes: &[u8]) -> Vec<u8> {
        [&[opcode::PUSH0 + u8::try_from(bytes.len()).unwrap()], bytes].concat()
    }

    /// `CALL` of `to` with these wei and this much calldata.
    fn send(to: Address, value: u8, calldata: [u8; 2]) -> Vec<u8> {
        let zeros = [push(&[0]), push(&[0])].concat();
        let end = [opcode::GAS, opcode::CALL, opcode::POP];
        [&*zeros, &*push(&calldata), &push(&[0]), &push(&[value]), &push(to.as_slice()), &end].concat()
    }

    /// A `Transfer` of 5 from `THIRD` to `ME`.
    fn say_transfer() -> Vec<u8> {
        let topic: B256 = b256!("ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef");
        let words = [push(ME.as_slice()), push(THIRD.as_slice()), push(topic.as_slice())].concat();
        [&*push(&[5]), &push(&[0]), &[opcode::MSTORE], &words, &push(&[32]), &push(&[0]), &[opcode::LOG3]]
            .concat()
    }

    /// Stops where it came with 7 wei, else reverts.
    fn only_seven(before: &[u8]) -> Vec<u8> {
        let test = [&[opcode::CALLVALUE][..], &push(&[7]), &[opcode::EQ]].concat();
        let revert = [push(&[0]), push(&[0]), vec![opcode::REVERT]].concat();
        let to = u8::try_from(before.len() + test.len() + 3 + revert.len()).unwrap();
        [before, &test, &push(&[to]), &[opcode::JUMPI], &revert, &[opcode::JUMPDEST, opcode::STOP]].concat()
    }

    fn ether(from: Address, to: Address, amount: u64) -> Transfer {
        Transfer { asset: Asset::Ether, from, to, amount: U256::from(amount) }
    }

    #[test]
    fn what_moves_inside_is_seen_and_what_a_revert_undid_is_not() {
        let inner = only_seven(&[say_transfer(), send(THIRD, 1, [0, 0])].concat());
        let seen = record(&[send(INNER, 7, [0, 0]), send(INNER, 9, [0, 0])].concat(), &inner);
        let token = Asset::Erc20 { token: INNER };
        let said = Transfer { asset: token, from: THIRD, to: ME, amount: U256::from(5) };
        let expected = [ether(ME, OUTER, 1_000), ether(OUTER, INNER, 7), said, ether(INNER, THIRD, 1)];
        assert_eq!(seen.assets.transfers, expected);
        let shape: Vec<_> =
            seen.tree.calls.iter().map(|call| (call.depth, call.parent, call.status.clone())).collect();
        let (good, bad) = (CallStatus::Success, CallStatus::Revert);
        let expected = [
            (0, None, good.clone()),
            (1, Some(0), good.clone()),
            (2, Some(1), good.clone()),
            (1, Some(0), bad),
            (2, Some(3), good),
        ];
        assert_eq!(shape, expected);
        assert_eq!(seen.tree.calls[0].input, bytes!("aabbccdd"));
        assert!(seen.tree.calls[0].gas_used > seen.tree.calls[1].gas_used);
    }

    #[test]
    fn a_creation_is_endowed_and_one_that_fails_is_not() {
        let create = |offset, size| {
            [push(&[size]), push(&[offset]), push(&[3]), vec![opcode::CREATE, opcode::POP]].concat()
        };
        let failing = [push(&[0x60, 0, 0x60, 0, 0xfd]), push(&[0]), vec![opcode::MSTORE]].concat();
        let seen = record(&[create(0, 0), failing, create(27, 5)].concat(), &[]);
        let made = OUTER.create(0);
        assert_eq!(seen.assets.created, [made]);
        assert_eq!(seen.assets.transfers, [ether(ME, OUTER, 1_000), ether(OUTER, made, 3)]);
        let [_, first, second] = &seen.tree.calls[..] else { panic!("{:?}", seen.tree) };
        assert_eq!((first.kind, first.to, first.value), (CallKind::Create, made, U256::from(3)));
        assert_eq!((second.status.clone(), second.input_length), (CallStatus::Revert, 5));
    }

    #[test]
    fn a_selfdestruct_sends_all_there_is() {
        let inner = [push(THIRD.as_slice()), vec![opcode::SELFDESTRUCT]].concat();
        let seen = record(&send(INNER, 7, [0, 0]), &inner);
        let all = ether(INNER, THIRD, FUNDS + 7);
        assert_eq!(seen.assets.transfers, [ether(ME, OUTER, 1_000), ether(OUTER, INNER, 7), all]);
        let to_itself = [vec![opcode::ADDRESS], vec![opcode::SELFDESTRUCT]].concat();
        assert_eq!(record(&send(INNER, 7, [0, 0]), &to_itself).assets.transfers.len(), 2);
    }

    #[test]
    fn more_calls_than_are_kept_are_counted_and_calldata_is_cut() {
        let mut endless = vec![opcode::JUMPDEST];
        endless.extend(send(THIRD, 0, [0x50, 0]));
        endless.extend([push(&[0]), vec![opcode::JUMP]].concat());
        let seen = record(&endless, &[]);
        assert_eq!(seen.tree.calls.len(), MAX_CALLS);
        assert!(seen.tree.not_kept > 10_000, "{}", seen.tree.not_kept);
        assert_eq!(seen.tree.calls[0].status, CallStatus::Halt("out of gas".to_owned()));
        assert!(seen.assets.transfers.is_empty(), "the transaction itself failed");
        let [_, first, ..] = &seen.tree.calls[..] else { panic!() };
        assert_eq!((first.input.len(), first.input_length), (MAX_INPUT, 0x5000));
        assert!(first.is_input_cut());
        let kept: usize = seen.tree.calls.iter().map(|call| call.input.len()).sum();
        assert_eq!(kept, MAX_INPUTS);
    }
}
