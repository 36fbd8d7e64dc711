//! `key device`: the accounts of a plugged-in hardware signer.

use clap::Args;
use serde_json::json;

use super::super::super::Exit;
use super::super::super::args::Args as Cli;
use super::super::super::output::{self, misused, say};
use super::key::PathArgs;
use super::pin;
use crate::app::signing::keys::DerivationPath;
use crate::app::signing::review::chunked;
use crate::app::{AccountView, Cancel, Device, DeviceKind, Reason, Wallet};

/// Accounts of a device.
#[derive(Debug, Clone, Args)]
pub struct DeviceArgs {
    /// ledger or trezor
    #[arg(value_parser = kind)]
    pub kind: DeviceKind,
    /// Keep the account at this path under --name; without it accounts are only listed
    #[arg(long, value_name = "PATH", num_args = 0..=1, default_missing_value = "m/44'/60'/0'/0/0")]
    pub add: Option<DerivationPath>,
    /// Your name for it; without one it is called as the device
    #[arg(long, requires = "add")]
    pub name: Option<String>,
    #[command(flatten)]
    pub paths: PathArgs,
}

fn kind(text: &str) -> Result<DeviceKind, String> {
    let found = DeviceKind::ALL.into_iter().find(|one| one.name().eq_ignore_ascii_case(text));
    found.ok_or_else(|| "ledger or trezor".to_owned())
}

/// `key device`. Asks nobody but the device.
pub(super) async fn device(args: &Cli, wallet: &Wallet, own: &DeviceArgs) -> Exit {
    let done = match &own.add {
        Some(path) => add(wallet, own, path).await.map(|one| added(args, &one)),
        None => list(args, wallet, own).await,
    };
    match done {
        Ok(()) => Exit::Done,
        Err(reason) => misused(args, &reason),
    }
}

async fn add(wallet: &Wallet, own: &DeviceArgs, path: &DerivationPath) -> Result<AccountView, Reason> {
    let device = Device { kind: own.kind, path: path.clone() };
    let cancel = Cancel::new();
    let found = pin::beside(&cancel, wallet.device_addresses(own.kind, vec![path.clone()], &cancel)).await?;
    let address = found.first().map(|(_, address)| *address);
    if let Some(address) = address {
        let name = own.kind.name();
        say(&format!(
            "{}\nCheck that the same address is on the {name}'s screen, and confirm it there.",
            chunked(address)
        ));
    }
    let name = own.name.clone().unwrap_or_else(|| own.kind.name().to_lowercase());
    let cancel = Cancel::new();
    pin::beside(&cancel, wallet.add_device(&device, (&name, address), &cancel)).await
}

fn added(args: &Cli, one: &AccountView) {
    let row = json!({"name": one.name, "address": one.address, "kind": one.kind.name(), "path": one.path});
    let path = one.path.clone().unwrap_or_default();
    let text = format!(
        "{}  {}  {path}\n  {}\nIts key stays on the device. Send from it with --from {}.\n",
        one.name,
        one.kind.name(),
        chunked(one.address),
        one.name
    );
    output::answer(args, || json!({"added": row}), || text);
}

async fn list(args: &Cli, wallet: &Wallet, own: &DeviceArgs) -> Result<(), Reason> {
    if own.paths.discover {
        let next = "list more of them with --accounts, and see balances with `lifeboat balance`";
        return Err(Reason::new("--discover is for recovery phrases", "nothing was asked", next));
    }
    let cancel = Cancel::new();
    let found = pin::beside(&cancel, wallet.device_addresses(own.kind, own.paths.paths(), &cancel)).await?;
    let name = own.kind.name().to_lowercase();
    output::answer(
        args,
        || {
            let rows =
                found.iter().map(|(path, address)| json!({"path": path.to_string(), "address": address}));
            json!({"device": name, "accounts": rows.collect::<Vec<_>>()})
        },
        || {
            let rows = found.iter().map(|(path, address)| format!("{path}\n  {}\n", chunked(*address)));
            let rows: String = rows.collect();
            format!("{rows}Keep one with: lifeboat key device {name} --add PATH --name NAME\n")
        },
    );
    Ok(())
}
