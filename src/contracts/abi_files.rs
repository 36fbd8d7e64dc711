//! The bundled interface files, by protocol.

/// Protocol and the text of its file.
pub(super) const FILES: [(&str, &str); 41] = [
    ("aave-v3", include_str!("../../abis/aave-v3.json")),
    ("aave-v4", include_str!("../../abis/aave-v4.json")),
    ("account-abstraction", include_str!("../../abis/account-abstraction.json")),
    ("arbitrum", include_str!("../../abis/arbitrum.json")),
    ("balancer", include_str!("../../abis/balancer.json")),
    ("chainlink", include_str!("../../abis/chainlink.json")),
    ("compound-v3", include_str!("../../abis/compound-v3.json")),
    ("convex", include_str!("../../abis/convex.json")),
    ("curve", include_str!("../../abis/curve.json")),
    ("deposit", include_str!("../../abis/deposit.json")),
    ("eigenlayer", include_str!("../../abis/eigenlayer.json")),
    ("ens", include_str!("../../abis/ens.json")),
    ("erc20", include_str!("../../abis/erc20.json")),
    ("erc4626", include_str!("../../abis/erc4626.json")),
    ("erc721-1155", include_str!("../../abis/erc721-1155.json")),
    ("ethena", include_str!("../../abis/ethena.json")),
    ("etherfi", include_str!("../../abis/etherfi.json")),
    ("euler-v2", include_str!("../../abis/euler-v2.json")),
    ("fluid", include_str!("../../abis/fluid.json")),
    ("frax", include_str!("../../abis/frax.json")),
    ("lido", include_str!("../../abis/lido.json")),
    ("liquity-v1", include_str!("../../abis/liquity-v1.json")),
    ("liquity-v2", include_str!("../../abis/liquity-v2.json")),
    ("lst-other", include_str!("../../abis/lst-other.json")),
    ("morpho", include_str!("../../abis/morpho.json")),
    ("multicall3", include_str!("../../abis/multicall3.json")),
    ("op-stack", include_str!("../../abis/op-stack.json")),
    ("openzeppelin", include_str!("../../abis/openzeppelin.json")),
    ("openzeppelin-proxy", include_str!("../../abis/openzeppelin-proxy.json")),
    ("pendle", include_str!("../../abis/pendle.json")),
    ("permit2", include_str!("../../abis/permit2.json")),
    ("practice", include_str!("../../abis/practice.json")),
    ("proxy-diamond", include_str!("../../abis/proxy-diamond.json")),
    ("rocketpool", include_str!("../../abis/rocketpool.json")),
    ("safe", include_str!("../../abis/safe.json")),
    ("sky-maker", include_str!("../../abis/sky-maker.json")),
    ("spark", include_str!("../../abis/spark.json")),
    ("uniswap-v2", include_str!("../../abis/uniswap-v2.json")),
    ("uniswap-v3", include_str!("../../abis/uniswap-v3.json")),
    ("uniswap-v4", include_str!("../../abis/uniswap-v4.json")),
    ("weth", include_str!("../../abis/weth.json")),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::FILES;

    #[test]
    fn every_file_of_the_folder_is_bundled() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/abis");
        let names = std::fs::read_dir(folder).unwrap().flatten().map(|one| one.file_name());
        let there: BTreeSet<String> = names
            .filter_map(|name| name.to_string_lossy().strip_suffix(".json").map(str::to_owned))
            .collect();
        let bundled: BTreeSet<String> = FILES.iter().map(|(protocol, _)| (*protocol).to_owned()).collect();
        assert_eq!(there, bundled);
    }
}
