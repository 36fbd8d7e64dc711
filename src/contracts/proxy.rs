//! Whether a contract is a proxy, and whose code really runs: from its code and a few storage slots.
//!
//! Pure: it names the slots to read, someone else reads them with proofs, and it judges what they hold.

use std::collections::BTreeMap;

use alloy::primitives::{Address, B256, Selector, U256, b256, hex};
use serde::Serialize;

use super::code_walk::{DELEGATECALL, instructions, selectors_in_code};

/// `implementation()`, asked of a beacon to learn the code behind a beacon proxy.
pub const BEACON_IMPLEMENTATION: Selector = Selector::new(hex!("5c60da1b"));

/// Longest code of the Safe's proxies; those seen have 171 bytes or fewer.
const SAFE_PROXY_MAX: usize = 320;
/// `masterCopy()`, which the Safe's proxies answer themselves.
const MASTER_COPY: [u8; 4] = hex!("a619486e");
/// keccak256("diamond.standard.diamond.storage").
const DIAMOND_STORAGE: B256 = b256!("c8fcad8db84d3cc18b4c41d551ea0ee66dd599cde068d998e57d5e09332c131c");
/// `facets()`, `facetAddress(bytes4)`, `diamondCut(...)` of ERC-2535.
const DIAMOND: [Selector; 3] =
    [Selector::new(hex!("7a0ed627")), Selector::new(hex!("cdffacc6")), Selector::new(hex!("1f931c1c"))];

/// A storage slot that tells whether a contract is a proxy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProxySlot {
    /// EIP-1967, the implementation.
    Eip1967Implementation,
    /// EIP-1967, who may change it.
    Eip1967Admin,
    /// EIP-1967, the beacon that names the implementation.
    Eip1967Beacon,
    /// EIP-1822, the implementation.
    Eip1822Implementation,
    /// OpenZeppelin before EIP-1967 (USDC), the implementation.
    LegacyImplementation,
    /// OpenZeppelin before EIP-1967, who may change it.
    LegacyAdmin,
    /// Slot 0 of a Safe's proxy: the singleton.
    SafeSingleton,
}

impl ProxySlot {
    /// Its place in the storage of the contract.
    #[must_use]
    pub fn slot(self) -> B256 {
        match self {
            Self::Eip1967Implementation => {
                b256!("360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc")
            }
            Self::Eip1967Admin => b256!("b53127684a568b3173ae13b9f8a6016e243e63b6e8ee1178d6a717850b5d6103"),
            Self::Eip1967Beacon => b256!("a3f0ad74e5423aebfd80d3ef4346578335a9a72aeaee59ff6cb3582b35133d50"),
            Self::Eip1822Implementation => {
                b256!("c5f16f0fcc639fa48a6947836d9850f504798523bf8c9a3a87d5876cf622bcf7")
            }
            Self::LegacyImplementation => {
                b256!("7050c9e0f4ca769c69bd3a8ef740bc37934f8e2c036e5a723fd8ee048ed3f8c3")
            }
            Self::LegacyAdmin => b256!("10d6a54a4754c8869d6886b5f5d7fbfa5b4522237ea5c60d11bc4e7a1ff9390b"),
            Self::SafeSingleton => B256::ZERO,
        }
    }
}

/// What a contract is, seen from its code and slots.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum ProxyKind {
    /// No code: an account of a person, or nothing.
    NoCode,
    /// Its own code runs, as far as known.
    NotAProxy,
    /// EIP-7702: an account of a person that runs this contract's code.
    Eip7702 {
        /// Whose code runs.
        delegate: Address,
    },
    /// EIP-1167 and its shorter kin: the target is fixed in the code.
    Minimal {
        /// Whose code runs.
        implementation: Address,
    },
    /// EIP-1967.
    Eip1967 {
        /// Whose code runs.
        implementation: Address,
        /// Who may change it, where the contract keeps that in the standard slot.
        admin: Option<Address>,
    },
    /// EIP-1967 with a beacon: ask the beacon ([`BEACON_IMPLEMENTATION`]) whose code runs.
    Beacon {
        /// The contract that names the implementation.
        beacon: Address,
    },
    /// EIP-1822.
    Eip1822 {
        /// Whose code runs.
        implementation: Address,
    },
    /// OpenZeppelin before EIP-1967.
    LegacyOpenZeppelin {
        /// Whose code runs.
        implementation: Address,
        /// Who may change it.
        admin: Option<Address>,
    },
    /// The proxy of a Safe.
    Safe {
        /// Whose code runs.
        singleton: Address,
    },
    /// ERC-2535, by signs in its code: each function may run the code of another contract.
    Diamond,
}

