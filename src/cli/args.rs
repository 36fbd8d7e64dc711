//! What can be written after `lifeboat`.

use std::path::PathBuf;

use alloy::primitives::{B256, U256};
use clap::{Parser, Subcommand, ValueEnum};

use super::commands::{self, wallet};
use super::value::{self, Who};
use super::window_args::WindowArgs;
use crate::app::{BlockQuery, EndpointConfig, NetworkName, PracticeKeys, Tag};
use crate::serve::Origin;

/// Use Ethereum when the hosted front ends, explorers and RPC companies are down.
///
/// Every answer is proven on this computer: from a finalized block that you trust (the checkpoint) to the newest block
/// that at least two thirds of a random committee of 512 validators signed, and from that block's state to the value.
/// Endpoints only deliver bytes; one that lies is named and not asked again.
#[derive(Debug, Clone, Parser)]
#[command(name = "lifeboat", version, max_term_width = 110, after_help = EXAMPLES)]
pub struct Args {
    /// Which network
    #[arg(long, short, value_enum, default_value = "mainnet", global = true)]
    pub network: NetworkArg,

    /// Start from this finalized beacon block root (only one that you got from somebody you trust)
    #[arg(long, value_name = "ROOT", value_parser = value::hash, global = true)]
    pub checkpoint: Option<B256>,

    /// Go on for this run with a checkpoint that is too old to be safe
    #[arg(long, global = true)]
    pub accept_old_checkpoint: bool,

    /// Where settings.toml and data are kept, in place of the system's folder
    #[arg(long, value_name = "DIR", global = true)]
    pub data_dir: Option<PathBuf>,

    /// Beacon endpoint for this run in place of the configured ones; may be repeated
    #[arg(long, value_name = "URL", value_parser = value::beacon, global = true)]
    pub beacon: Vec<EndpointConfig>,

    /// Execution endpoint for this run in place of the configured ones; may be repeated
    #[arg(long, value_name = "URL", value_parser = value::execution, global = true)]
    pub execution: Vec<EndpointConfig>,

    /// Read state at the newest signed block, or at the newest final one
    #[arg(long, value_enum, default_value = "latest", global = true)]
    pub at: AtArg,

    /// Give up after this many seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 90, value_parser = clap::value_parser!(u64).range(1..=86_400), global = true)]
    pub timeout: u64,

    /// Exact JSON on standard output
    ///
    /// A value of the chain is {"value": …, "proof": "final" | "head", "block": {"number", "hash", "timestamp"}}; what
    /// cannot be proven says "proof": "unverified". Amounts are decimal strings in wei, hashes and slots 0x-hex. A
    /// failure is {"error": {"what", "details", "means", "next", "proven_no"}}; its words also go to standard error.
    #[arg(long, global = true)]
    pub json: bool,

    /// Say on standard error what is being done
    #[arg(long, short, global = true)]
    pub verbose: bool,

    /// Public keys of the practice network, lent by the program
    #[arg(skip)]
    pub practice_keys: PracticeKeys,

    /// How the window starts
    #[command(flatten)]
    pub window: WindowArgs,

    /// What to do; without it the window opens
    #[command(subcommand)]
    pub command: Option<CommandArgs>,
}

const EXAMPLES: &str = "\
Examples:
  lifeboat                              opens the window
  lifeboat --network practice           the window on a practice Ethereum, to try it without risk
  lifeboat --network practice status    a whole Ethereum inside this program; nothing leaves it
  lifeboat balance 0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045
  lifeboat tx HASH                      did it land? status and receipt, and how that is known
  lifeboat endpoints                    is it me? what each endpoint offers, and who carries it
  lifeboat --beacon http://my.node:5052 --execution http://my.node:8545 status
  lifeboat checkpoint compare           what several sources call finalized, to compare by eye

How an answer is known:
  final        proven, in a block that the committee signed as final
  head         proven, in the newest block that the committee signed; it can still be reorganised
  unverified   only what endpoints say: a mempool, an endpoint's abilities

Exit codes: 0 done, 1 proven no, 2 bad usage, 3 could not reach or verify.
LIFEBOAT_LOG=debug shows on standard error what is asked of whom.";

/// Networks by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum NetworkArg {
    /// Ethereum mainnet
    Mainnet,
    /// The Sepolia test network
    Sepolia,
    /// The Hoodi test network
    Hoodi,
    /// The network that settings.toml describes under `custom`
    Custom,
    /// A practice Ethereum inside this program
    Practice,
}

impl From<NetworkArg> for NetworkName {
    fn from(arg: NetworkArg) -> Self {
        match arg {
            NetworkArg::Mainnet => Self::Mainnet,
            NetworkArg::Sepolia => Self::Sepolia,
            NetworkArg::Hoodi => Self::Hoodi,
            NetworkArg::Custom => Self::Custom,
            NetworkArg::Practice => Self::Practice,
        }
    }
}

/// Heads by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AtArg {
    /// The newest block the committee signed
    Latest,
    /// The newest block it signed as final
    Finalized,
}

impl From<AtArg> for Tag {
    fn from(arg: AtArg) -> Self {
        match arg {
            AtArg::Latest => Self::Latest,
            AtArg::Finalized => Self::Finalized,
        }
    }
}

