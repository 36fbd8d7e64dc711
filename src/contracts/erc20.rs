//! ERC-20 (EIP-20): the calls and events every token has.

use alloy::sol;

sol! {
    /// EIP-20, with the optional metadata every wallet reads.
    #[derive(Debug, PartialEq, Eq)]
    interface Erc20 {
        function name() external view returns (string);
        function symbol() external view returns (string);
        function decimals() external view returns (uint8);
        function totalSupply() external view returns (uint256);
        function balanceOf(address owner) external view returns (uint256);
        function allowance(address owner, address spender) external view returns (uint256);
        function transfer(address to, uint256 value) external returns (bool);
        function approve(address spender, uint256 value) external returns (bool);
        function transferFrom(address from, address to, uint256 value) external returns (bool);
        event Transfer(address indexed from, address indexed to, uint256 value);
        event Approval(address indexed owner, address indexed spender, uint256 value);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use alloy::primitives::keccak256;
    use alloy::sol_types::{SolEventInterface, SolInterface};
    use serde_json::Value;

    use super::Erc20;

    fn signature(item: &Value) -> String {
        let inputs: Vec<&str> =
            item["inputs"].as_array().unwrap().iter().map(|input| input["type"].as_str().unwrap()).collect();
        format!("{}({})", item["name"].as_str().unwrap(), inputs.join(","))
    }

    #[test]
    fn every_call_and_event_is_in_the_bundled_tokens() {
        for abi in [
            include_str!("../../abis/ERC20PresetFixedSupply/abi.json"),
            include_str!("../../abis/ERC20PresetMinterPauser/abi.json"),
        ] {
            let items: Vec<Value> = serde_json::from_str(abi).unwrap();
            let of = |kind: &str| {
                items
                    .iter()
                    .filter(|item| item["type"] == kind)
                    .map(|item| keccak256(signature(item)))
                    .collect()
            };
            let (functions, events): (BTreeSet<_>, BTreeSet<_>) = (of("function"), of("event"));
            for selector in Erc20::Erc20Calls::selectors() {
                assert!(functions.iter().any(|hash| hash[..4] == selector), "{selector:02x?}");
            }
            for event in Erc20::Erc20Events::SELECTORS {
                assert!(events.contains(event), "{event:02x?}");
            }
            assert_eq!(Erc20::Erc20Events::COUNT, 2);
        }
    }
}
