//! `send`, `approve` and `revoke`.

use alloy::primitives::{Address, Bytes, U256};
use clap::{ArgGroup, Args, ValueEnum};

use super::super::super::args::Args as Cli;
use super::super::super::output::{fail, misused, say};
use super::super::super::{Exit, value};
use super::super::protocols::own as own_deployments;
use super::flow::{LeaveArgs, head, leave, signer};
use crate::app::signing::review::chunked;
use crate::app::signing::{Amount, Intent, TxType};
use crate::app::{
    AccountView, FeeChoice, Handle, Noted, Reason, Recipient, SendRequest, Speed, Wallet, parse_amount,
};

/// How soon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SpeedArg {
    /// Within some minutes
    Slow,
    /// Within a few blocks
    Usual,
    /// In the next block or two
    Fast,
}

/// Form of the transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TypeArg {
    /// Type 0 with EIP-155
    #[value(name = "0")]
    Legacy,
    /// Type 1
    #[value(name = "1")]
    Eip2930,
    /// Type 2
    #[value(name = "2")]
    Eip1559,
}

/// Who pays, and how much for it.
#[derive(Debug, Clone, Args)]
pub struct PayArgs {
    /// The account that pays and signs: name or address; needed only where several can sign
    #[arg(long, value_name = "ACCOUNT")]
    pub from: Option<String>,
    /// How soon; proven blocks say what that costs
    #[arg(long, value_enum, default_value = "usual")]
    pub speed: SpeedArg,
    /// Most in gwei per gas, in place of --speed
    #[arg(long, value_name = "GWEI")]
    pub max_fee: Option<String>,
    /// Tip in gwei per gas; with --max-fee
    #[arg(long, value_name = "GWEI", requires = "max_fee")]
    pub tip: Option<String>,
    /// In place of the next nonce
    #[arg(long)]
    pub nonce: Option<u64>,
    /// In place of the gas limit that is searched on proven state
    #[arg(long, value_name = "GAS")]
    pub gas: Option<u64>,
    /// Form of the transaction
    #[arg(long, value_enum, default_value = "2", value_name = "TYPE")]
    pub tx_type: TypeArg,
    /// Your own deployments of known protocols, as a JSON file: loans there are checked too
    #[arg(long, value_name = "FILE")]
    pub deployments: Option<std::path::PathBuf>,
    #[command(flatten)]
    pub leave: LeaveArgs,
}

/// Send ether, a token, an NFT, or a call.
#[derive(Debug, Clone, Args)]
#[command(group = ArgGroup::new("what").multiple(false).args(["token", "nft", "data", "call", "wrap", "unwrap", "delegate", "undelegate"]))]
pub struct SendArgs {
    /// To whom: 0x and 40 hex digits, a name as alice.eth, or an account here; with --data or --call, the contract
    #[arg(required_unless_present_any = ["wrap", "unwrap", "delegate", "undelegate", "data"])]
    pub to: Option<String>,
    /// How much: of ether as 1.5, or of --token; `max` sends all there is
    #[arg(required_unless_present_any = ["nft", "data", "call", "delegate", "undelegate", "wrap", "unwrap"])]
    pub amount: Option<String>,
    /// A token in place of ether: symbol of a listed one, or its address
    #[arg(long, value_name = "TOKEN")]
    pub token: Option<String>,
    /// An NFT or multi-token of this collection; with --id
    #[arg(long, value_name = "COLLECTION", value_parser = value::address, requires = "id")]
    pub nft: Option<Address>,
    /// Which one
    #[arg(long, value_name = "ID", value_parser = value::slot)]
    pub id: Option<U256>,
    /// How many of an ERC-1155 token
    #[arg(long, value_name = "COUNT", requires = "nft")]
    pub count: Option<u64>,
    /// Raw calldata; without a recipient it creates a contract
    #[arg(long, value_name = "HEX", value_parser = hex_bytes)]
    pub data: Option<Bytes>,
    /// Call this function of the contract, as "deposit(uint256)"; arguments with --arg
    #[arg(long, value_name = "SIGNATURE")]
    pub call: Option<String>,
    /// An argument of --call, in order
    #[arg(long, value_name = "VALUE", requires = "call", allow_hyphen_values = true)]
    pub arg: Vec<String>,
    /// Ether sent along with --data or --call
    #[arg(long, value_name = "ETH", default_value = "0")]
    pub value: String,
    /// Turn ether into wrapped ether at this contract
    #[arg(long, value_name = "WETH", value_parser = value::address)]
    pub wrap: Option<Address>,
    /// Turn wrapped ether of this contract into ether
    #[arg(long, value_name = "WETH", value_parser = value::address)]
    pub unwrap: Option<Address>,
    /// Let the account run this code (EIP-7702); only code that is shipped
    #[arg(long, value_name = "CODE", value_parser = value::address)]
    pub delegate: Option<Address>,
    /// End the account's delegation (EIP-7702)
    #[arg(long)]
    pub undelegate: bool,
    #[command(flatten)]
    pub pay: PayArgs,
}