impl ProxyKind {
    /// Whose code runs, where that is one known contract.
    #[must_use]
    pub fn implementation(&self) -> Option<Address> {
        match *self {
            Self::Eip7702 { delegate: target }
            | Self::Minimal { implementation: target }
            | Self::Eip1967 { implementation: target, .. }
            | Self::Eip1822 { implementation: target }
            | Self::LegacyOpenZeppelin { implementation: target, .. }
            | Self::Safe { singleton: target } => Some(target),
            Self::NoCode | Self::NotAProxy | Self::Beacon { .. } | Self::Diamond => None,
        }
    }
}

/// The slots to read before [`classify_proxy`] can judge; none where the code alone decides.
#[must_use]
pub fn proxy_slots_to_read(code: &[u8]) -> Vec<ProxySlot> {
    if code.is_empty() || delegation(code).is_some() || minimal(code).is_some() || !delegates(code) {
        return Vec::new();
    }
    let mut slots = vec![
        ProxySlot::Eip1967Implementation,
        ProxySlot::Eip1967Admin,
        ProxySlot::Eip1967Beacon,
        ProxySlot::Eip1822Implementation,
        ProxySlot::LegacyImplementation,
        ProxySlot::LegacyAdmin,
    ];
    // Slot 0 of any other contract holds anything, often the address of an owner.
    if is_safe_proxy(code) {
        slots.push(ProxySlot::SafeSingleton);
    }
    slots
}

/// Judges a contract by its code and the values of [`proxy_slots_to_read`]. A slot that is not given counts as zero.
#[must_use]
pub fn classify_proxy(code: &[u8], slots: &BTreeMap<ProxySlot, U256>) -> ProxyKind {
    if code.is_empty() {
        return ProxyKind::NoCode;
    }
    if let Some(delegate) = delegation(code) {
        return ProxyKind::Eip7702 { delegate };
    }
    if let Some(implementation) = minimal(code) {
        return ProxyKind::Minimal { implementation };
    }
    if !delegates(code) {
        return ProxyKind::NotAProxy;
    }
    let at = |slot| slots.get(&slot).copied().and_then(address_in);
    if let Some(implementation) = at(ProxySlot::Eip1967Implementation) {
        return ProxyKind::Eip1967 { implementation, admin: at(ProxySlot::Eip1967Admin) };
    }
    if let Some(beacon) = at(ProxySlot::Eip1967Beacon) {
        return ProxyKind::Beacon { beacon };
    }
    if let Some(implementation) = at(ProxySlot::Eip1822Implementation) {
        return ProxyKind::Eip1822 { implementation };
    }
    if let Some(implementation) = at(ProxySlot::LegacyImplementation) {
        return ProxyKind::LegacyOpenZeppelin { implementation, admin: at(ProxySlot::LegacyAdmin) };
    }
    if let Some(singleton) = at(ProxySlot::SafeSingleton).filter(|_| is_safe_proxy(code)) {
        return ProxyKind::Safe { singleton };
    }
    if is_diamond(code) { ProxyKind::Diamond } else { ProxyKind::NotAProxy }
}

/// An address in a word: the upper twelve bytes must be clean, and it is not zero.
fn address_in(word: U256) -> Option<Address> {
    let fits = !word.is_zero() && word.bit_len() <= 160;
    fits.then(|| Address::from_word(B256::from(word.to_be_bytes::<32>())))
}

