//! One configured endpoint, and which addresses may be one.

use std::net::IpAddr;

use url::{Host, Url};

/// What an endpoint serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EndpointKind {
    /// Beacon API.
    Beacon,
    /// Execution JSON-RPC.
    Execution,
}

impl EndpointKind {
    /// Lower-case name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Beacon => "beacon",
            Self::Execution => "execution",
        }
    }
}

/// An endpoint as the user configured it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndpointConfig {
    /// Its address; may hold an API key, so it is shown only masked.
    pub url: Url,
    /// What it serves.
    pub kind: EndpointKind,
}

/// Why an address cannot be an endpoint.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EndpointError {
    /// Not a URL.
    #[error("{text:?} is not a URL ({source}); give one like https://example.org/path")]
    NotAUrl {
        /// What was given.
        text: String,
        /// The parser's words.
        source: url::ParseError,
    },
    /// Neither http nor https.
    #[error("{scheme}: addresses are not asked; give an http:// or https:// address")]
    Scheme {
        /// The scheme.
        scheme: String,
    },
    /// Link-local or cloud-metadata address.
    #[error("{host} is a link-local address, where machines keep secrets and no endpoint lives")]
    LinkLocal {
        /// The host.
        host: String,
    },
}

impl EndpointConfig {
    /// Checks an address that somebody typed or imported (THREATS T27).
    ///
    /// # Errors
    /// See [`EndpointError`].
    pub fn parse(text: &str, kind: EndpointKind) -> Result<Self, EndpointError> {
        let url = Url::parse(text.trim())
            .map_err(|source| EndpointError::NotAUrl { text: text.chars().take(80).collect(), source })?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(EndpointError::Scheme { scheme: url.scheme().to_owned() });
        }
        let ip = match url.host() {
            Some(Host::Ipv4(ip)) => Some(IpAddr::V4(ip)),
            Some(Host::Ipv6(ip)) => Some(ip.to_ipv4_mapped().map_or(IpAddr::V6(ip), IpAddr::V4)),
            _ => None,
        };
        let link_local = match ip {
            Some(IpAddr::V4(ip)) => ip.is_link_local() || ip.is_unspecified(),
            Some(IpAddr::V6(ip)) => ip.is_unicast_link_local() || ip.is_unspecified(),
            None => url.host_str().is_some_and(|host| host.eq_ignore_ascii_case("metadata.google.internal")),
        };
        if link_local {
            return Err(EndpointError::LinkLocal { host: url.host_str().unwrap_or_default().to_owned() });
        }
        Ok(Self { url, kind })
    }

    /// The address without anything secret: scheme, host and port; a longer path is only hinted at.
    pub fn label(&self) -> String {
        let host = self.url.host_str().unwrap_or("?");
        let port = self.url.port().map(|port| format!(":{port}")).unwrap_or_default();
        let tail = if self.url.path().len() > 1 || self.url.query().is_some() { "/…" } else { "" };
        format!("{}://{host}{port}{tail}", self.url.scheme())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_are_refused_and_taken() {
        let parse = |text| EndpointConfig::parse(text, EndpointKind::Execution);
        for bad in ["file:///etc/passwd", "data:text/plain,x", "ftp://h/", "ws://h/"] {
            assert!(matches!(parse(bad), Err(EndpointError::Scheme { .. })), "{bad}");
        }
        for bad in [
            "http://169.254.169.254/latest",
            "http://[fe80::1]/",
            "http://[::ffff:169.254.1.1]/",
            "http://0.0.0.0/",
        ] {
            assert!(matches!(parse(bad), Err(EndpointError::LinkLocal { .. })), "{bad}");
        }
        assert!(matches!(parse("not a url"), Err(EndpointError::NotAUrl { .. })));
        assert_eq!(
            parse("https://user:pw@rpc.example.org/v3/SECRET?key=1").unwrap().label(),
            "https://rpc.example.org/…"
        );
        assert_eq!(parse("http://127.0.0.1:8545").unwrap().label(), "http://127.0.0.1:8545");
    }
}
