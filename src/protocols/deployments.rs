//! Deployments of known protocols that are not bundled: a fork of a protocol, a test network.

use std::sync::Arc;

use super::registry::PROTOCOLS;
use super::{Named, Protocol};

/// Deployments as a person wrote them: `{"aave-v3": [{…}], "weth": [{…}]}`, each entry as in `assets/protocols/`.
///
/// They are the user's own word: nothing vouches for these contracts but whoever named them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Deployments {
    /// As written.
    text: Arc<str>,
    /// What was named of protocols, bundled ones too.
    named: Arc<[Named]>,
}

/// Why deployments cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DeploymentsError {
    /// Not JSON, or an entry has not the shape that its protocol needs.
    #[error("the deployments of {protocol} cannot be read: {source}")]
    Json {
        /// Which.
        protocol: String,
        /// What is wrong.
        source: serde_json::Error,
    },
    /// A name that is no protocol's id.
    #[error("there is no protocol `{id}`; known are {known}")]
    Unknown {
        /// The name.
        id: String,
        /// The names there are.
        known: String,
    },
}

impl Deployments {
    /// Reads and checks `text`.
    ///
    /// # Errors
    /// [`DeploymentsError`].
    pub fn parse(text: &str) -> Result<Self, DeploymentsError> {
        let fault = |protocol: &str| {
            let protocol = protocol.to_owned();
            move |source| DeploymentsError::Json { protocol, source }
        };
        let all: serde_json::Map<String, serde_json::Value> =
            serde_json::from_str(text).map_err(fault("the file"))?;
        for (id, markets) in &all {
            let Some((_, _, read)) = PROTOCOLS.iter().find(|(known, _, _)| known == id) else {
                let known = PROTOCOLS.iter().map(|(id, _, _)| *id).collect::<Vec<_>>().join(", ");
                return Err(DeploymentsError::Unknown { id: id.clone(), known });
            };
            read(markets).map_err(fault(id))?;
        }
        Ok(Self { text: text.into(), named: Arc::default() })
    }

    /// `own` and what was named; `None` where there is neither.
    pub fn naming(own: Option<Self>, named: Vec<Named>) -> Option<Self> {
        if named.is_empty() {
            return own;
        }
        let text = own.map_or_else(|| "{}".into(), |own| own.text);
        Some(Self { text, named: named.into() })
    }

    /// What was named.
    pub fn named(&self) -> &[Named] {
        &self.named
    }

    /// The protocols they name.
    pub(super) fn protocols(&self) -> Vec<Arc<dyn Protocol>> {
        // Checked by `parse`.
        let all: serde_json::Map<String, serde_json::Value> =
            serde_json::from_str(&self.text).unwrap_or_default();
        let known = PROTOCOLS.iter().filter_map(|(id, _, read)| read(all.get(*id)?).ok());
        known.flatten().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_deployments_are_checked_when_they_are_read() {
        let own = r#"{"weth": [{"token": "0x5FbDB2315678afecb367f032d93F642f64180aa3"}]}"#;
        assert_eq!(Deployments::parse(own).unwrap().protocols().len(), 1);
        let error = |text: &str| Deployments::parse(text).unwrap_err().to_string();
        assert_eq!(Deployments::naming(None, Vec::new()), None);
        let named = Named { protocol: "uniswap-v4".to_owned(), what: alloy::primitives::U256::from(7) };
        let both = Deployments::naming(Deployments::parse(own).ok(), vec![named.clone()]).unwrap();
        assert_eq!((both.protocols().len(), both.named()), (1, [named].as_slice()));
        assert!(error("[").starts_with("the deployments of the file"));
        assert!(error(r#"{"wet": []}"#).contains("no protocol `wet`; known are weth"));
        assert!(error(r#"{"weth": [{"token": "0x12"}]}"#).starts_with("the deployments of weth"));
    }
}
