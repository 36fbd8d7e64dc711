//! The core both faces share: commands in, immutable snapshots out.
//!
//! *Invariant*: knows neither clap nor egui. One core owns all state; a face sends [`Command`]s, reads a
//! [`Snapshot`], and is woken by a callback. An answer lands under its question, never "on the visible screen".

mod answer;
mod base_fees;
mod command;
mod contract_answers;
mod contract_call;
mod contract_interface;
mod contract_questions;
mod contract_reads;
mod core;
mod devices;
mod direct;
mod disk_caches;
mod endpoints;
mod fees;
mod handle;
mod jobs;
mod kept_answers;
mod logs;
mod named_by_hand;
mod open;
mod plain;
mod protocol_answers;
mod protocol_questions;
mod protocol_reads;
mod qr_picture;
mod reads;
mod reason;
mod snapshot;
mod sync_task;
mod transfer_scan;
mod wallet;

pub use answer::{Answer, BlockView};
pub use command::{Command, Question, Tag};
pub use contract_answers::{
    AbiSource, BaseFeesAnswer, CallAnswer, CallResult, ContractAnswer, FeesAnswer, FoundLog, FunctionFacts,
    GasAnswer, InterfaceAnswer, LogsAnswer, PriceAnswer, Speed, SpeedFee, ToldCall,
};
pub use contract_questions::{
    CallQuestion, ContractQuestion, GasQuestion, LogsQuestion, TokenChoice, TokensQuestion,
};
pub use devices::{Cancel, Device, DeviceCause, DeviceError, DeviceKind, DevicePorts, Patience, PinPad};
pub use direct::{Broadcast, Reads};
pub use fees::{fees, tip_at, tips};
pub use handle::{Busy, Handle, Wake};
pub use named_by_hand::{NamedByHand, can_be_named, taken};
pub use open::{NetworkName, OpenError, Opened, Request, data_folder, open};
pub use plain::plain;
pub use protocol_answers::{AllowancesAnswer, PositionsAnswer, ProtocolAnswer, SafeApprovalsAnswer};
pub use protocol_questions::{JointPositions, PositionsQuestion, ProtocolQuestion};
pub use qr_picture::{is_picture, texts_in_picture};
pub use reason::{Place, Reason};
pub use snapshot::{
    CheckpointView, ClaimedRoot, Comparison, HeadView, Lie, Loadable, Notice, Snapshot, SyncView, Trial,
    TrialOutcome,
};
pub use transfer_scan::{FoundTransfer, ScanCoverage, ScanFound, ScanStep, TransferScan, scan_step};
pub use wallet::{
    AccountKind, AccountView, CarriedState, Delivery, Discovered, Ended, FeeChoice, Handed, KeyImport,
    MessageBody, MessageView, Noted, OfflineFile, OfflineFileError, Outcome, PracticeKeys, Prepared,
    Recipient, Removal, Replacement, ReviewView, Running, ScanView, SendRequest, SendableToken,
    SignedMessage, Then, ToSign, TransactionView, Unlock, Wallet, WalletCommand, WalletView, differs,
    parse_amount,
};

// Plain types that faces show.
pub use crate::chain::{About, Said, Statement, Weight, second_witness};
pub use crate::chain::{BlockQuery, Clock, GatewayConsent, NonceUser, SystemClock, TransactionStatus};
pub use crate::chain::{Heads, PlacedLog, ProvenSlot, ReadError, Reader, StateAt, StateProof};
pub use crate::consensus::Finality;
pub use crate::contracts::{
    AbiBook, AbiValue, CallBody, DecodedCall, DecodedLog, FunctionCall, KnownAddress, LogBody, NamedValue,
    Provenance, ProxyKind, Revert, Token, TokenList, TokenQuirk, decode_calldata, decode_log, decode_revert,
    parse_abi_json, sanitise, value_json, value_text, values_json, values_text,
};
pub use crate::execution::{Account, BlockRef, Proven, ProvenHeader, TransactionOutcome, Transfer};
pub use crate::execution::{
    AccountOverride, BlockBody, BlockTransaction, BlocksPlan, Call, CallError, CallOutcome, CallStatus,
    GasEstimate, Overrides, PlannedBlock, ProofError, RanBlock, RanCall, Receipt, StateKey, TxRule,
};
pub use crate::networks::{Checkpoint, NetworkSpec};
pub use crate::protocols::approvals::{
    Approval, ApprovalKind, Approvals, ApprovalsQuestion, StandingAllowances,
};
pub use crate::protocols::ens::{EnsName, NameAnswer, NameError, NameOutcome, ReverseAnswer, ReverseOutcome};
pub use crate::protocols::exit_plan::{ExitPlan, Shortfall, StepOutcome, WalletChange};
pub use crate::protocols::prices::{Leg, Price, PriceSource, PricedAsset};
pub use crate::protocols::safe::{Operation, Proposal, ProposalError, SafeFacts, SafeTransaction};
pub use crate::protocols::tokens::{CollectibleFacts, OwnerBalances, TokenBalances, TokenFacts, TokenKind};
pub use crate::protocols::{
    Action, Allowance, Amount, Asset, Danger, Deployments, Found, Health, Intent, Named, NamedBy, NoAnswer,
    NotFollowed, Position, ProtocolError, Report, Row, RowKind, Stage, WebServers, Worth, factor_text,
};
pub use crate::sources::{
    Carrier, EndpointConfig, EndpointId, EndpointKind, EndpointReport, Probe, SourceError, Standing, Traffic,
};
pub use crate::storage::Origin;
/// What the wallet's views are made of: intents, reviews, states, secrets.
pub use crate::wallet as signing;

pub use crate::consensus::weak_subjectivity_bound_epochs;
// What the window shows of positions beside their numbers.
pub use crate::protocols::aave_v3::{WhatIf, what_if};
pub use crate::protocols::exit_plan::{LeftOut, Step, TakeOut};
pub use crate::protocols::safe::{Standing as SafeStanding, domain_separator};
pub use crate::protocols::{
    LiquidationPrice, Registry, Verdict, WAD, WAITS_OFFLINE_SECS, WAITS_SECS, with_approvals,
};
