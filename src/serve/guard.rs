//! Who may speak to the port: decided from the request's head alone, before its body is read.
//!
//! A web page in the user's browser can reach loopback. DNS rebinding gives it a foreign `Host`; a cross-site request
//! carries its `Origin`; a form or `fetch` without CORS cannot send `application/json`; and no page knows the token.

use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use url::Url;

use super::Token;

/// What asks the browser for leave to speak to a private address.
const PRIVATE_NETWORK: HeaderName = HeaderName::from_static("access-control-request-private-network");

/// The origin of a web page that the user lets in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin(String);

/// A word that is no origin.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is no origin: give scheme, host and port alone, like https://app.example or http://localhost:3000"
)]
pub struct OriginError(pub String);

impl Origin {
    /// Parses `scheme://host[:port]`. There is no word for all origins.
    ///
    /// # Errors
    /// [`OriginError`].
    pub fn parse(text: &str) -> Result<Self, OriginError> {
        let bad = || OriginError(text.to_owned());
        let url = Url::parse(text).map_err(|_not_a_url| bad())?;
        let bare = matches!(url.path(), "" | "/") && url.query().is_none() && url.fragment().is_none();
        let anonymous = url.username().is_empty() && url.password().is_none();
        let Some(host) = url.host_str().filter(|host| !host.is_empty() && bare && anonymous) else {
            return Err(bad());
        };
        match url.scheme() {
            "http" | "https" => Ok(Self(url.origin().ascii_serialization())),
            scheme if scheme.ends_with("-extension") && url.port().is_none() => {
                Ok(Self(format!("{scheme}://{host}")))
            }
            _ => Err(bad()),
        }
    }
}

/// What a request may go on as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Admitted {
    /// The browser asks whether a page may post.
    Preflight(HeaderMap),
    /// A JSON-RPC request; the headers go on the answer.
    Post(HeaderMap),
    /// A WebSocket handshake.
    WebSocket,
}

/// Why a request goes no further.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    pub(super) words: &'static str,
}

const fn refuse(status: StatusCode, words: &'static str) -> Refusal {
    Refusal { status, words }
}

const BAD_HOST: Refusal =
    refuse(StatusCode::FORBIDDEN, "the Host header does not name this server: use 127.0.0.1 or localhost");
const BAD_ORIGIN: Refusal =
    refuse(StatusCode::FORBIDDEN, "web pages are not let in; start with --allow-origin to allow one");
const BAD_PATH: Refusal = refuse(StatusCode::NOT_FOUND, "nothing is here");
const BAD_METHOD: Refusal =
    refuse(StatusCode::METHOD_NOT_ALLOWED, "send JSON-RPC with POST, or open a WebSocket");
const BAD_TYPE: Refusal =
    refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, "the content type must be application/json");
const BAD_ENCODING: Refusal = refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, "the body must not be compressed");

/// The door's rules.
#[derive(Debug, Clone)]
pub(super) struct Guard {
    hosts: Vec<String>,
    origins: Vec<Origin>,
    token: Option<Token>,
}

impl Guard {
    pub(super) fn new(port: u16, origins: Vec<Origin>, token: Option<Token>) -> Self {
        let names = ["127.0.0.1", "localhost", "[::1]"];
        let with_port = names.iter().map(|name| format!("{name}:{port}"));
        // The default port of http is left out of the header.
        let bare = names.iter().filter(|_| port == 80).map(|name| (*name).to_owned());
        Self { hosts: with_port.chain(bare).collect(), origins, token }
    }

