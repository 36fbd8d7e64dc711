//! A persistent Merkle Patricia trie: a copy shares all nodes, an update makes only those on its path anew.
//!
//! Keys are 32-byte hashes, so no key is a prefix of another and branches hold no value.

use std::sync::{Arc, OnceLock};

use alloy::primitives::{B256, Bytes, keccak256};
use alloy::rlp::{EMPTY_STRING_CODE, Encodable, Header};
use alloy_trie::nodes::{RlpNode, encode_path_leaf};
use alloy_trie::{EMPTY_ROOT_HASH, Nibbles};

/// What a leaf can hold.
pub(super) trait TrieValue: Clone {
    /// The leaf's bytes: the value in RLP.
    fn leaf_rlp(&self) -> Vec<u8>;
}

/// A trie from hashed keys to values. Cloning is cheap.
#[derive(Debug, Clone)]
pub(super) struct Trie<V> {
    root: Option<Link<V>>,
}

type Link<V> = Arc<Node<V>>;

#[derive(Debug)]
struct Node<V> {
    kind: Kind<V>,
    /// RLP of the node, made once.
    encoded: OnceLock<Bytes>,
}

#[derive(Debug)]
enum Kind<V> {
    Leaf { path: Nibbles, value: V },
    Extension { path: Nibbles, child: Link<V> },
    Branch { children: Vec<Option<Link<V>>> },
}

enum Removal<V> {
    Absent,
    Gone,
    Replaced(Link<V>),
}

impl<V> Default for Trie<V> {
    fn default() -> Self {
        Self { root: None }
    }
}

impl<V: TrieValue> Trie<V> {
    /// The value at `key`, if there is one.
    pub(super) fn get(&self, key: B256) -> Option<&V> {
        let mut rest = Nibbles::unpack(key);
        let mut node = self.root.as_ref()?;
        loop {
            match &node.kind {
                Kind::Leaf { path, value } => return (*path == rest).then_some(value),
                Kind::Extension { path, child } => {
                    if !rest.starts_with(path) {
                        return None;
                    }
                    rest = rest.slice(path.len()..);
                    node = child;
                }
                Kind::Branch { children } => {
                    node = children.get(first(&rest))?.as_ref()?;
                    rest = rest.slice(1..);
                }
            }
        }
    }

    /// Sets `key` to `value`.
    pub(super) fn insert(&mut self, key: B256, value: V) {
        self.root = Some(insert(self.root.as_ref(), Nibbles::unpack(key), value));
    }

    /// Removes `key`; nothing happens where it is absent.
    pub(super) fn remove(&mut self, key: B256) {
        let Some(root) = &self.root else { return };
        match remove(root, Nibbles::unpack(key)) {
            Removal::Absent => {}
            Removal::Gone => self.root = None,
            Removal::Replaced(node) => self.root = Some(node),
        }
    }

    /// The trie's root hash.
    pub(super) fn root(&self) -> B256 {
        self.root.as_ref().map_or(EMPTY_ROOT_HASH, |node| keccak256(node.encoded()))
    }

    /// The nodes from the root towards `key`, present or absent, as `eth_getProof` gives them: embedded nodes stay
    /// inside their parents, and an empty trie has no node.
    pub(super) fn prove(&self, key: B256) -> Vec<Bytes> {
        let mut proof = Vec::new();
        let mut rest = Nibbles::unpack(key);
        let mut next = self.root.as_ref();
        while let Some(node) = next {
            let encoded = node.encoded();
            if proof.is_empty() || encoded.len() >= B256::len_bytes() {
                proof.push(encoded.clone());
            }
            next = match &node.kind {
                Kind::Leaf { .. } => None,
                Kind::Extension { path, child } if rest.starts_with(path) => {
                    rest = rest.slice(path.len()..);
                    Some(child)
                }
                Kind::Extension { .. } => None,
                Kind::Branch { children } => {
                    let child = children.get(first(&rest)).and_then(Option::as_ref);
                    rest = rest.slice(1..);
                    child
                }
            };
        }
        proof
    }
}

