//! `eth_sendRawTransaction`: to every endpoint, the hash being our own.

use alloy::consensus::transaction::SignerRecoverable as _;
use alloy::consensus::{Transaction as _, TxEnvelope};
use alloy::eips::eip2718::Decodable2718 as _;
use alloy::primitives::Bytes;

use super::context::Pinned;
use super::error::RpcError;
use super::params::{Answer, Params, to_json};
use crate::app::{SourceError, plain};

/// `eth_sendRawTransaction(bytes)`. The answer says that at least one endpoint took it, no more: whether it lands is
/// what its receipt proves.
pub(super) async fn raw(at: &Pinned, params: &Params) -> Answer {
    let raw: Bytes = params.required(0)?;
    let envelope = decode(&raw)?;
    let chain_id = at.reads.network().chain_id;
    if envelope.chain_id().is_some_and(|signed| signed != chain_id) {
        return Err(RpcError::invalid_params(format!(
            "the transaction is signed for another chain than {chain_id}; it was not sent"
        )));
    }
    if envelope.recover_signer().is_err() {
        return Err(RpcError::invalid_params("the signature recovers no sender; it was not sent"));
    }
    let hash = *envelope.tx_hash();
    let answers = at.reads.broadcast(raw).await;
    if answers.iter().any(|(_, answer)| took(answer.as_ref().err())) {
        return to_json(&hash);
    }
    let said: Vec<String> = answers
        .into_iter()
        .filter_map(|(who, answer)| Some(format!("{who}: {}", plain(&answer.err()?.to_string()))))
        .collect();
    if said.is_empty() {
        return Err(RpcError::unavailable("there is no endpoint to send it to"));
    }
    Err(RpcError::failed(format!("no endpoint took the transaction: {}", said.join("; "))))
}

fn decode(raw: &[u8]) -> Result<TxEnvelope, RpcError> {
    let mut rest = raw;
    let envelope = TxEnvelope::decode_2718(&mut rest)
        .map_err(|error| RpcError::invalid_params(format!("not a signed transaction: {error}")))?;
    if rest.is_empty() {
        return Ok(envelope);
    }
    Err(RpcError::invalid_params("not a signed transaction: bytes after it"))
}

/// Taken, or there already.
fn took(error: Option<&SourceError>) -> bool {
    match error {
        None => true,
        Some(SourceError::Rpc { message, .. }) => {
            let message = message.to_ascii_lowercase();
            message.contains("already known") || message.contains("already imported")
        }
        Some(_) => false,
    }
}
