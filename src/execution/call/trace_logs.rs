//! Logs in the order written, with a log for each move of ether where that is asked for.

use alloy::primitives::{Address, B256, Log, LogData, U256, address, b256};
use revm::context_interface::ContextTr;
use revm::inspector::Inspector;
use revm::interpreter::interpreter::EthInterpreter;
use revm::interpreter::{
    CallInputs, CallOutcome as FrameOutcome, CallScheme, CreateInputs, CreateOutcome, InterpreterResult,
};

/// Who is said to have written a log of ether that moved (ERC-7528).
const ETHER: Address = address!("eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee");
/// `Transfer(address,address,uint256)`.
const TRANSFER: B256 = b256!("ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef");

/// Watches one transaction. What a call that fails has written is forgotten with it.
#[derive(Debug, Default)]
pub(super) struct LogTrace {
    pub(super) with_ether: bool,
    pub(super) logs: Vec<Log>,
    /// For each call under way, how many logs there were before it.
    open: Vec<usize>,
    /// Where the log of a creation's funds stands; its receiver is known at the end.
    endowments: Vec<Option<usize>>,
}

impl LogTrace {
    pub(super) fn new(with_ether: bool) -> Self {
        Self { with_ether, ..Self::default() }
    }

    fn moved(&mut self, from: Address, to: Address, value: U256) {
        if self.with_ether && !value.is_zero() {
            let topics = vec![TRANSFER, from.into_word(), to.into_word()];
            let data = LogData::new_unchecked(topics, B256::from(value).into());
            self.logs.push(Log { address: ETHER, data });
        }
    }

    fn leave(&mut self, result: &InterpreterResult) {
        if let Some(before) = self.open.pop()
            && !result.is_ok()
        {
            self.logs.truncate(before);
        }
    }
}

impl<CTX: ContextTr> Inspector<CTX, EthInterpreter> for LogTrace {
    fn call(&mut self, _: &mut CTX, inputs: &mut CallInputs) -> Option<FrameOutcome> {
        self.open.push(self.logs.len());
        if inputs.scheme == CallScheme::Call && inputs.transfers_value() {
            self.moved(inputs.caller, inputs.target_address, inputs.call_value());
        }
        None
    }

    fn call_end(&mut self, _: &mut CTX, _: &CallInputs, outcome: &mut FrameOutcome) {
        self.leave(&outcome.result);
    }

    fn create(&mut self, _: &mut CTX, inputs: &mut CreateInputs) -> Option<CreateOutcome> {
        self.open.push(self.logs.len());
        let before = self.logs.len();
        self.moved(inputs.caller(), Address::ZERO, inputs.value());
        self.endowments.push((self.logs.len() > before).then_some(before));
        None
    }

    fn create_end(&mut self, _: &mut CTX, _: &CreateInputs, outcome: &mut CreateOutcome) {
        if let Some(place) = self.endowments.pop().flatten()
            && let (Some(who), Some(log)) = (outcome.address, self.logs.get_mut(place))
            && let Some(to) = log.data.topics_mut().get_mut(2)
        {
            *to = who.into_word();
        }
        self.leave(&outcome.result);
    }

    fn log(&mut self, _: &mut CTX, log: Log) {
        self.logs.push(log);
    }

    fn selfdestruct(&mut self, contract: Address, target: Address, value: U256) {
        self.moved(contract, target, value);
    }
}
