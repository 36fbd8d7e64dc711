//! What a face may ask of the core.

use alloy::primitives::{Address, B256, U256};

use super::{ContractQuestion, ProtocolQuestion, WalletCommand};
use crate::chain::BlockQuery;
use crate::protocols::Named;
use crate::sources::{EndpointConfig, EndpointId};

/// Which head a read is pinned to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tag {
    /// The newest signed block.
    Latest,
    /// The newest final block. Its state is old: not every endpoint serves proofs of it.
    Finalized,
}

/// Something that has a proven answer. Answers are kept under it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Question {
    /// Accounts, in this order, at one block.
    Accounts(Vec<Address>, Tag),
    /// One account with its code.
    AccountWithCode(Address, Tag),
    /// One storage slot.
    Storage(Address, U256, Tag),
    /// One block with its transactions' hashes.
    Block(BlockQuery),
    /// One transaction's fate.
    Transaction(B256),
    /// What comes out of contracts: a call, tokens, prices, names, logs, fees.
    Contract(ContractQuestion),
    /// About protocols: positions, ways out, rights given away.
    Protocol(ProtocolQuestion),
}

/// What a face sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Ask, now or as soon as there is a verified head.
    Ask(Question),
    /// Ask every endpoint for what we need of it.
    ProbeEndpoints,
    /// Ask the endpoints that were not needed so far whether they answer.
    MeetEndpoints,
    /// Try an endpoint out and add it; one that does not answer only if `anyway`.
    AddEndpoint {
        /// Its address.
        config: EndpointConfig,
        /// Add it although it does not answer now.
        anyway: bool,
    },
    /// Remove an endpoint that the user added.
    RemoveEndpoint(EndpointId),
    /// Ask an endpoint from now on, or no more.
    SetEndpoint {
        /// Which.
        endpoint: EndpointId,
        /// Ask it.
        on: bool,
    },
    /// Ask nobody for anything, or go on.
    SetOffline(bool),
    /// Use this proxy from the next start on; an empty text means none.
    SetProxy(String),
    /// Remove what can be fetched again from the disk: checkpoint, bytecode, refused replies.
    ForgetFetched,
    /// Take an endpoint out of quarantine.
    Forgive(EndpointId),
    /// Ask all beacon endpoints what they call finalized, for the user to compare.
    CompareCheckpoints,
    /// Look up what the user names by hand, from now on and after the next start.
    KeepNamed(Named),
    /// Look it up no more.
    ForgetNamed(Named),
    /// Start again from this root, which the user trusts.
    UseCheckpoint(B256),
    /// Go on with the checkpoint at hand although it is beyond the weak-subjectivity bound, for this run.
    AcceptOldCheckpoint,
    /// To the wallet.
    Wallet(WalletCommand),
    /// Stop.
    Quit,
}
