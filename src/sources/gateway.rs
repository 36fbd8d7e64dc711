//! Web servers that a contract sends its caller to (EIP-3668, "CCIP Read"): which addresses may be asked, and one request.
//!
//! Whoever writes a contract chooses these addresses. So they are held to more than an endpoint that the user named: TLS,
//! nothing on the user's own network, and loopback only where the user agreed to that very host.

use std::net::IpAddr;

use alloy::primitives::{Address, Bytes, hex};
use async_trait::async_trait;
use serde::Deserialize;
use url::{Host, Url};

use super::http::from_json;
use super::{HttpPool, SourceError};

/// Longest address asked, its data put in.
const MOST_URL: usize = 32 * 1024;
/// Longest reply: a proof of another chain's state has some hundred kilobytes.
const MOST_REPLY: usize = 2 << 20;

const SENDER: &str = "{sender}";
const DATA: &str = "{data}";

/// Why a web server may not be asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GatewayRefused {
    /// Not an address of a web server.
    #[error("it is no web address")]
    NotAUrl,
    /// Neither https nor loopback: what is asked and answered could be read and changed by everybody on the way.
    #[error("it is not an https address")]
    NotEncrypted,
    /// A part of the user's own network, which a contract has no business with.
    #[error("it is an address inside a private network")]
    Private,
    /// It holds a name and password, or puts data where a host belongs.
    #[error("its address is made to mislead")]
    Misleading,
    /// Too long with the data put in.
    #[error("its address is longer than {MOST_URL} bytes")]
    TooLong,
}

/// A web server that may be asked if the user agrees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gateway {
    template: String,
    host: String,
    is_loopback: bool,
}

impl Gateway {
    /// Checks an address as a contract wrote it.
    ///
    /// # Errors
    /// See [`GatewayRefused`].
    pub fn parse(template: &str) -> Result<Self, GatewayRefused> {
        if template.len() > MOST_URL {
            return Err(GatewayRefused::TooLong);
        }
        let url = Url::parse(template).map_err(|_why| GatewayRefused::NotAUrl)?;
        let name = url.host_str().ok_or(GatewayRefused::NotAUrl)?;
        if !url.username().is_empty() || url.password().is_some() || name.contains(['{', '}', '%']) {
            return Err(GatewayRefused::Misleading);
        }
        let is_loopback = is_loopback(&url);
        match url.scheme() {
            "https" => {}
            "http" if is_loopback => {}
            "http" => return Err(GatewayRefused::NotEncrypted),
            _ => return Err(GatewayRefused::NotAUrl),
        }
        if !is_loopback && is_private(&url) {
            return Err(GatewayRefused::Private);
        }
        let host = url.port().map_or_else(|| name.to_owned(), |port| format!("{name}:{port}"));
        Ok(Self { template: template.to_owned(), host, is_loopback })
    }

    /// Host, and port where it is not the usual one: ASCII alone, as the name goes over the wire.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// It is on this computer.
    pub fn is_loopback(&self) -> bool {
        self.is_loopback
    }

    /// The address with the question put in, and the body of the request where it does not hold the data.
    fn request(&self, sender: Address, data: &Bytes) -> Result<(Url, Option<Vec<u8>>), GatewayRefused> {
        let (sender, data) = (format!("{sender:#x}"), hex::encode_prefixed(data));
        if self.template.len().saturating_add(data.len()) > MOST_URL && self.template.contains(DATA) {
            return Err(GatewayRefused::TooLong);
        }
        let filled = self.template.replace(SENDER, &sender).replace(DATA, &data);
        let url = Url::parse(&filled).map_err(|_why| GatewayRefused::NotAUrl)?;
        let body = || serde_json::json!({"data": data, "sender": sender}).to_string().into_bytes();
        Ok((url, (!self.template.contains(DATA)).then(body)))
    }
}

fn ip_of(url: &Url) -> Option<IpAddr> {
    match url.host() {
        Some(Host::Ipv4(ip)) => Some(IpAddr::V4(ip)),
        Some(Host::Ipv6(ip)) => Some(ip.to_ipv4_mapped().map_or(IpAddr::V6(ip), IpAddr::V4)),
        _ => None,
    }
}

fn is_loopback(url: &Url) -> bool {
    let named = || url.host_str().is_some_and(|host| host == "localhost" || host.ends_with(".localhost"));
    ip_of(url).map_or_else(named, |ip| ip.is_loopback())
}

/// Addresses and names that mean something else on every network.
fn is_private(url: &Url) -> bool {
    match ip_of(url) {
        Some(IpAddr::V4(ip)) => {
            // 100.64/10 is shared by a carrier's customers (RFC 6598).
            let carriers = matches!(ip.octets(), [100, 64..=127, ..]);
            ip.is_private() || ip.is_link_local() || ip.is_unspecified() || ip.is_broadcast() || carriers
        }
        Some(IpAddr::V6(ip)) => {
            ip.is_unique_local() || ip.is_unicast_link_local() || ip.is_unspecified() || ip.is_multicast()
        }
        None => url.host_str().is_some_and(|host| {
            let inside = [".local", ".internal", ".lan", ".home.arpa"];
            !host.contains('.') || inside.iter().any(|end| host.ends_with(end))
        }),
    }
}

