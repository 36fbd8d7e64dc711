//! The practice network as a server for other programs.

use super::PracticeNetwork;
use super::execution::{PRACTICE_ACCOUNTS, PRACTICE_DOLLAR, PRACTICE_GOLD};

/// Prints where everything is and serves until the user stops it (Ctrl+C).
///
/// # Errors
/// Where the system gives no way to wait for the stop.
#[expect(clippy::print_stdout, reason = "this list is the command's answer")]
pub async fn foreground(network: &PracticeNetwork) -> std::io::Result<()> {
    let spec = network.spec();
    println!(
        "Practice network, chain {}, slots of {} ms. Stop with Ctrl+C.",
        spec.chain_id, spec.slot_duration_ms
    );
    println!("genesis time            {}", spec.genesis_time_secs);
    println!("genesis validators root {}", spec.genesis_validators_root);
    if let Some(checkpoint) = spec.checkpoint {
        println!("checkpoint              {}", checkpoint.root);
    }
    for one in network.beacon_endpoints() {
        println!("beacon     {}  carried by {}", one.url(), one.carrier());
    }
    for one in network.execution_endpoints() {
        println!("execution  {}  carried by {}", one.url(), one.carrier());
    }
    println!("tokens     {PRACTICE_DOLLAR} (practice dollar), {PRACTICE_GOLD} (practice gold)");
    for account in &PRACTICE_ACCOUNTS {
        println!("account    {}", account.address);
    }
    tokio::signal::ctrl_c().await
}
