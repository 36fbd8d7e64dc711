//! Default endpoints by network: data, overridable in settings and on the command line. None of them is trusted.

use serde::Deserialize;

/// A default endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct DefaultEndpoint {
    /// Its address.
    pub url: String,
    /// What is known of it and where that was read.
    pub note: String,
}

/// The default endpoints of one network.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct DefaultEndpoints {
    /// Beacon API endpoints that are said to serve light-client data.
    pub beacon: Vec<DefaultEndpoint>,
    /// JSON-RPC endpoints.
    pub execution: Vec<DefaultEndpoint>,
}

/// The defaults of `network`; none for a network that has none.
///
/// # Errors
/// Only if the bundled file were damaged, which a test rules out.
pub fn default_endpoints(network: &str) -> Result<DefaultEndpoints, toml::de::Error> {
    let mut all: std::collections::BTreeMap<String, DefaultEndpoints> =
        toml::from_str(include_str!("../../assets/endpoints.toml"))?;
    Ok(all.remove(network).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundled_file_reads_and_mainnet_has_several_of_each() {
        let mainnet = default_endpoints("mainnet").unwrap();
        assert!(mainnet.beacon.len() >= 3 && mainnet.execution.len() >= 5);
        assert!(default_endpoints("practice").unwrap().beacon.is_empty());
    }
}
