//! The wallet itself: what it holds, and what it hands out.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use alloy::primitives::{Address, B256};

use super::super::devices::DevicePorts;
use super::super::{Reads, Reason};
use super::marks::Marks;
use super::prepare::Pending;
use super::rebroadcast::Resent;
use super::session::Moment;
use crate::chain::Heads;
use crate::contracts::AbiBook;
use crate::storage::{DataDir, Journal, Repair, read_journal};
use crate::wallet::keys::{BackOff, PrivateKey};
use crate::wallet::review::Party;
use crate::wallet::{Entry, History, ReviewId};

/// Public keys of the practice network, so that it can be tried without an import. They sign on that chain alone.
#[derive(Debug, Clone, Default)]
pub struct PracticeKeys {
    /// The practice chain's id.
    pub chain_id: u64,
    /// Names and keys; everybody knows them.
    pub keys: Vec<(String, B256)>,
}

/// Reviews that may wait for an answer; older ones are forgotten.
pub(super) const MAX_PENDING: usize = 64;

/// Accounts, keys and transactions of one network. Cheap to clone; every clone is the same wallet.
#[derive(Clone)]
pub struct Wallet {
    pub(super) inner: Arc<Inner>,
}

impl std::fmt::Debug for Wallet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wallet").finish_non_exhaustive()
    }
}

pub(super) struct Inner {
    pub(super) reads: Reads,
    pub(super) data: Arc<DataDir>,
    pub(super) book: AbiBook,
    pub(super) practice: Arc<Mutex<PracticeKeys>>,
    /// Contacts that a face keeps.
    pub(super) known: Arc<Mutex<Vec<Party>>>,
    /// Which of them are confirmed.
    pub(super) marks: Arc<Mutex<Marks>>,
    pub(super) open: Arc<Mutex<Option<OpenJournal>>>,
    pub(super) pending: Arc<Mutex<HashMap<ReviewId, Pending>>>,
    pub(super) back_off: Arc<Mutex<HashMap<PathBuf, BackOff>>>,
    pub(super) resent: Arc<Mutex<HashMap<B256, Resent>>>,
    /// When a transaction was last looked for in vain, Unix milliseconds.
    pub(super) unproven: Arc<Mutex<HashMap<B256, u64>>>,
    /// Where hardware signers are looked for.
    pub(super) ports: Arc<Mutex<DevicePorts>>,
}

/// The journal, held by this process.
pub(super) struct OpenJournal {
    journal: Journal,
    pub(super) history: History,
    pub(super) repair: Option<Repair>,
}

impl OpenJournal {
    /// Keeps entries on the disk, then in memory.
    pub(super) fn keep(&mut self, entries: &[Entry]) -> Result<(), Reason> {
        for entry in entries {
            let bytes = entry.encode().map_err(|error| {
                Reason::new(&error.to_string(), "this is a fault of the program", "report it")
            })?;
            self.journal.append(&bytes)?;
            self.history.apply(entry);
        }
        Ok(())
    }
}