/// Where the answers of such servers come from. Nothing that they say can be proven.
#[async_trait]
pub trait GatewaySource: Send + Sync {
    /// One request to one server: what it says that `data` of the contract `sender` stands for.
    async fn ask_gateway(
        &self,
        gateway: &Gateway,
        sender: Address,
        data: &Bytes,
    ) -> Result<Bytes, SourceError>;
}

/// Asks nobody: for sources that are not the world.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoGateways;

#[async_trait]
impl GatewaySource for NoGateways {
    async fn ask_gateway(&self, _: &Gateway, _: Address, _: &Bytes) -> Result<Bytes, SourceError> {
        Err(SourceError::Offline)
    }
}

#[derive(Deserialize)]
struct Told {
    data: Bytes,
}

#[async_trait]
impl GatewaySource for HttpPool {
    async fn ask_gateway(
        &self,
        gateway: &Gateway,
        sender: Address,
        data: &Bytes,
    ) -> Result<Bytes, SourceError> {
        if self.is_offline() {
            return Err(SourceError::Offline);
        }
        let (url, body) = gateway
            .request(sender, data)
            .map_err(|why| SourceError::Malformed { detail: why.to_string() })?;
        tracing::debug!(host = gateway.host(), "a gateway is asked");
        let client = self.client.apart();
        let reply = match body {
            None => client.get_json(url, MOST_REPLY, true).await?,
            Some(body) => client.post(url, body, MOST_REPLY, true).await?,
        };
        Ok(from_json::<Told>(&reply.body)?.data)
    }
}

#[cfg(test)]
mod tests {
    use alloy::primitives::address;

    use super::*;

    #[test]
    fn only_encrypted_public_hosts_and_loopback_may_be_asked() {
        let host = |text: &str| Gateway::parse(text).map(|one| (one.host().to_owned(), one.is_loopback));
        assert_eq!(
            host("https://gateway.example/{sender}/{data}"),
            Ok(("gateway.example".to_owned(), false))
        );
        assert_eq!(host("https://h.example:8443/x"), Ok(("h.example:8443".to_owned(), false)));
        assert_eq!(host("https://h.example:443/x"), Ok(("h.example".to_owned(), false)));
        assert_eq!(host("http://127.0.0.1:9/{data}"), Ok(("127.0.0.1:9".to_owned(), true)));
        assert_eq!(host("http://[::1]:9/"), Ok(("[::1]:9".to_owned(), true)));
        assert_eq!(host("http://0x7f.1:9/"), Ok(("127.0.0.1:9".to_owned(), true)));
        assert_eq!(host("https://пример.example/"), Ok(("xn--e1afmkfd.example".to_owned(), false)));
        for plain in ["http://gateway.example/", "http://10.0.0.1/", "HTTP://h.example/{data}"] {
            assert_eq!(host(plain), Err(GatewayRefused::NotEncrypted), "{plain}");
        }
        for inside in [
            "https://10.1.2.3/",
            "https://192.168.0.1/{data}",
            "https://169.254.169.254/latest",
            "https://[fe80::1]/",
            "https://[::ffff:10.0.0.1]/",
            "https://router/",
            "https://printer.local/",
            "https://metadata.google.internal/",
            "https://100.100.1.1/",
            "https://0.0.0.0/",
        ] {
            assert_eq!(host(inside), Err(GatewayRefused::Private), "{inside}");
        }
        for odd in ["https://me:secret@h.example/", "https://me@h.example/", "https://{data}.h.example/"] {
            assert_eq!(host(odd), Err(GatewayRefused::Misleading), "{odd}");
        }
        for no in
            ["x-batch-gateway:true", "ipfs://abc", "file:///etc/passwd", "", "gateway.example", "data:,x"]
        {
            assert_eq!(host(no), Err(GatewayRefused::NotAUrl), "{no}");
        }
        assert_eq!(
            host(&format!("https://h.example/{}", "a".repeat(MOST_URL))),
            Err(GatewayRefused::TooLong)
        );
    }

    #[test]
    fn the_question_is_written_as_the_standard_has_it() {
        let sender = address!("AaBbCcDdEeAaBbCcDdEeAaBbCcDdEeAaBbCcDdEe");
        let data = Bytes::from_static(&hex!("00112233"));
        let ask = |template: &str| Gateway::parse(template).unwrap().request(sender, &data).unwrap();
        let (url, body) = ask("https://example.com/gateway/{sender}/{data}.json");
        let expected =
            "https://example.com/gateway/0xaabbccddeeaabbccddeeaabbccddeeaabbccddee/0x00112233.json";
        assert_eq!((url.as_str(), body), (expected, None));
        let (url, body) = ask("https://example.com/{sender}");
        assert_eq!(url.path(), "/0xaabbccddeeaabbccddeeaabbccddeeaabbccddee");
        let body: serde_json::Value = serde_json::from_slice(&body.unwrap()).unwrap();
        let expected = serde_json::json!(
            {"data": "0x00112233", "sender": "0xaabbccddeeaabbccddeeaabbccddeeaabbccddee"}
        );
        assert_eq!(body, expected);
        let long = Bytes::from(vec![7; MOST_URL]);
        let asked = |template| Gateway::parse(template).unwrap().request(sender, &long).map(drop);
        assert_eq!(asked("https://example.com/{data}"), Err(GatewayRefused::TooLong));
        assert_eq!(asked("https://example.com/"), Ok(()));
    }
}