impl<V: TrieValue> Node<V> {
    fn link(kind: Kind<V>) -> Link<V> {
        Arc::new(Self { kind, encoded: OnceLock::new() })
    }

    fn encoded(&self) -> &Bytes {
        self.encoded.get_or_init(|| {
            let payload = self.payload();
            let mut out = Vec::with_capacity(payload.len().saturating_add(4));
            Header { list: true, payload_length: payload.len() }.encode(&mut out);
            out.extend_from_slice(&payload);
            out.into()
        })
    }

    /// The node's items in RLP, without the list header.
    fn payload(&self) -> Vec<u8> {
        let mut payload = Vec::new();
        match &self.kind {
            Kind::Leaf { path, value } => {
                encode_path_leaf(path, true).as_slice().encode(&mut payload);
                value.leaf_rlp().as_slice().encode(&mut payload);
            }
            Kind::Extension { path, child } => {
                encode_path_leaf(path, false).as_slice().encode(&mut payload);
                payload.extend_from_slice(&child.reference());
            }
            Kind::Branch { children } => {
                for child in children {
                    let reference = child.as_ref().map(|child| child.reference());
                    payload.extend_from_slice(reference.as_deref().unwrap_or(&[EMPTY_STRING_CODE]));
                }
                payload.push(EMPTY_STRING_CODE);
            }
        }
        payload
    }

    /// What the parent holds: the hash, or the node itself where it is shorter.
    fn reference(&self) -> RlpNode {
        RlpNode::from_rlp(self.encoded())
    }
}

fn first(path: &Nibbles) -> usize {
    path.first().map_or(0, usize::from)
}

fn leaf<V: TrieValue>(path: Nibbles, value: V) -> Link<V> {
    Node::link(Kind::Leaf { path, value })
}

/// An extension over `child`, or `child` itself where nothing is left to extend.
fn extend<V: TrieValue>(path: Nibbles, child: Link<V>) -> Link<V> {
    if path.is_empty() { child } else { Node::link(Kind::Extension { path, child }) }
}

fn insert<V: TrieValue>(node: Option<&Link<V>>, path: Nibbles, value: V) -> Link<V> {
    let Some(node) = node else { return leaf(path, value) };
    match &node.kind {
        Kind::Leaf { path: own, .. } if *own == path => leaf(path, value),
        Kind::Leaf { path: own, value: old } => {
            let shared = own.common_prefix_length(&path);
            let sibling = leaf(own.slice(shared.saturating_add(1)..), old.clone());
            fork(shared, own, sibling, &path, value)
        }
        Kind::Extension { path: own, child } => {
            let shared = own.common_prefix_length(&path);
            if shared == own.len() {
                return extend(*own, insert(Some(child), path.slice(shared..), value));
            }
            let sibling = extend(own.slice(shared.saturating_add(1)..), child.clone());
            fork(shared, own, sibling, &path, value)
        }
        Kind::Branch { children } => {
            let mut children = children.clone();
            if let Some(slot) = children.get_mut(first(&path)) {
                *slot = Some(insert(slot.as_ref(), path.slice(1..), value));
            }
            Node::link(Kind::Branch { children })
        }
    }
}

/// A branch where `own` and `path` part after `shared` nibbles: `sibling` on the old side, a new leaf on the other.
fn fork<V: TrieValue>(shared: usize, own: &Nibbles, sibling: Link<V>, path: &Nibbles, value: V) -> Link<V> {
    let mut children = vec![None; 16];
    let after = shared.saturating_add(1);
    for (nibble, child) in [(own.get(shared), sibling), (path.get(shared), leaf(path.slice(after..), value))]
    {
        if let Some(slot) = children.get_mut(usize::from(nibble.unwrap_or_default())) {
            *slot = Some(child);
        }
    }
    extend(path.slice(..shared), Node::link(Kind::Branch { children }))
}