/// Let a spender take a token.
#[derive(Debug, Clone, Args)]
pub struct ApproveArgs {
    /// The token: symbol of a listed one, or its address
    pub token: String,
    /// Who may take
    #[arg(value_parser = value::address)]
    pub spender: Address,
    /// Up to how much, as 100.5; `unlimited` is a danger that the review names
    pub amount: String,
    #[command(flatten)]
    pub pay: PayArgs,
}

/// Take an approval back.
#[derive(Debug, Clone, Args)]
pub struct RevokeArgs {
    /// The token: symbol of a listed one, or its address
    pub token: String,
    /// Who may take no more
    #[arg(value_parser = value::address)]
    pub spender: Address,
    /// The right to move a whole collection (setApprovalForAll)
    #[arg(long)]
    pub collection: bool,
    #[command(flatten)]
    pub pay: PayArgs,
}

fn hex_bytes(text: &str) -> Result<Bytes, String> {
    text.parse().map_err(|error| format!("{error}"))
}

/// `send`.
pub(in crate::cli) async fn send(args: &Cli, handle: &mut Handle, own: &SendArgs) -> Exit {
    if let Err(exit) = head(args, handle).await {
        return exit;
    }
    let wallet = handle.wallet();
    let found = async {
        let to = match &own.to {
            Some(text) if own.wrap.is_none() && own.unwrap.is_none() => Some(recipient(&wallet, text).await?),
            _ => None,
        };
        Ok((intent(&wallet, own, to.as_ref().map(|to| to.address)).await?, to))
    };
    let (intent, to) = match found.await {
        Ok(found) => found,
        Err(reason) => return refused(args, &reason),
    };
    let typed = own.to.clone().filter(|_| to.as_ref().is_some_and(|to| to.was_digits));
    let typed = typed.filter(|_| intent.recipient().is_some());
    let name = to.and_then(|to| to.name);
    go(args, handle, (intent, typed, name), &own.pay).await
}

fn refused(args: &Cli, reason: &Reason) -> Exit {
    if reason.proven_no { fail(args, reason) } else { misused(args, reason) }
}

/// `approve`.
pub(in crate::cli) async fn approve(args: &Cli, handle: &mut Handle, own: &ApproveArgs) -> Exit {
    if let Err(exit) = head(args, handle).await {
        return exit;
    }
    let wallet = handle.wallet();
    let made = async {
        let token = wallet.token(&own.token).await?;
        let amount = match own.amount.as_str() {
            "unlimited" => U256::MAX,
            text => match parse_amount(text, token.decimals)? {
                Amount::Exactly(amount) => amount,
                Amount::Max => U256::MAX,
            },
        };
        Ok(Intent::Approve { token: token.address, spender: own.spender, amount })
    };
    match made.await {
        Ok(intent) => go(args, handle, (intent, None, None), &own.pay).await,
        Err(reason) => misused(args, &reason),
    }
}

/// `revoke`.
pub(in crate::cli) async fn revoke(args: &Cli, handle: &mut Handle, own: &RevokeArgs) -> Exit {
    if let Err(exit) = head(args, handle).await {
        return exit;
    }
    let spender = own.spender;
    let intent = if own.collection {
        value::address(&own.token)
            .map(|collection| Intent::ApproveAll { collection, operator: spender, approved: false })
            .map_err(|why| Reason::new(&why, "nothing was done", "give the collection's address"))
    } else {
        let token = handle.wallet().token(&own.token).await;
        token.map(|token| Intent::Approve { token: token.address, spender, amount: U256::ZERO })
    };
    match intent {
        Ok(intent) => go(args, handle, (intent, None, None), &own.pay).await,
        Err(reason) => misused(args, &reason),
    }
}

async fn go(
    args: &Cli,
    handle: &mut Handle,
    (intent, typed, name): (Intent, Option<String>, Option<String>),
    pay: &PayArgs,
) -> Exit {
    let wallet = handle.wallet();
    let own = match own_deployments(args, pay.deployments.as_deref()) {
        Ok(own) => own,
        Err(exit) => return exit,
    };
    let (account, mut request) = match request(&wallet, intent, typed, pay) {
        Ok(found) => found,
        Err(reason) => return misused(args, &reason),
    };
    request.noted = Noted { name, own, ..pay.leave.confirm.noted() };
    match wallet.prepare(&request).await {
        Ok(prepared) => leave(args, handle, (&account, prepared), &pay.leave, None).await,
        Err(reason) => fail(args, &reason),
    }
}

