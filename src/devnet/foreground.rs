//! The practice network as a server for other programs.

use url::Url;

use super::execution::{PRACTICE_ACCOUNTS, PRACTICE_DOLLAR, PRACTICE_GOLD};
use super::{PracticeNetwork, SignedNode, orders};
use crate::networks::NetworkSpec;

/// Prints where everything is and serves until the user stops it (Ctrl+C). Orders are read from the standard input.
///
/// # Errors
/// Where the system gives no way to wait for the stop, or no thread to read orders on.
#[expect(clippy::print_stdout, reason = "this list is the command's answer")]
pub async fn foreground(network: &PracticeNetwork) -> std::io::Result<()> {
    print!("{}", about(network.spec()));
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
    // As remarks: whoever copies the settings copies to the end.
    print!("{HOW_TO_USE}{}\n# {}\n", settings(network), orders::HELP.replace('\n', "\n# "));
    let mut typed = orders::typed()?;
    let stop = tokio::signal::ctrl_c();
    tokio::pin!(stop);
    loop {
        tokio::select! {
            stopped = &mut stop => return stopped,
            // Without an input there are no orders; the network stays.
            Some(line) = typed.recv() => println!("{}", orders::obey(network, &line)),
        }
    }
}

/// The same for a beacon chain above somebody else's execution client.
///
/// # Errors
/// See [`foreground`].
#[expect(clippy::print_stdout, reason = "this list is the command's answer")]
pub async fn foreground_of_node(network: &SignedNode) -> std::io::Result<()> {
    print!("{}", about(network.spec()));
    for one in network.beacon_endpoints() {
        println!("beacon     {}  carried by {}", one.url(), one.carrier());
    }
    println!("execution  {}  not ours: its blocks are signed as they are found", network.node_url());
    let beacon: Vec<&Url> = network.beacon_endpoints().iter().map(|one| one.url()).collect();
    print!("{HOW_TO_USE}{}", settings_of(network.spec(), &beacon, &[network.node_url()]));
    tokio::signal::ctrl_c().await
}

const HOW_TO_USE: &str = "\nAs settings.toml in a folder, for `lifeboat --network custom --data-dir FOLDER --checkpoint \
                          ROOT …`:\n";

fn about(spec: &NetworkSpec) -> String {
    let checkpoint = spec.checkpoint.map(|one| format!("checkpoint              {}\n", one.root));
    format!(
        "Practice network, chain {}, slots of {} ms. Stop with Ctrl+C.\ngenesis time            {}\n\
         genesis validators root {}\n{}",
        spec.chain_id,
        spec.slot_duration_ms,
        spec.genesis_time_secs,
        spec.genesis_validators_root,
        checkpoint.unwrap_or_default(),
    )
}

/// The network as another lifeboat's `settings.toml`.
pub fn settings(network: &PracticeNetwork) -> String {
    let beacon: Vec<&Url> = network.beacon_endpoints().iter().map(|one| one.url()).collect();
    let execution: Vec<&Url> = network.execution_endpoints().iter().map(|one| one.url()).collect();
    settings_of(network.spec(), &beacon, &execution)
}

fn settings_of(spec: &NetworkSpec, beacon: &[&Url], execution: &[&Url]) -> String {
    let list = |urls: &[&Url]| urls.iter().map(|url| format!("\"{url}\"")).collect::<Vec<_>>().join(", ");
    let forks = spec.forks.forks.iter().filter_map(|one| {
        let name = one.fork.name();
        one.epoch
            .map(|epoch| format!("forks.{name} = {{ version = \"{}\", epoch = {epoch} }}\n", one.version))
    });
    format!(
        "[networks.custom]\nbeacon = [{}]\nexecution = [{}]\n\n[custom]\nchain_id = {}\ngenesis_time = {}\n\
         genesis_validators_root = \"{}\"\nslot_duration_ms = {}\nmax_blobs_per_block_electra = {}\n{}",
        list(beacon),
        list(execution),
        spec.chain_id,
        spec.genesis_time_secs,
        spec.genesis_validators_root,
        spec.slot_duration_ms,
        spec.forks.max_blobs_per_block_electra,
        forks.collect::<String>(),
    )
}