fn remove<V: TrieValue>(node: &Link<V>, path: Nibbles) -> Removal<V> {
    match &node.kind {
        Kind::Leaf { path: own, .. } => {
            if *own == path {
                Removal::Gone
            } else {
                Removal::Absent
            }
        }
        Kind::Extension { path: own, child } => {
            if !path.starts_with(own) {
                return Removal::Absent;
            }
            match remove(child, path.slice(own.len()..)) {
                Removal::Replaced(child) => Removal::Replaced(join(own, &child)),
                other => other,
            }
        }
        Kind::Branch { children } => {
            let Some(child) = children.get(first(&path)).and_then(Option::as_ref) else {
                return Removal::Absent;
            };
            let new = match remove(child, path.slice(1..)) {
                Removal::Absent => return Removal::Absent,
                Removal::Gone => None,
                Removal::Replaced(child) => Some(child),
            };
            let mut children = children.clone();
            if let Some(slot) = children.get_mut(first(&path)) {
                *slot = new;
            }
            Removal::Replaced(collapse(children))
        }
    }
}

/// A branch of these children, or what is left of it where only one child remains.
fn collapse<V: TrieValue>(children: Vec<Option<Link<V>>>) -> Link<V> {
    let mut left = (0u8..).zip(&children).filter_map(|(nibble, child)| Some((nibble, child.as_ref()?)));
    if let (Some((nibble, child)), None) = (left.next(), left.next()) {
        return join(&Nibbles::from_nibbles([nibble]), child);
    }
    Node::link(Kind::Branch { children })
}

/// `child` moved up under `prefix`, merged with its own path where it has one.
fn join<V: TrieValue>(prefix: &Nibbles, child: &Link<V>) -> Link<V> {
    match &child.kind {
        Kind::Leaf { path, value } => leaf(prefix.join(path), value.clone()),
        Kind::Extension { path, child } => extend(prefix.join(path), child.clone()),
        Kind::Branch { .. } => extend(*prefix, child.clone()),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use alloy::primitives::U256;
    use alloy_trie::proof::verify_proof;
    use alloy_trie::root::storage_root;

    use super::*;

    fn key(n: u64) -> B256 {
        keccak256(n.to_be_bytes())
    }

    #[test]
    fn roots_and_proofs_agree_with_alloy_through_inserts_and_removals() {
        let mut rng = fastrand::Rng::with_seed(7);
        let mut trie = Trie::<U256>::default();
        let mut model = BTreeMap::new();
        for step in 0..600u64 {
            let at = key(rng.u64(0..120));
            if rng.u64(0..3) == 0 {
                trie.remove(at);
                model.remove(&at);
            } else {
                let value = U256::from(rng.u64(1..3)) << rng.usize(0..250);
                trie.insert(at, value);
                model.insert(at, value);
            }
            assert_eq!(trie.root(), storage_root(model.clone()), "step {step}");
            let asked = key(rng.u64(0..140));
            assert_eq!(trie.get(asked), model.get(&asked));
            let expected = model.get(&asked).map(alloy::rlp::encode);
            verify_proof(trie.root(), Nibbles::unpack(asked), expected, &trie.prove(asked)).unwrap();
        }
    }

    #[test]
    fn short_shared_prefixes_embed_nodes_and_still_prove() {
        // Keys that differ only in the last nibble: leaves are shorter than 32 bytes and live inside the branch.
        let mut trie = Trie::<U256>::default();
        let mut model = BTreeMap::new();
        for last in 0..5u8 {
            let at = B256::with_last_byte(last);
            trie.insert(at, U256::from(last + 1));
            model.insert(at, U256::from(last + 1));
        }
        assert_eq!(trie.root(), storage_root(model));
        let asked = B256::with_last_byte(3);
        let proof = trie.prove(asked);
        verify_proof(trie.root(), Nibbles::unpack(asked), Some(alloy::rlp::encode(U256::from(4))), &proof)
            .unwrap();
        let snapshot = trie.clone();
        trie.remove(asked);
        assert_ne!(snapshot.root(), trie.root());
        assert_eq!(snapshot.get(asked), Some(&U256::from(4)));
        verify_proof(trie.root(), Nibbles::unpack(asked), None, &trie.prove(asked)).unwrap();
    }
}
