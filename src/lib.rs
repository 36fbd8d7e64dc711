//! Lifeboat: use Ethereum when the hosted front ends, explorers and RPC companies are down.
//!
//! This page is the architecture page.
//!
//! # Bird's eye
//! Untrusted bytes come in at the edges ([`sources`]), pure rooms turn them into proven values or named errors
//! ([`consensus`], [`execution`]), one loop joins the two ([`chain`]), one core owns all state and publishes
//! immutable snapshots ([`app`]), and the faces draw them ([`cli`], `gui`) or serve them to other programs ([`serve`]).
//!
//! # Rooms
//! | room | question it answers | may import |
//! | --- | --- | --- |
//! | [`networks`] | which chain, as data | nothing |
//! | [`consensus`] | which block hash did the sync committee sign? (pure) | networks |
//! | [`execution`] | what is true at that block? (pure) | networks, consensus |
//! | [`contracts`] | what do bytes mean? (pure) | networks |
//! | [`sources`] | untrusted data in, from any number of endpoints | networks |
//! | [`storage`] | what is kept on disk | networks |
//! | [`chain`] | the light client in motion: fetch, verify, repeat | networks, consensus, execution, sources |
//! | [`protocols`] | what does the user hold, what can be done with it? | networks, execution, contracts, chain |
//! | [`wallet`] | keys and transactions: draft, review, sign, follow | networks, execution, contracts, chain |
//! | [`app`] | the core both faces share: commands in, snapshots out | all above |
//! | [`cli`] | the command-line face | app, serve |
//! | `gui` | the desktop window (feature `gui`) | app |
//! | [`serve`] | a JSON-RPC on loopback for other programs: proven answers only | app |
//! | [`devnet`] | the practice network, on loopback | networks, consensus, contracts |
//!
//! # Journeys
//! **Checkpoint to verified head.** `main` opens a network ([`app::open`]) and starts the core. Its sync task takes the
//! newest acceptable start: the user's root, else the store of the last run, else the shipped root; one beyond the
//! weak-subjectivity bound stops and asks. [`chain::Syncer`] asks a [`sources::BeaconSource`] for the bootstrap, then
//! for one update a period, then for one a slot; [`consensus::wire`] brings each to the Gloas shape and
//! [`consensus::Store`] takes it or names the rule it broke. A broken rule blames the endpoint, and another is asked.
//! Each proven block hash becomes a [`execution::ProvenHeader`], fetched by hash and hashed again.
//!
//! **A balance.** [`chain::StateAt`] pins one proven header. Accounts not yet proven at it are asked for in one batch;
//! slots proven under an unchanged storage root are not asked for again. [`execution::verify_account`] walks from the
//! state root to the keccak of the address *asked for*; only then is there a [`execution::Proven`] to show.
//!
//! **Did it land?** Endpoints say where a transaction is; that is a hint. The block is proven an ancestor of the head
//! (EIP-2935 or a parent link), its transactions and receipts are rebuilt to its roots, and the outcome is computed from
//! them. What cannot be proven (a mempool, an absence) is said to be unverified.
//!
//! **Another program asks.** [`serve`] lets a request in by its head alone (Host, Origin, token, content type), pins it to
//! the proven heads of that moment ([`app::Reads`]) and awaits the same reads as above. There is no way through it to an
//! endpoint's own answer: a method is computed from proven values or refused.
//!
//! **A name is kept on a web server.** The revert that says so (EIP-3668) is proven; following it needs the user's leave for
//! the hosts ([`chain::GatewayConsent`]). [`sources::Gateway`] holds addresses that a contract wrote to stricter rules than
//! endpoints; what comes back is [`chain::Told`], a type that no proven value can be made of.
//!
//! **An endpoint lies.** The verifying room names the rule; [`sources::HttpPool`] quarantines the endpoint and keeps the
//! bytes; the question goes to another. With none left the answer is a reason, never a number.
//!
//! # A new fork
//! touches `networks/*` (epoch), `consensus/wire` and `consensus/generalized_index.rs` (form), `execution/header*.rs`
//! (fields), and the vectors. If it touches more, the design is wrong.
//!
//! # Invariants
//! * Verification is pure: bytes, a trusted root and a slot go in; a proven value or a named error comes out.
//! * [`execution::Proven`] has no public constructor: what is not proven cannot be typed as proven.
//! * Consensus proves a **block hash** and nothing more; the header is fetched by hash and hashed again. That is the
//!   shape of Gloas, and data of every earlier fork is brought to it at the door.
//! * Every answer is checked against the question that was asked, never against itself.
//! * More endpoints buy availability; only proofs buy correctness. Fail-over never lowers verification.
//! * A failed read is an error with a cause, never 0.
//! * The practice network is a [`networks::NetworkSpec`] plus loopback endpoints. Product code has no test branch.
//! * `tests/house.rs` keeps the import table above.

pub mod app;
pub mod chain;
pub mod cli;
pub mod consensus;
pub mod contracts;
pub mod devnet;
pub mod execution;
#[cfg(feature = "gui")]
pub mod gui;
pub mod networks;
pub mod protocols;
pub mod serve;
pub mod sources;
pub mod storage;
pub mod wallet;
