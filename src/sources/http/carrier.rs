//! Who carries an endpoint, learnt from the reply's own headers: endpoints with one carrier fail together.

use reqwest::header::HeaderMap;

/// What carries an endpoint: a CDN or front server, as far as its replies tell.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Carrier(pub String);

impl std::fmt::Display for Carrier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Headers that only one carrier sets.
const TELLTALES: [(&str, &str); 8] = [
    ("cf-ray", "Cloudflare"),
    ("x-amz-cf-id", "Amazon CloudFront"),
    ("x-served-by", "Fastly"),
    ("fly-request-id", "Fly.io"),
    ("x-vercel-id", "Vercel"),
    ("x-akamai-transformed", "Akamai"),
    ("x-azure-ref", "Azure Front Door"),
    ("x-railway-edge", "Railway"),
];

impl Carrier {
    /// The carrier that these reply headers show; `None` where they show none.
    pub(super) fn of(headers: &HeaderMap) -> Option<Self> {
        if let Some((_, name)) = TELLTALES.iter().find(|(header, _)| headers.contains_key(*header)) {
            return Some(Self((*name).to_owned()));
        }
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        if text("via").is_some_and(|via| via.contains("google")) {
            return Some(Self("Google Cloud".to_owned()));
        }
        let server = text("server")?;
        let name: String = server.chars().filter(char::is_ascii_graphic).take(40).collect();
        let is_generic = ["nginx", "apache", "caddy", "envoy", "openresty"]
            .iter()
            .any(|known| name.to_lowercase().starts_with(known));
        (!name.is_empty() && !is_generic).then_some(Self(name))
    }
}