pub(super) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Wallet {
    pub(in crate::app) fn new(reads: Reads, data: Arc<DataDir>) -> Self {
        Self {
            inner: Arc::new(Inner {
                reads,
                data,
                book: AbiBook::new(),
                practice: Arc::default(),
                known: Arc::default(),
                marks: Arc::default(),
                open: Arc::default(),
                pending: Arc::default(),
                back_off: Arc::default(),
                resent: Arc::default(),
                unproven: Arc::default(),
                ports: Arc::default(),
            }),
        }
    }

    /// The same wallet over other reads: its accounts, journal and open reviews are shared.
    pub(super) fn over(&self, reads: Reads) -> Self {
        let own = &self.inner;
        Self {
            inner: Arc::new(Inner {
                reads,
                data: Arc::clone(&own.data),
                book: own.book.clone(),
                practice: Arc::clone(&own.practice),
                known: Arc::clone(&own.known),
                marks: Arc::clone(&own.marks),
                open: Arc::clone(&own.open),
                pending: Arc::clone(&own.pending),
                back_off: Arc::clone(&own.back_off),
                resent: Arc::clone(&own.resent),
                unproven: Arc::clone(&own.unproven),
                ports: Arc::clone(&own.ports),
            }),
        }
    }

    /// Lends the practice network's own keys. On any other chain they are not even listed.
    pub fn lend_practice_keys(&self, keys: PracticeKeys) {
        if keys.chain_id == self.chain_id() {
            *locked(&self.inner.practice) = keys;
        }
    }

    /// Id of the verified chain.
    pub fn chain_id(&self) -> u64 {
        self.inner.reads.network().chain_id
    }

    pub(super) fn now_ms(&self) -> u64 {
        self.inner.reads.edges.clock.unix_ms()
    }

    pub(super) fn now(&self) -> Moment {
        let clock = &self.inner.reads.edges.clock;
        Moment { unix_ms: clock.unix_ms(), steady_ms: clock.steady_ms() }
    }

    pub(super) fn heads(&self) -> Result<Heads, Reason> {
        self.inner.reads.heads().ok_or_else(|| {
            Reason::new(
                "There is no verified head yet",
                "balances and nonces cannot be proven without one",
                "wait until the light client has caught up; making an offline file and sending a signed transaction still work",
            )
        })
    }

    pub(super) fn practice_key(&self, address: Address) -> Option<PrivateKey> {
        let practice = locked(&self.inner.practice);
        let keys = practice.keys.iter().filter_map(|(_, key)| PrivateKey::of_bytes(key.as_slice()).ok());
        keys.into_iter().find(|key| key.address() == address)
    }

    /// There is a journal: looking for one makes none.
    pub(super) fn has_journal(&self) -> bool {
        locked(&self.inner.open).is_some() || self.inner.data.journal_path().exists()
    }

    /// Runs with the journal open, as its only writer.
    pub(super) fn with_journal<T>(
        &self,
        work: impl FnOnce(&mut OpenJournal) -> Result<T, Reason>,
    ) -> Result<T, Reason> {
        let mut open = locked(&self.inner.open);
        if open.is_none() {
            let opened = Journal::open(&self.inner.data.journal_path())?;
            let history = History::of(&opened.records);
            *open = Some(OpenJournal { journal: opened.journal, history, repair: opened.repair });
        }
        match open.as_mut() {
            Some(open) => work(open),
            None => {
                Err(Reason::new("The journal is not open", "this is a fault of the program", "report it"))
            }
        }
    }

    /// The journal as it is now. Where another process writes it, it is read without being held: a review must know what
    /// waits, whoever signed it.
    ///
    /// # Errors
    /// [`Reason`] where it cannot be read at all: an empty history would be a false one.
    pub(super) fn history(&self) -> Result<History, Reason> {
        if !self.has_journal() {
            return Ok(History::default());
        }
        match self.with_journal(|open| Ok(open.history.clone())) {
            Ok(history) => Ok(history),
            Err(reason) => match read_journal(&self.inner.data.journal_path()) {
                Ok(records) => Ok(History::of(&records)),
                Err(_also) => Err(reason),
            },
        }
    }

    /// What had to be repaired when the journal was opened here, in words. It is not opened for this.
    pub fn repaired(&self) -> Option<String> {
        let repair = locked(&self.inner.open).as_ref().and_then(|open| open.repair.clone())?;
        Some(match repair {
            Repair::TornTail { bytes, kept } => {
                let kept =
                    kept.map_or_else(String::new, |kept| format!(" They are kept: {}", kept.display()));
                format!(
                    "The journal ended in {bytes} bytes that are no whole record, as when a power failure cuts a write \
                     short. Nothing is sent before its record is whole.{kept}"
                )
            }
            Repair::Damaged { kept, salvaged } => format!(
                "The journal was damaged. Every record that could be read was taken over ({salvaged} from behind the \
                 damage); the damaged file is kept: {}. A transaction that was signed may be missing here, and a new \
                 one may take its nonce: look the account up before you send.",
                kept.display()
            ),
        })
    }
}
