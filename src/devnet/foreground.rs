//! The practice network as a server for other programs.

use super::execution::{PRACTICE_ACCOUNTS, PRACTICE_DOLLAR, PRACTICE_GOLD};
use super::{PracticeNetwork, orders};

/// Prints where everything is and serves until the user stops it (Ctrl+C). Orders are read from the standard input.
///
/// # Errors
/// Where the system gives no way to wait for the stop, or no thread to read orders on.
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
    println!(
        "\nAs settings.toml in a folder, for `lifeboat --network custom --data-dir FOLDER --checkpoint ROOT …`:"
    );
    print!("{}\n{}\n", settings(network), orders::HELP);
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

/// The network as another lifeboat's `settings.toml`.
pub fn settings(network: &PracticeNetwork) -> String {
    let spec = network.spec();
    let beacon: Vec<String> =
        network.beacon_endpoints().iter().map(|one| format!("\"{}\"", one.url())).collect();
    let execution: Vec<String> =
        network.execution_endpoints().iter().map(|one| format!("\"{}\"", one.url())).collect();
    let forks = spec.forks.forks.iter().filter_map(|one| {
        let name = one.fork.name();
        one.epoch
            .map(|epoch| format!("forks.{name} = {{ version = \"{}\", epoch = {epoch} }}\n", one.version))
    });
    format!(
        "[networks.custom]\nbeacon = [{}]\nexecution = [{}]\n\n[custom]\nchain_id = {}\ngenesis_time = {}\n\
         genesis_validators_root = \"{}\"\nslot_duration_ms = {}\nmax_blobs_per_block_electra = {}\n{}",
        beacon.join(", "),
        execution.join(", "),
        spec.chain_id,
        spec.genesis_time_secs,
        spec.genesis_validators_root,
        spec.slot_duration_ms,
        spec.forks.max_blobs_per_block_electra,
        forks.collect::<String>(),
    )
}