    /// Lets a request in, or says why not.
    pub(super) fn admit(&self, request: &Parts) -> Result<Admitted, Refusal> {
        let headers = &request.headers;
        let authority = request.uri.authority().map(|authority| authority.as_str());
        let host = only(headers, &header::HOST).map_err(|()| BAD_HOST)?.ok_or(BAD_HOST)?;
        if !self.is_own(host) || authority.is_some_and(|name| !self.is_own(name)) {
            return Err(BAD_HOST);
        }
        let origin = only(headers, &header::ORIGIN).map_err(|()| BAD_ORIGIN)?;
        let known = |origin: &str| self.origins.iter().any(|one| one.0 == origin);
        if origin.is_some_and(|origin| !known(origin)) {
            return Err(BAD_ORIGIN);
        }
        if !self.is_path(request.uri.path()) || request.uri.query().is_some() {
            return Err(BAD_PATH);
        }
        match request.method {
            Method::POST => {
                check_body(headers)?;
                Ok(Admitted::Post(allowance(origin)))
            }
            Method::OPTIONS if origin.is_some() => Ok(Admitted::Preflight(preflight(origin, headers))),
            Method::GET if wants_websocket(headers) => Ok(Admitted::WebSocket),
            _ => Err(BAD_METHOD),
        }
    }

    fn is_own(&self, host: &str) -> bool {
        self.hosts.iter().any(|own| own.eq_ignore_ascii_case(host))
    }

    fn is_path(&self, path: &str) -> bool {
        let word = path.strip_prefix('/').unwrap_or(path);
        match &self.token {
            Some(token) => token.opens(word),
            None => word.is_empty(),
        }
    }
}

/// The header's only value; twice is as bad as unreadable.
fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a str>, ()> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => value.to_str().map(Some).map_err(|_not_ascii| ()),
        (Some(_), Some(_)) => Err(()),
    }
}

fn check_body(headers: &HeaderMap) -> Result<(), Refusal> {
    let kind = only(headers, &header::CONTENT_TYPE).map_err(|()| BAD_TYPE)?.unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case("application/json") {
        return Err(BAD_TYPE);
    }
    if headers.contains_key(header::CONTENT_ENCODING) { Err(BAD_ENCODING) } else { Ok(()) }
}

fn wants_websocket(headers: &HeaderMap) -> bool {
    let upgrade = headers.get(header::UPGRADE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    upgrade.eq_ignore_ascii_case("websocket")
}

/// What lets an allowed page read the answer.
fn allowance(origin: Option<&str>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    if let Some(value) = origin.and_then(|origin| HeaderValue::from_str(origin).ok()) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, value);
        headers.insert(header::VARY, HeaderValue::from_static("origin"));
    }
    headers
}

