//! `bls`: the two functions that a light client's signatures rest on.

use lifeboat::consensus::{PublicKeyBytes, SignatureBytes, eth_aggregate_pubkeys, eth_fast_aggregate_verify};
use serde_yaml_ng::Value;

use super::Case;
use super::spec::{root, text};

pub(super) fn run(case: &Case, handler: &str) {
    let data = case.yaml("data.yaml");
    let (input, output) = (&data["input"], &data["output"]);
    // A key of the wrong length cannot even be written in our types: that is a refusal too.
    let keys = |value: &Value| -> Option<Vec<PublicKeyBytes>> {
        value.as_sequence().unwrap().iter().map(|key| text(key).parse().ok()).collect()
    };
    match handler {
        "eth_fast_aggregate_verify" => {
            let signature: Option<SignatureBytes> = text(&input["signature"]).parse().ok();
            let verified = keys(&input["pubkeys"]).zip(signature).is_some_and(|(keys, signature)| {
                eth_fast_aggregate_verify(&keys, root(&input["message"]), &signature)
            });
            assert_eq!(verified, output.as_bool().unwrap(), "{}", case.dir.display());
        }
        "eth_aggregate_pubkeys" => {
            let sum = keys(input).and_then(|keys| eth_aggregate_pubkeys(&keys));
            let expected: Option<PublicKeyBytes> = output.as_str().map(|key| key.parse().unwrap());
            assert_eq!(sum, expected, "{}", case.dir.display());
        }
        other => panic!("no runner for bls/{other}"),
    }
}