fn request(
    wallet: &Wallet,
    intent: Intent,
    typed: Option<String>,
    pay: &PayArgs,
) -> Result<(AccountView, SendRequest), Reason> {
    let account = signer(wallet, pay.from.as_deref())?;
    let gwei = |text: &String| match parse_amount(text, 9)? {
        Amount::Exactly(wei) => u128::try_from(wei)
            .map_err(|_wide| Reason::new("That fee is too high", "nothing was done", "lower it")),
        Amount::Max => {
            Err(Reason::new("A fee has no maximum of its own", "nothing was done", "give a number"))
        }
    };
    let fees = match (&pay.max_fee, &pay.tip) {
        (Some(max), tip) => {
            let max_fee = gwei(max)?;
            let tip = tip.as_ref().map_or(Ok(max_fee.min(1_000_000_000)), gwei)?;
            if tip > max_fee {
                let what = "The tip is part of the most that is paid per gas, and cannot be more than that";
                return Err(Reason::new(what, "nothing was done", "lower --tip or raise --max-fee"));
            }
            FeeChoice::Custom { max_fee, tip }
        }
        (None, _) => FeeChoice::Speed(match pay.speed {
            SpeedArg::Slow => Speed::Slow,
            SpeedArg::Usual => Speed::Usual,
            SpeedArg::Fast => Speed::Fast,
        }),
    };
    let kind = match pay.tx_type {
        TypeArg::Legacy => TxType::Legacy,
        TypeArg::Eip2930 => TxType::Eip2930,
        TypeArg::Eip1559 => TxType::Eip1559,
    };
    let request = SendRequest {
        fees,
        nonce: pay.nonce,
        gas_limit: pay.gas,
        kind,
        typed,
        ..SendRequest::new(account.address, intent)
    };
    Ok((account, request))
}

async fn intent(wallet: &Wallet, own: &SendArgs, to: Option<Address>) -> Result<Intent, Reason> {
    if own.undelegate {
        return Ok(Intent::Delegate { code: Address::ZERO });
    }
    if let Some(code) = own.delegate {
        return Ok(Intent::Delegate { code });
    }
    let ether = |text: Option<&String>| parse_amount(text.map_or("", String::as_str), 18);
    // With --wrap and --unwrap the only word is the amount.
    let lone = own.amount.as_ref().or(own.to.as_ref());
    if let Some(weth) = own.wrap {
        return Ok(Intent::Wrap { weth, amount: ether(lone)? });
    }
    if let Some(weth) = own.unwrap {
        return Ok(Intent::Unwrap { weth, amount: ether(lone)? });
    }
    let value = match parse_amount(&own.value, 18)? {
        Amount::Exactly(wei) => wei,
        Amount::Max => {
            return Err(Reason::new("--value takes an amount", "nothing was done", "write it like 1.5"));
        }
    };
    if let Some(data) = &own.data {
        return Ok(Intent::Call { to, value, data: data.clone() });
    }
    let to = to.ok_or_else(|| Reason::new("No recipient was given", "nothing was done", "name one"))?;
    if let Some(signature) = &own.call {
        return Ok(Intent::Call { to: Some(to), value, data: wallet.calldata(signature, &own.arg)? });
    }
    if let (Some(collection), Some(id)) = (own.nft, own.id) {
        return Ok(match own.count {
            Some(count) => Intent::SendMultiToken { collection, id, to, amount: U256::from(count) },
            None => Intent::SendNft { collection, id, to },
        });
    }
    match &own.token {
        None => Ok(Intent::SendEther { to, amount: ether(own.amount.as_ref())? }),
        Some(token) => {
            let token = wallet.token(token).await?;
            let amount = parse_amount(own.amount.as_ref().map_or("", String::as_str), token.decimals)?;
            Ok(Intent::SendToken { token: token.address, to, amount })
        }
    }
}

/// Whom a text means. A name is shown with the address that it leads to.
async fn recipient(wallet: &Wallet, text: &str) -> Result<Recipient, Reason> {
    if text.starts_with("0x") {
        // Checked here too, so that a mistyped address is refused before anything is asked.
        value::address(text).map_err(|why| Reason::new(&why, "nothing was done", "check the recipient"))?;
    }
    let found = wallet.recipient(text).await?;
    if let (Some(name), Some(at)) = (&found.name, &found.at) {
        say(&format!("{name} → {} (proven at block {})", chunked(found.address), at.number));
        say("The name's owner can change this at any time.");
        if found.is_unusual {
            say("The name has unusual letters: one that looks the same can be another name.");
        }
    }
    Ok(found)
}