/// The commands.
#[derive(Debug, Clone, Subcommand)]
pub enum CommandArgs {
    /// Open the window, as without a command
    Gui,
    /// Head, finality, checkpoint and its age, each endpoint's state
    Status,
    /// Balance of one or more addresses, in one round trip
    Balance {
        /// 0x and 40 hex digits, or a name
        #[arg(required = true, value_name = "ADDRESS", value_parser = value::who)]
        addresses: Vec<Who>,
    },
    /// Balance, nonce, code and storage root of one address
    Account {
        /// 0x and 40 hex digits, or a name
        #[arg(value_parser = value::who)]
        address: Who,
    },
    /// One storage slot of a contract; an absent slot is proven to be 0
    Storage {
        /// The contract
        #[arg(value_parser = value::who)]
        address: Who,
        /// Slot, decimal or 0x-hex
        #[arg(value_parser = value::slot, allow_negative_numbers = true)]
        slot: U256,
    },
    /// A block by number, hash, `latest` or `finalized`, proven to be in the chain
    Block {
        /// Which one
        #[arg(default_value = "latest", value_parser = value::block, allow_negative_numbers = true)]
        block: BlockQuery,
    },
    /// Did a transaction land? Its status and receipt, and how that is known
    Tx {
        /// Transaction hash
        #[arg(value_parser = value::hash)]
        hash: B256,
        /// Whether to follow it
        #[command(flatten)]
        wait: wallet::WaitArgs,
    },
    /// The wallet's
    #[command(flatten)]
    Wallet(wallet::WalletArgs),
    /// Any function of any contract, run on proven state; nothing is sent
    Call(commands::call::CallArgs),
    /// Balances of one or more addresses in ether and tokens; or what a token or collectible is
    Tokens(commands::tokens::TokensArgs),
    /// What an asset is worth in US dollars, as far as the chain itself knows
    Price(commands::price::PriceArgs),
    /// The address of a name, or the name of an address
    Resolve(commands::resolve::ResolveArgs),
    /// What is known of a contract: its label, whose code really runs, its functions
    Abi(commands::abi::AbiArgs),
    /// What calldata says, and the calls inside it; asks nobody
    Decode(commands::decode::DecodeArgs),
    /// Logs of recent blocks, each proven to be in its block
    Logs(commands::logs::LogsArgs),
    /// What gas costs; and with --to or --data what a transaction would need
    Gas(commands::gas::GasArgs),
    /// What an account has in protocols: loans and their health, stakes, what can be done
    Positions(commands::positions::PositionsArgs),
    /// The way out of every position, each step simulated on what the former leaves
    ExitPlan(commands::exit_plan::ExitPlanArgs),
    /// What you named by hand since it cannot be listed from the chain: positions, pools, troves
    Named(commands::named::NamedArgs),
    /// Who may take which tokens of an account, and how to take that back
    Approvals(commands::approvals::ApprovalsArgs),
    /// A Safe: who controls it; its transactions between owners as files, without its service
    Safe(commands::safe::SafeArgs),
    /// Ask every endpoint for what a light client needs of it
    Endpoints,
    /// About the starting point of trust
    Checkpoint {
        /// What to do with it
        #[command(subcommand)]
        action: CheckpointAction,
    },
    /// Serve other programs on this computer: a JSON-RPC on 127.0.0.1 whose every answer was proven
    ///
    /// What cannot be proven is refused with error -32004, never passed through; `null` for a transaction says that
    /// nothing is proven of it yet. Where the newest verified head is more than two minutes old, `latest` is refused with
    /// error -32002 instead of being answered from it. HTTP and WebSocket, until Ctrl+C. No key is held and nothing is signed.
    Serve {
        /// The port; 0 takes a free one
        #[arg(long, default_value_t = 8545)]
        port: u16,
        /// Let in every local program, without the secret word in the URL
        #[arg(long)]
        no_token: bool,
        /// Let in web pages of this origin (scheme, host and port); may be repeated
        #[arg(long, value_name = "ORIGIN", value_parser = Origin::parse)]
        allow_origin: Vec<Origin>,
    },
    /// What a shell should complete: `lifeboat completions bash > /etc/bash_completion.d/lifeboat`
    Completions {
        /// Which shell
        #[arg(value_enum)]
        shell: clap_complete::Shell,
    },
    /// A manual page in roff: `lifeboat man | man -l -`
    Man(commands::shell::ManArgs),
    /// Run the practice network in the foreground, for other programs to use
    ///
    /// With --execution URL the beacon chain signs the blocks of that execution client (anvil, or any node of a test chain)
    /// in place of building its own. Its state must be proven by its header's state root, and its blocks made anew:
    /// anvil's block 0 has an empty one.
    Practice {
        /// Seconds a slot lasts
        #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u64).range(1..=60))]
        slot_seconds: u64,
        /// The rules in force: electra (Prague) or fulu (Osaka); an execution client must have the same
        #[arg(long, value_enum, default_value = "fulu")]
        fork: PracticeFork,
    },
}

/// Rules that a practice network can start with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PracticeFork {
    /// Prague
    Electra,
    /// Osaka
    Fulu,
}

/// What can be done about checkpoints.
#[derive(Debug, Clone, Copy, Subcommand)]
pub enum CheckpointAction {
    /// Ask several sources what they call finalized and show how many agree (unverified: for you to judge)
    Compare,
}