/// EIP-7702: exactly `0xef0100` and an address. A cleared delegation leaves no code at all.
fn delegation(code: &[u8]) -> Option<Address> {
    let address: &[u8; 20] = code.strip_prefix(&hex!("ef0100"))?.try_into().ok()?;
    Some(Address::from(*address))
}

/// Minimal proxies with a full address; what follows the code is data of the clone ("immutable arguments").
const CLONES: [(&[u8], &[u8]); 5] = [
    (&hex!("363d3d373d3d3d363d73"), &hex!("5af43d82803e903d91602b57fd5bf3")), // EIP-1167
    (&hex!("3d3d3d3d363d3d37363d73"), &hex!("5af43d3d93803e602a57fd5bf3")),   // the 0age variant
    (&hex!("5f5f365f5f37365f73"), &hex!("5af43d5f5f3e6029573d5ffd5b3d5ff3")), // with PUSH0, Solady
    (&hex!("365f5f375f5f365f73"), &hex!("5af43d5f5f3e5f3d91602a57fd5bf3")),   // with PUSH0, ERC-7511
    // `create_forwarder_to` of Vyper before 0.2.9: Curve's first factory pools.
    (&hex!("366000600037611000600036600073"), &hex!("5af4602c57600080fd5b6110006000f3")),
];

fn minimal(code: &[u8]) -> Option<Address> {
    let full = CLONES.iter().find_map(|(prefix, suffix)| {
        let (address, after) = code.strip_prefix(*prefix)?.split_first_chunk::<20>()?;
        after.starts_with(suffix).then(|| Address::from(*address))
    });
    full.or_else(|| vanity(code))
}

/// EIP-1167 for an address with leading zero bytes: a shorter PUSH, and a jump that lands earlier.
fn vanity(code: &[u8]) -> Option<Address> {
    let (push, rest) = code.strip_prefix(&hex!("363d3d373d3d3d363d"))?.split_first()?;
    let width = usize::from(push.checked_sub(0x5f)?);
    let left_out = 20_usize.checked_sub(width).filter(|bytes| (1..20).contains(bytes))?;
    let (low, tail) = rest.split_at_checked(width)?;
    let (jump, tail) = tail.strip_prefix(&hex!("5af43d82803e903d9160"))?.split_first()?;
    let lands = 0x2b_usize.checked_sub(left_out)? == usize::from(*jump);
    (lands && tail.starts_with(&hex!("57fd5bf3"))).then(|| Address::left_padding_from(low))
}

fn delegates(code: &[u8]) -> bool {
    instructions(code).any(|one| one.opcode == DELEGATECALL)
}

fn is_safe_proxy(code: &[u8]) -> bool {
    code.len() <= SAFE_PROXY_MAX
        && instructions(code)
            .any(|one| one.pushed.strip_prefix(&MASTER_COPY).is_some_and(|rest| rest.iter().all(|b| *b == 0)))
}

fn is_diamond(code: &[u8]) -> bool {
    let storage = || instructions(code).any(|one| one.pushed == DIAMOND_STORAGE.as_slice());
    storage() || selectors_in_code(code).iter().any(|one| DIAMOND.contains(one))
}

#[cfg(test)]
mod tests {
    use alloy::primitives::{address, keccak256};
    use proptest::prelude::*;

    use super::*;

    const TARGET: Address = address!("bebebebebebebebebebebebebebebebebebebebe");
    /// OpenZeppelin 5.4.0, `ERC1967Proxy`, `deployedBytecode` (MIT).
    const ERC1967_PROXY: [u8; 163] = hex!(
        "6080604052600a600c565b005b60186014601a565b6050565b565b5f604b7f360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc546001600160a01b031690565b905090565b365f5f375f5f365f845af43d5f5f3e8080156069573d5ff35b3d5ffdfea264697066735822122023d00a10d61ae41686f714f0e97344848b3227e238c22c1e24cd7f858228f98864736f6c634300081b0033"
    );

