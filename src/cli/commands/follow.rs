//! The user's leave to ask the web servers that a contract names (EIP-3668).

use clap::Args as ClapArgs;
use serde_json::{Value, json};

use crate::app::{GatewayConsent, NotFollowed, WebServers};

/// How the answer that they gave is called, wherever one is shown.
pub(super) const UNVERIFIED: &str = "UNVERIFIED";

/// Words about web servers.
#[derive(Debug, Clone, ClapArgs)]
pub(super) struct FollowArgs {
    /// Where the answer is kept on web servers (EIP-3668), ask them; what they say is shown as UNVERIFIED
    ///
    /// They learn your network address (or your proxy's), the question, and when you asked. With =HOST only that host is
    /// asked (HOST:PORT where the port is not the usual one); it may be repeated. Without it, every encrypted public host
    /// that the contract names; a server on this computer is asked only by its name.
    #[arg(long, value_name = "HOST", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    follow_offchain: Vec<String>,
}

impl FollowArgs {
    /// Whom the user lets be asked; `None` where nobody.
    pub(super) fn consent(&self) -> Option<GatewayConsent> {
        if self.follow_offchain.is_empty() {
            return None;
        }
        if self.follow_offchain.iter().any(String::is_empty) {
            return Some(GatewayConsent::AnyPublic);
        }
        Some(GatewayConsent::Only(self.follow_offchain.iter().map(|host| host.to_lowercase()).collect()))
    }
}

/// Who was not asked, and how to have them asked.
pub(super) fn not_asked(servers: &WebServers) -> String {
    let words = servers.words();
    if servers.hosts.is_empty() {
        return format!("not on the chain, but with {words}, which cannot be asked safely and was not");
    }
    format!(
        "not on the chain, but with {words}, which was not asked and could say anything (--follow-offchain asks)"
    )
}

/// The same for programs.
pub(super) fn not_asked_json(servers: &WebServers) -> Value {
    json!({"proof": "unverified", "offchain": servers.urls, "hosts": servers.hosts})
}

/// Web servers were asked to no end; and how to have the others asked, where some are left.
pub(super) fn not_followed(end: &NotFollowed) -> String {
    let NotFollowed { why, hosts } = end;
    if hosts.is_empty() {
        return format!("not known; its web servers were asked: {why}");
    }
    format!("not known: {why} (--follow-offchain={} does)", hosts.join(" --follow-offchain="))
}

/// The same for programs.
pub(super) fn not_followed_json(end: &NotFollowed) -> Value {
    json!({"proof": "unverified", "not_followed": end.why, "hosts": end.hosts})
}
