//! Web servers that a contract sends its caller to (EIP-3668), as they may be shown.

use crate::chain::{FollowError, gateway_hosts};
use crate::contracts::sanitise;
use crate::execution::OffchainLookup;

/// Most web addresses repeated from a contract.
const MOST_URLS: usize = 8;
/// Longest text shown, in characters.
const TEXT_CAP: usize = 255;

/// Who would be asked. Nobody was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebServers {
    /// Their addresses as the contract wrote them; escaped.
    pub urls: Vec<String>,
    /// The hosts among them that may be asked if the user agrees; ASCII alone.
    pub hosts: Vec<String>,
}

impl WebServers {
    /// Those of a lookup.
    #[must_use]
    pub fn of(lookup: &OffchainLookup) -> Self {
        let urls = lookup.urls.iter().take(MOST_URLS).map(|url| sanitise(url, TEXT_CAP)).collect();
        Self { urls, hosts: gateway_hosts(&lookup.urls) }
    }

    /// Their hosts in a line; their addresses where none of them may be asked.
    #[must_use]
    pub fn words(&self) -> String {
        let shown = if self.hosts.is_empty() { &self.urls } else { &self.hosts };
        if shown.is_empty() { "a web server that it does not name".to_owned() } else { shown.join(", ") }
    }
}

/// Web servers were asked, to no end. Nothing is proven by that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotFollowed {
    /// Why; safe to show.
    pub why: String,
    /// Hosts that would have to be asked too; empty where that would not help.
    pub hosts: Vec<String>,
}

impl NotFollowed {
    /// What came of following a lookup.
    #[must_use]
    pub(crate) fn of(error: &FollowError) -> Self {
        let hosts = if let FollowError::NotAgreed { hosts } = error { hosts.clone() } else { Vec::new() };
        Self { hosts, ..Self::because(&error.to_string()) }
    }

    /// An end that asking others would not change.
    #[must_use]
    pub(crate) fn because(why: &str) -> Self {
        Self { why: sanitise(why, TEXT_CAP), hosts: Vec::new() }
    }
}