    fn kind(code: &[u8], slots: &[(ProxySlot, U256)]) -> ProxyKind {
        classify_proxy(code, &slots.iter().copied().collect())
    }

    fn word(address: Address) -> U256 {
        U256::from_be_bytes(address.into_word().0)
    }

    #[test]
    fn slots_stand_where_the_standards_put_them() {
        let minus_one = |text: &str| {
            B256::from((U256::from_be_bytes(keccak256(text).0) - U256::from(1)).to_be_bytes::<32>())
        };
        assert_eq!(ProxySlot::Eip1967Implementation.slot(), minus_one("eip1967.proxy.implementation"));
        assert_eq!(ProxySlot::Eip1967Admin.slot(), minus_one("eip1967.proxy.admin"));
        assert_eq!(ProxySlot::Eip1967Beacon.slot(), minus_one("eip1967.proxy.beacon"));
        assert_eq!(ProxySlot::Eip1822Implementation.slot(), keccak256("PROXIABLE"));
        assert_eq!(ProxySlot::LegacyImplementation.slot(), keccak256("org.zeppelinos.proxy.implementation"));
        assert_eq!(ProxySlot::LegacyAdmin.slot(), keccak256("org.zeppelinos.proxy.admin"));
        assert_eq!(DIAMOND_STORAGE, keccak256("diamond.standard.diamond.storage"));
        assert_eq!(BEACON_IMPLEMENTATION[..], keccak256("implementation()")[..4]);
        assert_eq!(MASTER_COPY[..], keccak256("masterCopy()")[..4]);
        let cut = "diamondCut((address,uint8,bytes4[])[],address,bytes)";
        for (selector, signature) in DIAMOND.iter().zip(["facets()", "facetAddress(bytes4)", cut]) {
            assert_eq!(selector[..], keccak256(signature)[..4], "{signature}");
        }
    }

    #[test]
    fn clones_carry_their_target_in_the_code() {
        for code in [
            // The example of EIP-1167, the 0age variant, Solady with PUSH0, the example of ERC-7511.
            &hex!(
                "363d3d373d3d3d363d73bebebebebebebebebebebebebebebebebebebebe5af43d82803e903d91602b57fd5bf3"
            )[..],
            &hex!("3d3d3d3d363d3d37363d73bebebebebebebebebebebebebebebebebebebebe5af43d3d93803e602a57fd5bf3"),
            &hex!(
                "5f5f365f5f37365f73bebebebebebebebebebebebebebebebebebebebe5af43d5f5f3e6029573d5ffd5b3d5ff3"
            ),
            &hex!("365f5f375f5f365f73bebebebebebebebebebebebebebebebebebebebe5af43d5f5f3e5f3d91602a57fd5bf3"),
            &hex!(
                "366000600037611000600036600073bebebebebebebebebebebebebebebebebebebebe5af4602c57600080fd5b6110006000f3"
            ),
        ] {
            assert_eq!(kind(code, &[]), ProxyKind::Minimal { implementation: TARGET });
            assert_eq!(kind(&[code, b"arguments"].concat(), &[]).implementation(), Some(TARGET));
            assert_eq!(kind(&code[..code.len() - 1], &[]), ProxyKind::NotAProxy);
            assert!(proxy_slots_to_read(code).is_empty());
        }
        // The vanity example of EIP-1167: four zero bytes are left out.
        let vanity =
            hex!("363d3d373d3d3d363d6fbebebebebebebebebebebebebebebebe5af43d82803e903d91602757fd5bf3");
        let short = address!("00000000bebebebebebebebebebebebebebebebe");
        assert_eq!(kind(&vanity, &[]), ProxyKind::Minimal { implementation: short });
        let mut wrong_jump = vanity;
        wrong_jump[36] = 0x2b;
        assert_eq!(kind(&wrong_jump, &[]), ProxyKind::NotAProxy);
    }

