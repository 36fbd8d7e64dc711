//! A Safe of three owners: who controls it, hashes equal to the contract's own, two signatures by two keys, run.

use alloy::primitives::{Address, B256, Bytes, U256, keccak256};
use alloy::signers::SignerSync as _;
use alloy::signers::local::PrivateKeySigner;
use alloy::sol;
use alloy::sol_types::SolCall as _;
use lifeboat::app::signing::Intent as Wish;
use lifeboat::app::signing::review::{CheckId, Level};
use lifeboat::app::{Outcome, SendRequest, WalletCommand};
use lifeboat::devnet::execution::PRACTICE_ACCOUNTS;
use lifeboat::protocols::safe::{
    Operation, Proposal, ProposalError, SafeFacts, SafeTransaction, approved_on_chain, domain_separator,
    message_hash, read_safe,
};

use super::artifacts::Artifacts;
use super::lab::{GOVERNOR, LENDER, Lab, USER, address, units, view};
use crate::support::exit_journey::Journey;

sol! {
    interface Factory { function createProxyWithNonce(address singleton, bytes initializer, uint256 salt) external returns (address proxy); }
    interface Safe {
        function setup(address[] owners, uint256 threshold, address to, bytes data, address fallbackHandler, address paymentToken, uint256 payment, address paymentReceiver) external;
        function getTransactionHash(address to, uint256 value, bytes data, uint8 operation, uint256 safeTxGas, uint256 baseGas, uint256 gasPrice, address gasToken, address refundReceiver, uint256 nonce) external view returns (bytes32);
        function domainSeparator() external view returns (bytes32);
        function getOwners() external view returns (address[]);
        function approveHash(bytes32 hash) external;
        function enableModule(address module) external;
        function nonce() external view returns (uint256);
    }
    interface Handler { function getMessageHashForSafe(address safe, bytes message) external view returns (bytes32); }
}

fn key(index: usize) -> PrivateKeySigner {
    PrivateKeySigner::from_bytes(&PRACTICE_ACCOUNTS[index].key).unwrap()
}

pub(crate) fn sign(index: usize, hash: B256) -> Bytes {
    key(index).sign_hash_sync(&hash).unwrap().as_bytes().to_vec().into()
}

pub(crate) struct Deployed {
    pub(crate) safe: Address,
    handler: Address,
}

pub(crate) async fn deploy(lab: &mut Lab) -> Deployed {
    let singleton = lab.deploy("safe_Safe", &[]);
    let factory = lab.deploy("safe_SafeProxyFactory", &[]);
    let handler = lab.deploy("safe_CompatibilityFallbackHandler", &[]);
    lab.mine();
    let setup = Safe::setupCall {
        owners: vec![address(GOVERNOR), address(USER), address(LENDER)],
        threshold: U256::from(2),
        to: Address::ZERO,
        data: Bytes::new(),
        fallbackHandler: handler,
        paymentToken: Address::ZERO,
        payment: U256::ZERO,
        paymentReceiver: Address::ZERO,
    };
    let create = Factory::createProxyWithNonceCall {
        singleton,
        initializer: setup.abi_encode().into(),
        salt: U256::from(7),
    };
    let safe = lab.view(factory, &create).await;
    lab.send(GOVERNOR, factory, &create);
    lab.mine();
    // It is paid as anybody pays it: a plain transfer with no data would do; its receive function takes this.
    lab.pay_plain(GOVERNOR, safe, units(5, 18));
    lab.mine();
    Deployed { safe, handler }
}

