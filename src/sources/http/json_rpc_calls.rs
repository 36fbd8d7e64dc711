//! What helps a call along: code of many accounts at once, and a hint of what the call will read.

use std::sync::atomic::Ordering;

use alloy::primitives::{Address, Bytes, U256};
use serde_json::{Value, json};

use super::json_rpc::{Answer, JsonRpc};
use super::json_rpc_parse::{data, malformed, quantity};
use crate::sources::{AccessHint, HintedCall, SourceError, StateRef};

const HINT_CAP: usize = 1024 * 1024;

impl JsonRpc {
    pub(in crate::sources) async fn codes(
        &self,
        at: StateRef,
        who: &[Address],
    ) -> Result<Answer<Vec<Bytes>>, SourceError> {
        let calls = |block: &Value| who.iter().map(|who| ("eth_getCode", json!([who, block]))).collect();
        self.at_state(at, calls).await?.try_map(|values| values.iter().map(data).collect())
    }

    /// An endpoint that has no hint gives an empty one: nobody else needs to be asked for a mere hint.
    pub(in crate::sources) async fn access_hint(
        &self,
        at: StateRef,
        call: &HintedCall,
    ) -> Result<Answer<AccessHint>, SourceError> {
        let none = || Ok(Answer { value: Vec::new(), bytes: Bytes::new(), carrier: None });
        if self.lacks_access_lists.load(Ordering::Relaxed) {
            return none();
        }
        let mut request = json!({"from": call.from, "to": call.to, "data": call.input});
        if let (Some(members), false) = (request.as_object_mut(), call.value.is_zero()) {
            members.insert("value".to_owned(), json!(format!("{:#x}", call.value)));
        }
        let params = json!([request, format!("{:#x}", at.number)]);
        match self.call("eth_createAccessList", params, HINT_CAP).await {
            Ok(answer) => answer.try_map(|value| access_list(&value)),
            Err(SourceError::Unsupported { .. }) => {
                self.lacks_access_lists.store(true, Ordering::Relaxed);
                none()
            }
            Err(SourceError::Rpc { .. } | SourceError::NotFound) => none(),
            Err(other) => Err(other),
        }
    }
}

fn access_list(value: &Value) -> Result<AccessHint, SourceError> {
    let list =
        value.get("accessList").and_then(Value::as_array).ok_or_else(|| malformed("an access list"))?;
    list.iter()
        .map(|entry| {
            let who = entry.get("address").and_then(Value::as_str).and_then(|text| text.parse().ok());
            let keys = entry.get("storageKeys").and_then(Value::as_array);
            let slots = keys.into_iter().flatten().map(quantity).collect::<Result<Vec<U256>, _>>()?;
            Ok((who.ok_or_else(|| malformed("an access list's address"))?, slots))
        })
        .collect()
}