    #[test]
    fn an_account_that_delegates_is_exactly_23_bytes() {
        let code = hex!("ef0100bebebebebebebebebebebebebebebebebebebebe");
        assert_eq!(kind(&code, &[]), ProxyKind::Eip7702 { delegate: TARGET });
        assert_eq!(kind(&[&code[..], &[0]].concat(), &[]), ProxyKind::NotAProxy);
        assert_eq!(kind(&[], &[]), ProxyKind::NoCode);
    }

    #[test]
    fn slots_decide_for_proxies_with_storage() {
        let admin = Address::repeat_byte(0xaa);
        assert_eq!(proxy_slots_to_read(&ERC1967_PROXY).len(), 6);
        let on = |slot, address| {
            kind(&ERC1967_PROXY, &[(slot, word(address)), (ProxySlot::Eip1967Admin, word(admin))])
        };
        assert_eq!(
            on(ProxySlot::Eip1967Implementation, TARGET),
            ProxyKind::Eip1967 { implementation: TARGET, admin: Some(admin) }
        );
        assert_eq!(on(ProxySlot::Eip1967Beacon, TARGET), ProxyKind::Beacon { beacon: TARGET });
        assert_eq!(on(ProxySlot::Eip1967Beacon, TARGET).implementation(), None);
        assert_eq!(
            on(ProxySlot::Eip1822Implementation, TARGET),
            ProxyKind::Eip1822 { implementation: TARGET }
        );
        assert_eq!(
            on(ProxySlot::LegacyImplementation, TARGET),
            ProxyKind::LegacyOpenZeppelin { implementation: TARGET, admin: None }
        );
        // Nothing in the slots, or what is no address.
        assert_eq!(kind(&ERC1967_PROXY, &[]), ProxyKind::NotAProxy);
        assert_eq!(
            kind(&ERC1967_PROXY, &[(ProxySlot::Eip1967Implementation, U256::MAX)]),
            ProxyKind::NotAProxy
        );
        // Slot 0 counts only for the Safe's own proxy.
        assert_eq!(on(ProxySlot::SafeSingleton, TARGET), ProxyKind::NotAProxy);
        // A full slot without an instruction that could use it.
        let plain = hex!("6080604052600080fd");
        assert_eq!(kind(&plain, &[(ProxySlot::Eip1967Implementation, word(TARGET))]), ProxyKind::NotAProxy);
        assert!(proxy_slots_to_read(&plain).is_empty());
    }

    #[test]
    fn safes_and_diamonds_have_signs_in_their_code() {
        // SLOAD of slot 0, a comparison with masterCopy(), DELEGATECALL.
        let mut safe = hex!("600054").to_vec();
        safe.push(0x7f);
        safe.extend(MASTER_COPY);
        safe.extend([0; 28]);
        safe.extend(hex!("60003514156050575af4"));
        assert!(proxy_slots_to_read(&safe).contains(&ProxySlot::SafeSingleton));
        assert_eq!(
            kind(&safe, &[(ProxySlot::SafeSingleton, word(TARGET))]),
            ProxyKind::Safe { singleton: TARGET }
        );
        let by_storage = [&[0x7f][..], DIAMOND_STORAGE.as_slice(), &[DELEGATECALL]].concat();
        assert_eq!(kind(&by_storage, &[]), ProxyKind::Diamond);
        let by_loupe = hex!("80637a0ed62714f4");
        assert_eq!(kind(&by_loupe, &[]), ProxyKind::Diamond);
    }

    proptest! {
        #[test]
        fn any_code_and_slots_are_judged(
            start in 0..4_usize,
            code in proptest::collection::vec(any::<u8>(), 0..120),
            value in any::<[u8; 32]>(),
        ) {
            let starts: [&[u8]; 4] = [&[], &hex!("ef0100"), &hex!("363d3d373d3d3d363d"), &hex!("f4")];
            let code = [starts[start], &code].concat();
            let slots = proxy_slots_to_read(&code).into_iter().map(|slot| (slot, U256::from_be_bytes(value))).collect();
            let _kind = classify_proxy(&code, &slots);
        }
    }
}