pub(crate) async fn facts(lab: &mut Lab, safe: Address) -> SafeFacts {
    let state = lab.state().await;
    read_safe(&state, safe).await.unwrap().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_safe_is_read_hashed_signed_by_two_and_run() {
    let names = ["safe_Safe", "safe_SafeProxyFactory", "safe_CompatibilityFallbackHandler"];
    let Some(artifacts) = Artifacts::with(&names) else { return };
    let mut lab = Lab::start(artifacts).await;
    let Deployed { safe, handler } = deploy(&mut lab).await;
    let known = facts(&mut lab, safe).await;
    assert_eq!(known.owners, lab.view(safe, &Safe::getOwnersCall {}).await);
    assert_eq!((known.threshold, known.nonce, known.version.as_str()), (2, U256::ZERO, "1.4.1"));
    assert_eq!((known.fallback, known.guard, known.modules.len()), (Some(handler), None, 0));
    let release = known.release.as_ref().expect("the published bytecode is a bundled release");
    assert_eq!((release.version.as_str(), release.name.as_str()), ("1.4.1", "Safe"));
    let state = lab.state().await;
    assert!(read_safe(&state, handler).await.unwrap().is_none(), "no Safe");
    assert!(read_safe(&state, address(USER)).await.unwrap().is_none(), "a person");
    // Hashes against the contract's own, over random transactions.
    let domain = domain_separator(known.chain_id, safe, &known.version);
    assert_eq!(domain, lab.view(safe, &Safe::domainSeparatorCall {}).await);
    let mut random = fastrand::Rng::with_seed(12);
    let state = lab.state().await;
    for _ in 0..40 {
        let mut number = || U256::from(random.u64(..));
        let tx = SafeTransaction {
            to: Address::from_word(B256::from(number())),
            value: number(),
            data: number().to_be_bytes_vec().into(),
            operation: if number().bit(0) { Operation::Call } else { Operation::DelegateCall },
            safe_tx_gas: number(),
            base_gas: number(),
            gas_price: number(),
            gas_token: Address::from_word(B256::from(number())),
            refund_receiver: Address::from_word(B256::from(number())),
            nonce: number(),
        };
        let call = Safe::getTransactionHashCall {
            to: tx.to,
            value: tx.value,
            data: tx.data.clone(),
            operation: tx.operation_number(),
            safeTxGas: tx.safe_tx_gas,
            baseGas: tx.base_gas,
            gasPrice: tx.gas_price,
            gasToken: tx.gas_token,
            refundReceiver: tx.refund_receiver,
            nonce: tx.nonce,
        };
        assert_eq!(tx.hash(domain), view(&state, safe, &call).await, "{tx:?}");
    }
    let call = Handler::getMessageHashForSafeCall { safe, message: b"hello".to_vec().into() };
    assert_eq!(message_hash(domain, b"hello"), view(&state, handler, &call).await);
    // One owner proposes and signs, another takes the file and signs, anybody runs it.
    let to = Address::repeat_byte(0x99);
    let mut first = Proposal::new(&known, SafeTransaction::call(to, units(2, 18), Bytes::new(), known.nonce));
    first.signatures.push(sign(USER, first.safe_tx_hash));
    assert_eq!(first.execution(&known, &[]), Err(ProposalError::TooFew { have: 1, threshold: 2 }));
    let file = serde_json::to_string(&first).unwrap();
    let mut second = Proposal::parse(&file).unwrap();
    assert_eq!(second.check(&known, &[]).unwrap().unsigned.len(), 2);
    second.signatures.push(sign(GOVERNOR, second.safe_tx_hash));
    let intent = second.execution(&known, &[]).unwrap();
    let mut journey = Journey::start(&lab, None).await;
    journey.carry(&lab, LENDER, &intent).await;
    journey.end(&mut lab).await;
    let state = lab.state().await;
    assert_eq!(state.account(to).await.unwrap().value().balance, units(2, 18));
    let known = facts(&mut lab, safe).await;
    assert_eq!(known.nonce, U256::from(1));
    let used = ProposalError::NonceUsed { theirs: U256::ZERO, ours: U256::from(1) };
    assert_eq!(second.check(&known, &[]), Err(used));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_for_this_safe_is_refused_with_the_fact() {
    let Some(artifacts) = Artifacts::with(&["safe_Safe", "safe_SafeProxyFactory"]) else { return };
    let mut lab = Lab::start(artifacts).await;
    let safe = deploy(&mut lab).await.safe;
    let known = facts(&mut lab, safe).await;
    let tx = SafeTransaction::call(Address::repeat_byte(9), U256::from(1), Bytes::new(), known.nonce);
    let good = Proposal::new(&known, tx.clone());
    let stranger = key(4).sign_hash_sync(&good.safe_tx_hash).unwrap().as_bytes().to_vec().into();
    let with = |signatures: Vec<Bytes>| Proposal { signatures, ..good.clone() };
    let not_owner = with(vec![stranger]).check(&known, &[]).unwrap_err();
    assert!(matches!(not_owner, ProposalError::NotAnOwner { signer } if signer == address(4)), "{not_owner}");
    // An owner's signature over the same transaction with another number, or for another Safe or chain.
    let later = SafeTransaction { nonce: U256::from(1), ..tx.clone() };
    let domain = |chain, safe| domain_separator(chain, safe, "1.4.1");
    for hash in [
        later.hash(domain(known.chain_id, safe)),
        tx.hash(domain(known.chain_id, Address::repeat_byte(1))),
        tx.hash(domain(1, safe)),
    ] {
        let error = with(vec![sign(USER, hash)]).check(&known, &[]).unwrap_err();
        assert!(matches!(error, ProposalError::NotAnOwner { .. }), "{error}");
    }
    let twice = with(vec![sign(USER, good.safe_tx_hash), sign(USER, good.safe_tx_hash)]);
    assert_eq!(twice.check(&known, &[]).unwrap().missing, 1, "the same owner counts once");
    let other_chain = Proposal { chain_id: 1, ..good.clone() }.check(&known, &[]);
    assert!(matches!(other_chain, Err(ProposalError::OtherChain { theirs: 1, .. })));
    let other_safe = Proposal { safe: Address::repeat_byte(1), ..good.clone() }.check(&known, &[]);
    assert!(matches!(other_safe, Err(ProposalError::OtherSafe { .. })));
    let changed = SafeTransaction { value: U256::from(2), ..tx.clone() };
    assert_eq!(
        Proposal { transaction: changed, ..good.clone() }.check(&known, &[]),
        Err(ProposalError::HashDiffers)
    );
    let waiting = Proposal::new(&known, later);
    assert!(waiting.check(&known, &[]).unwrap().waits);
    let danger = SafeTransaction { operation: Operation::DelegateCall, ..tx };
    assert!(Proposal::new(&known, danger).check(&known, &[]).unwrap().warnings[0].contains("delegatecall"));
    // An approval on the chain is seen in its storage.
    lab.send(LENDER, safe, &Safe::approveHashCall { hash: good.safe_tx_hash });
    lab.mine();
    let state = lab.state().await;
    let approved = approved_on_chain(&state, safe, (&known.owners, good.safe_tx_hash)).await.unwrap();
    assert_eq!(approved, vec![address(LENDER)]);
    // A module is seen and warned of: the Safe enables it by a transaction of its own.
    let data = Safe::enableModuleCall { module: Address::repeat_byte(0x55) }.abi_encode();
    let mut enable = Proposal::new(&known, SafeTransaction::call(safe, U256::ZERO, data.into(), known.nonce));
    enable.signatures = vec![sign(LENDER, enable.safe_tx_hash), sign(GOVERNOR, enable.safe_tx_hash)];
    assert!(enable.check(&known, &[]).unwrap().warnings[0].contains("the Safe itself"));
    lab.send_intent(USER, &enable.execution(&known, &[]).unwrap());
    lab.mine();
    let known = facts(&mut lab, safe).await;
    assert_eq!(known.modules, vec![Address::repeat_byte(0x55)]);
    assert!(known.caveats().contains(&"A module can move funds without owners.".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_fails_inside_is_no_success_though_the_safe_goes_on() {
    let names = ["safe_Safe", "safe_SafeProxyFactory", "safe_CompatibilityFallbackHandler"];
    let Some(artifacts) = Artifacts::with(&names) else { return };
    let mut lab = Lab::start(artifacts).await;
    let Deployed { safe, handler } = deploy(&mut lab).await;
    let known = facts(&mut lab, safe).await;
    // The handler has no such function. With gas of its own the Safe does not undo what fails.
    let data = Bytes::from_static(&[0xde, 0xad, 0xbe, 0xef]);
    let call = SafeTransaction::call(handler, U256::ZERO, data, known.nonce);
    let mut said = Vec::new();
    let mut journey = Journey::start(&lab, None).await;
    for (gas, fails) in [(0_u64, "This would fail"), (90_000, "would fail and the Safe")] {
        let mut file =
            Proposal::new(&known, SafeTransaction { safe_tx_gas: U256::from(gas), ..call.clone() });
        file.signatures = vec![sign(USER, file.safe_tx_hash), sign(GOVERNOR, file.safe_tx_hash)];
        let warnings = file.check(&known, &[]).unwrap().warnings;
        said.push(warnings.iter().any(|one| one.contains("does not undo it")));
        let intent = file.execution(&known, &[]).unwrap();
        let (to, value, data) = (Some(intent.to), intent.value, intent.calldata.clone());
        let request = SendRequest::new(address(LENDER), Wish::Call { to, value, data });
        assert_eq!(journey.order(WalletCommand::Review(Box::new(request))).await, Outcome::Reviewed);
        let review = journey.snapshot().wallet.review.clone().unwrap().prepared.review.clone();
        let found = review.findings.iter().find(|one| one.check == CheckId(11)).expect("R11 speaks");
        assert_eq!(found.level, Level::Danger);
        assert!(found.text.contains(fails), "{}", found.text);
    }
    assert_eq!(said, [false, true], "the file itself is warned of");
    journey.end(&mut lab).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guard_of_modules_is_read_from_the_slot_of_the_newest_release() {
    let Some(artifacts) = Artifacts::with(&["safe_Safe", "safe_SafeProxyFactory"]) else { return };
    let mut lab = Lab::start(artifacts).await;
    let safe = deploy(&mut lab).await.safe;
    let known = facts(&mut lab, safe).await;
    assert_eq!(known.module_guard, None);
    // 1.5 sets it by a function of its own; here foreign code writes the slot, by delegatecall.
    let guard = Address::repeat_byte(0x66);
    let slot = keccak256("module_manager.module_guard.address");
    let writes = [&[0x73], guard.as_slice(), &[0x7f], slot.as_slice(), &[0x55, 0x00]].concat();
    // Creation code: copies what follows it, and that is the contract.
    let creation = [&[0x60, 0x38, 0x80, 0x60, 0x0a, 0x5f, 0x39, 0x5f, 0xf3, 0x00][..], &writes].concat();
    assert_eq!((writes.len(), creation.len()), (0x38, 0x38 + 0x0a));
    let code = lab.create("a writer of the slot", creation);
    lab.mine();
    let call = SafeTransaction::call(code, U256::ZERO, Bytes::new(), known.nonce);
    let mut set = Proposal::new(&known, SafeTransaction { operation: Operation::DelegateCall, ..call });
    set.signatures = vec![sign(USER, set.safe_tx_hash), sign(GOVERNOR, set.safe_tx_hash)];
    lab.send_intent(USER, &set.execution(&known, &[]).unwrap());
    lab.mine();
    let known = facts(&mut lab, safe).await;
    assert_eq!((known.module_guard, known.guard), (Some(guard), None));
    assert!(known.caveats().iter().any(|one| one.contains("before a module moves anything")));
}
