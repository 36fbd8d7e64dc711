//! A call inside a transaction that fails while the transaction itself succeeds: a Safe that takes its number and its
//! signatures for used all the same.

use alloy::primitives::{Address, B256, b256};

use crate::execution::{Call, CallOutcome};

/// `execTransaction(address,uint256,bytes,uint8,uint256,uint256,uint256,address,address,bytes)`, which returns whether the
/// call inside succeeded.
const EXEC_TRANSACTION: [u8; 4] = [0x6a, 0x76, 0x12, 0x02];
/// `ExecutionFailure(bytes32,uint256)` of a Safe.
const EXECUTION_FAILURE: B256 = b256!("23428b18acfb3ea64b08dc0c1d296ea9c09702c09083ca5272e64d115b687d23");
/// `ExecutionFailed(bytes32)` of a Safe before 1.1.
const EXECUTION_FAILED: B256 = b256!("abfd711ecdd15ae3a6b3ad16ff2e9d81aec026a39d16725ee164be4fbf857a7c");

/// The Safe whose call inside fails: by what it answers where it is called itself, else by its log. A contract that only
/// says so costs a warning.
pub(super) fn of(call: &Call, outcome: &CallOutcome) -> Option<Address> {
    let no = outcome.output.len() == 32 && outcome.output.iter().all(|byte| *byte == 0);
    let answered =
        call.to.filter(|_| no && outcome.is_success() && call.input.starts_with(&EXEC_TRANSACTION));
    let says = |topic: &B256| [EXECUTION_FAILURE, EXECUTION_FAILED].contains(topic);
    let logged = || outcome.logs.iter().find(|log| log.topics().first().is_some_and(says));
    answered.or_else(|| logged().map(|log| log.address))
}

#[cfg(test)]
mod tests {
    use alloy::primitives::{Bytes, Log, U256, keccak256};

    use super::*;
    use crate::execution::CallStatus;

    #[test]
    fn a_safe_that_answers_no_or_logs_it_is_found_and_nothing_else_is() {
        assert_eq!(EXECUTION_FAILURE, keccak256("ExecutionFailure(bytes32,uint256)"));
        assert_eq!(EXECUTION_FAILED, keccak256("ExecutionFailed(bytes32)"));
        let exec =
            "execTransaction(address,uint256,bytes,uint8,uint256,uint256,uint256,address,address,bytes)";
        assert_eq!(EXEC_TRANSACTION, keccak256(exec)[..4]);
        let (safe, relay) = (Address::repeat_byte(1), Address::repeat_byte(2));
        let call = |to, input: &[u8]| Call::read(to, Bytes::copy_from_slice(input));
        let run = |answer: u8, logs: Vec<Log>| CallOutcome {
            status: CallStatus::Success,
            output: U256::from(answer).to_be_bytes::<32>().to_vec().into(),
            gas_used: 0,
            logs,
            created: None,
        };
        let log = |topic| Log::new_unchecked(safe, vec![topic], Bytes::new());
        assert_eq!(of(&call(safe, &EXEC_TRANSACTION), &run(0, Vec::new())), Some(safe));
        assert_eq!(of(&call(safe, &EXEC_TRANSACTION), &run(1, Vec::new())), None);
        assert_eq!(of(&call(relay, &[1, 2, 3, 4]), &run(0, Vec::new())), None, "another function's 0");
        assert_eq!(of(&call(relay, &[1, 2, 3, 4]), &run(1, vec![log(EXECUTION_FAILURE)])), Some(safe));
        assert_eq!(of(&call(relay, &[1, 2, 3, 4]), &run(1, vec![log(B256::ZERO)])), None);
    }
}