fn preflight(origin: Option<&str>, asked: &HeaderMap) -> HeaderMap {
    let mut headers = allowance(origin);
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("POST"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("content-type"));
    if asked.contains_key(PRIVATE_NETWORK) {
        let allow = HeaderName::from_static("access-control-allow-private-network");
        headers.insert(allow, HeaderValue::from_static("true"));
    }
    headers
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    const OWN: (&str, &str) = ("host", "127.0.0.1:8545");
    const JSON: (&str, &str) = ("content-type", "application/json");

    fn admit(
        guard: &Guard,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
    ) -> Result<Admitted, &'static str> {
        let request =
            headers.iter().fold(Request::builder().method(method).uri(path), |request, (name, value)| {
                request.header(*name, *value)
            });
        guard.admit(&request.body(()).unwrap().into_parts().0).map_err(|refusal| refusal.words)
    }

    #[test]
    fn only_own_hosts_get_in() {
        let guard = Guard::new(8545, Vec::new(), None);
        for good in ["127.0.0.1:8545", "localhost:8545", "LOCALHOST:8545", "[::1]:8545"] {
            assert!(admit(&guard, "POST", "/", &[("host", good), JSON]).is_ok(), "{good}");
        }
        let bad = [
            "evil.example:8545",
            "127.0.0.1",
            "localhost",
            "127.0.0.1:8546",
            "localhost.evil.example:8545",
            "127.0.0.1:8545@evil.example",
            "",
            "localhost.:8545",
        ];
        for bad in bad {
            assert_eq!(admit(&guard, "POST", "/", &[("host", bad), JSON]), Err(BAD_HOST.words), "{bad}");
        }
        assert_eq!(admit(&guard, "POST", "/", &[JSON]), Err(BAD_HOST.words));
        assert_eq!(admit(&guard, "POST", "/", &[OWN, OWN, JSON]), Err(BAD_HOST.words));
        assert_eq!(admit(&guard, "POST", "http://evil.example/", &[OWN, JSON]), Err(BAD_HOST.words));
        let plain = Guard::new(80, Vec::new(), None);
        assert!(admit(&plain, "POST", "/", &[("host", "localhost"), JSON]).is_ok());
    }

    #[test]
    fn origins_are_denied_unless_named() {
        let guard = Guard::new(8545, vec![Origin::parse("http://localhost:3000/").unwrap()], None);
        let with = |origin| admit(&guard, "POST", "/", &[OWN, JSON, ("origin", origin)]);
        let Ok(Admitted::Post(headers)) = with("http://localhost:3000") else { panic!("refused") };
        assert_eq!(headers[header::ACCESS_CONTROL_ALLOW_ORIGIN], "http://localhost:3000");
        for bad in ["null", "http://localhost:3001", "https://localhost:3000", "http://evil.example", ""] {
            assert_eq!(with(bad), Err(BAD_ORIGIN.words), "{bad}");
        }
        let handshake = [OWN, ("upgrade", "websocket"), ("origin", "http://evil.example")];
        assert_eq!(admit(&guard, "GET", "/", &handshake), Err(BAD_ORIGIN.words));
        let asked =
            [OWN, ("origin", "http://localhost:3000"), ("access-control-request-private-network", "true")];
        let Ok(Admitted::Preflight(headers)) = admit(&guard, "OPTIONS", "/", &asked) else {
            panic!("refused")
        };
        assert_eq!(headers["access-control-allow-private-network"], "true");
        assert_eq!(admit(&guard, "OPTIONS", "/", &[OWN]), Err(BAD_METHOD.words));
    }

    #[test]
    fn what_a_form_can_send_is_no_request() {
        let guard = Guard::new(8545, Vec::new(), None);
        for bad in [
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data",
            "",
            "application/jsonx",
        ] {
            assert_eq!(
                admit(&guard, "POST", "/", &[OWN, ("content-type", bad)]),
                Err(BAD_TYPE.words),
                "{bad}"
            );
        }
        assert_eq!(admit(&guard, "POST", "/", &[OWN]), Err(BAD_TYPE.words));
        assert!(
            admit(&guard, "POST", "/", &[OWN, ("content-type", "Application/JSON; charset=utf-8")]).is_ok()
        );
        assert_eq!(
            admit(&guard, "POST", "/", &[OWN, JSON, ("content-encoding", "gzip")]),
            Err(BAD_ENCODING.words)
        );
        for method in ["GET", "PUT", "HEAD", "DELETE"] {
            assert_eq!(admit(&guard, method, "/", &[OWN, JSON]), Err(BAD_METHOD.words), "{method}");
        }
    }

    #[test]
    fn without_the_token_nothing_is_here() {
        let token = Token::random().unwrap();
        let path = format!("/{}", token.to_hex());
        let guard = Guard::new(8545, Vec::new(), Some(token));
        assert!(admit(&guard, "POST", &path, &[OWN, JSON]).is_ok());
        assert_eq!(admit(&guard, "GET", &path, &[OWN, ("upgrade", "websocket")]), Ok(Admitted::WebSocket));
        for bad in [
            "/".to_owned(),
            format!("{path}/"),
            format!("{path}?x=1"),
            format!("/{path}"),
            path.replace('/', "/0"),
        ] {
            assert_eq!(admit(&guard, "POST", &bad, &[OWN, JSON]), Err(BAD_PATH.words), "{bad}");
            assert_eq!(admit(&guard, "GET", &bad, &[OWN, ("upgrade", "websocket")]), Err(BAD_PATH.words));
        }
    }

    #[test]
    fn origins_are_whole_and_single() {
        for bad in
            ["*", "null", "localhost:3000", "https://a.example/x", "https://u:p@a.example", "file:///x", ""]
        {
            assert!(Origin::parse(bad).is_err(), "{bad}");
        }
        let extension = Origin::parse("chrome-extension://abcdefghijklmnop").unwrap();
        assert_eq!(extension.0, "chrome-extension://abcdefghijklmnop");
        assert_eq!(Origin::parse("https://A.example:443").unwrap().0, "https://a.example");
    }
}
