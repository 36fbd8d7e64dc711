//! What calls read, on the disk: written when the core ends, used by the next one, set aside where it is damaged.

use std::path::Path;
use std::sync::Arc;

use alloy::primitives::{Address, U256, hex};
use alloy::sol_types::SolCall as _;
use lifeboat::app::{Call, NetworkName, Request, open};
use lifeboat::contracts::Erc20;
use lifeboat::devnet::PracticeNetwork;
use lifeboat::devnet::execution::{PRACTICE_ACCOUNTS, PRACTICE_DOLLAR};

use super::{HandClock, endpoints, options, tick};

/// One run of the program over this folder: the balance of the first practice account.
async fn balance(network: &PracticeNetwork, folder: &Path) -> U256 {
    let clock = Arc::new(HandClock::default());
    tick(network, &clock, 0);
    let request = Request {
        practice: Some((network.spec().clone(), endpoints(network))),
        data_dir: Some(folder.to_path_buf()),
        ..Request::of(NetworkName::Practice)
    };
    let (mut handle, core) = open(request, clock).unwrap().start(Arc::new(|| {})).unwrap();
    handle.wait_until(|snapshot| snapshot.head.is_some() && snapshot.no_reads.is_none()).await.unwrap();
    let reads = handle.reads();
    let heads = reads.follow().wait_for(Option::is_some).await.unwrap().clone().unwrap();
    let owner = PRACTICE_ACCOUNTS[0].address;
    let call = Call::read(PRACTICE_DOLLAR, Erc20::balanceOfCall { owner }.abi_encode());
    let outcome = reads.state_at(heads.optimistic).call(call).await.unwrap();
    drop((handle, reads));
    core.join().unwrap();
    U256::from_be_slice(&outcome.value().output)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_file_is_written_used_and_set_aside_where_it_is_damaged() {
    let network = PracticeNetwork::start(&options()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("practice/access.json");
    let first = balance(&network, folder.path()).await;
    assert!(!first.is_zero());
    let kept = std::fs::read_to_string(&path).unwrap();
    assert!(kept.contains(&hex::encode(PRACTICE_DOLLAR)), "{kept}");
    // Another slot, another account, another code: the answer is the same, and the file says what was really read.
    let who = hex::encode(PRACTICE_DOLLAR);
    let poisoned = kept.replace(&who, &hex::encode(Address::repeat_byte(0x66)));
    for content in [poisoned, "{\"version\":1,\"sets\":[{".to_owned(), "\0".repeat(64)] {
        std::fs::write(&path, content).unwrap();
        assert_eq!(balance(&network, folder.path()).await, first);
        assert!(std::fs::read_to_string(&path).unwrap().contains(&who));
    }
    let names = std::fs::read_dir(folder.path().join("practice")).unwrap().flatten();
    let aside =
        names.filter(|one| one.file_name().to_string_lossy().starts_with("access.json.set-aside")).count();
    assert_eq!(aside, 2, "the two that could not be read");
}
