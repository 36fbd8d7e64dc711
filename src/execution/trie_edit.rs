//! The root that a trie would have with other values, computed from the nodes that prove the old ones.
//!
//! A proof of every value that changes shows all of the trie that the change touches, but for one case: where a value goes
//! and leaves its branch with a single child, that child is drawn into the node above it, and a proof need not show what
//! the child is. The root is then not known ([`Blind`]).

use std::collections::HashMap;

use alloy::primitives::{B256, Bytes, keccak256};
use alloy::rlp::{BufMut as _, Encodable as _, Header};
use alloy_trie::EMPTY_ROOT_HASH;

use super::trie::{Piece, piece};

/// Nodes by their hash. Whoever looks one up has its hash from a proven node above it.
#[derive(Debug, Clone, Default)]
pub struct TrieNodes(HashMap<B256, Bytes>);

impl TrieNodes {
    /// Takes nodes, in any order.
    pub fn add<'a>(&mut self, nodes: impl IntoIterator<Item = &'a Bytes>) {
        self.0.extend(nodes.into_iter().map(|node| (keccak256(node), node.clone())));
    }
}

/// A node that would have to be known is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Blind;

/// A trie as far as it is known.
#[derive(Debug, Clone)]
enum Node {
    Empty,
    /// Not looked at: the reference that its parent has of it, a hash or the node itself.
    Unread(Vec<u8>),
    Leaf(Vec<u8>, Vec<u8>),
    Extension(Vec<u8>, Box<Node>),
    Branch(Box<[Node; 16]>),
}

/// A trie whose keys are hashed.
#[derive(Debug)]
pub(super) struct Trie<'a> {
    nodes: &'a TrieNodes,
    root: Node,
    /// A change could not be made: what is left is no trie of anything.
    broken: bool,
}

impl<'a> Trie<'a> {
    /// The trie under a root, of which these nodes are known.
    pub(super) fn new(root: B256, nodes: &'a TrieNodes) -> Self {
        let root = if root == EMPTY_ROOT_HASH { Node::Empty } else { Node::Unread(reference(root)) };
        Self { nodes, root, broken: false }
    }

    /// Puts a value under `keccak256(key)`, or takes away the one that is there. After a failure every later change fails.
    pub(super) fn set(&mut self, key: &[u8], value: Option<Vec<u8>>) -> Result<(), Blind> {
        let path: Vec<u8> = keccak256(key).iter().flat_map(|byte| [byte >> 4, byte & 15]).collect();
        if std::mem::replace(&mut self.broken, true) {
            return Err(Blind);
        }
        let root = std::mem::replace(&mut self.root, Node::Empty);
        self.root = match value {
            Some(value) => self.put(root, &path, value)?,
            None => self.take(root, &path)?,
        };
        self.broken = false;
        Ok(())
    }

    /// Its root.
    pub(super) fn root(&self) -> B256 {
        match &self.root {
            Node::Empty => EMPTY_ROOT_HASH,
            Node::Unread(reference) => match reference.split_first() {
                Some((0xa0, hash)) => B256::try_from(hash).unwrap_or_default(),
                _ => keccak256(reference),
            },
            node => keccak256(encode(node)),
        }
    }

    fn read(&self, node: Node) -> Result<Node, Blind> {
        let Node::Unread(reference) = node else { return Ok(node) };
        let known;
        let raw: &[u8] = match reference.split_first() {
            Some((0xa0, hash)) if hash.len() == 32 => {
                known = self.nodes.0.get(&B256::try_from(hash).map_err(|_length| Blind)?).ok_or(Blind)?;
                known
            }
            _ => &reference,
        };
        Ok(match piece(raw).map_err(|_bad| Blind)? {
            Piece::Leaf { path, value } => Node::Leaf(path, value.to_vec()),
            Piece::Extension { path, child } => Node::Extension(path, Box::new(Node::Unread(child.to_vec()))),
            Piece::Branch(children) => {
                let child = |raw: &&[u8]| match raw {
                    [0x80] => Node::Empty,
                    raw => Node::Unread(raw.to_vec()),
                };
                let all: Vec<Node> = children.iter().map(child).collect();
                Node::Branch(Box::new(<[Node; 16]>::try_from(all).map_err(|_count| Blind)?))
            }
        })
    }

    fn put(&self, node: Node, path: &[u8], value: Vec<u8>) -> Result<Node, Blind> {
        match self.read(node)? {
            Node::Empty | Node::Unread(_) => Ok(Node::Leaf(path.to_vec(), value)),
            Node::Leaf(own, _) if own == path => Ok(Node::Leaf(own, value)),
            Node::Leaf(own, held) => {
                let shared = common(&own, path);
                let mut branch = no_children();
                place(&mut branch, &own, shared, |rest| Node::Leaf(rest, held))?;
                place(&mut branch, path, shared, |rest| Node::Leaf(rest, value))?;
                Ok(below(&own, shared, Node::Branch(branch)))
            }
            Node::Extension(own, child) => {
                let shared = common(&own, path);
                if shared == own.len() {
                    let rest = path.get(shared..).ok_or(Blind)?;
                    return Ok(Node::Extension(own, Box::new(self.put(*child, rest, value)?)));
                }
                let mut branch = no_children();
                place(&mut branch, &own, shared, |rest| {
                    if rest.is_empty() { *child } else { Node::Extension(rest, child) }
                })?;
                place(&mut branch, path, shared, |rest| Node::Leaf(rest, value))?;
                Ok(below(&own, shared, Node::Branch(branch)))
            }
            Node::Branch(mut children) => {
                let (nibble, rest) = path.split_first().ok_or(Blind)?;
                let child = children.get_mut(usize::from(*nibble)).ok_or(Blind)?;
                *child = self.put(std::mem::replace(child, Node::Empty), rest, value)?;
                Ok(Node::Branch(children))
            }
        }
    }

    fn take(&self, node: Node, path: &[u8]) -> Result<Node, Blind> {
        match self.read(node)? {
            Node::Leaf(own, _) if own == path => Ok(Node::Empty),
            Node::Extension(own, child) if path.starts_with(&own) => {
                let rest = path.get(own.len()..).ok_or(Blind)?;
                self.joined(own, self.take(*child, rest)?)
            }
            Node::Branch(mut children) => {
                let (nibble, rest) = path.split_first().ok_or(Blind)?;
                let child = children.get_mut(usize::from(*nibble)).ok_or(Blind)?;
                *child = self.take(std::mem::replace(child, Node::Empty), rest)?;
                self.narrowed(children)
            }
            other => Ok(other), // it is not there
        }
    }

    /// A branch that may have lost a child: with one left it is no branch any more.
    fn narrowed(&self, mut children: Box<[Node; 16]>) -> Result<Node, Blind> {
        let mut left = children.iter().zip(0_u8..).filter(|(child, _)| !matches!(child, Node::Empty));
        let only = match (left.next(), left.next()) {
            (None, _) => return Ok(Node::Empty),
            (Some((_, nibble)), None) => nibble,
            _ => return Ok(Node::Branch(children)),
        };
        let child = children.get_mut(usize::from(only)).ok_or(Blind)?;
        self.joined(vec![only], std::mem::replace(child, Node::Empty))
    }

    /// A path and what lies below it as one node.
    fn joined(&self, mut path: Vec<u8>, child: Node) -> Result<Node, Blind> {
        Ok(match self.read(child)? {
            Node::Leaf(rest, value) => {
                path.extend(rest);
                Node::Leaf(path, value)
            }
            Node::Extension(rest, child) => {
                path.extend(rest);
                Node::Extension(path, child)
            }
            Node::Empty => Node::Empty,
            other => Node::Extension(path, Box::new(other)),
        })
    }
}

fn no_children() -> Box<[Node; 16]> {
    Box::new(std::array::from_fn(|_| Node::Empty))
}

/// Puts what `make` makes of the rest of a path below the nibble after its first `shared` ones.
fn place(
    branch: &mut [Node; 16],
    path: &[u8],
    shared: usize,
    make: impl FnOnce(Vec<u8>) -> Node,
) -> Result<(), Blind> {
    let (nibble, rest) = path.get(shared..).and_then(<[u8]>::split_first).ok_or(Blind)?;
    *branch.get_mut(usize::from(*nibble)).ok_or(Blind)? = make(rest.to_vec());
    Ok(())
}

fn below(path: &[u8], shared: usize, node: Node) -> Node {
    match path.get(..shared) {
        Some(path) if !path.is_empty() => Node::Extension(path.to_vec(), Box::new(node)),
        _ => node,
    }
}

fn common(a: &[u8], b: &[u8]) -> usize {
    a.iter().zip(b).take_while(|(a, b)| a == b).count()
}

fn reference(hash: B256) -> Vec<u8> {
    [&[0xa0], hash.as_slice()].concat()
}

/// What a parent holds of a node: itself where it is short, else its hash.
fn short(node: &Node) -> Vec<u8> {
    match node {
        Node::Empty => vec![0x80],
        Node::Unread(reference) => reference.clone(),
        node => {
            let raw = encode(node);
            if raw.len() < 32 { raw } else { reference(keccak256(raw)) }
        }
    }
}

/// RLP of a node that is known.
fn encode(node: &Node) -> Vec<u8> {
    match node {
        Node::Empty => vec![0x80],
        Node::Unread(reference) => reference.clone(),
        Node::Leaf(path, value) => {
            let mut payload = Vec::new();
            compact(path, true).as_slice().encode(&mut payload);
            value.as_slice().encode(&mut payload);
            list(&payload)
        }
        Node::Extension(path, child) => {
            let mut payload = Vec::new();
            compact(path, false).as_slice().encode(&mut payload);
            payload.extend(short(child));
            list(&payload)
        }
        Node::Branch(children) => {
            let mut payload: Vec<u8> = children.iter().flat_map(short).collect();
            payload.put_u8(0x80); // no key ends in a branch
            list(&payload)
        }
    }
}

fn list(payload: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(payload.len().saturating_add(4));
    Header { list: true, payload_length: payload.len() }.encode(&mut out);
    out.extend_from_slice(payload);
    out
}

/// Hex-prefix encoding.
fn compact(path: &[u8], is_leaf: bool) -> Vec<u8> {
    let flag = if is_leaf { 0x20 } else { 0 };
    let (first, rest) = match path.split_first() {
        Some((nibble, rest)) if path.len() % 2 == 1 => (flag | 0x10 | nibble, rest),
        _ => (flag, path),
    };
    let pairs = rest.chunks(2).map(|pair| pair.iter().fold(0_u8, |byte, nibble| byte << 4 | nibble));
    std::iter::once(first).chain(pairs).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use alloy::primitives::hex;
    use alloy_trie::proof::ProofRetainer;
    use alloy_trie::{HashBuilder, Nibbles};
    use proptest::prelude::*;

    use super::*;

    type Values = BTreeMap<u16, Vec<u8>>;

    /// Root of a whole trie, and the nodes that prove `shown`.
    fn whole(values: &Values, shown: &[u16]) -> (B256, TrieNodes) {
        let path = |key: &u16| Nibbles::unpack(keccak256(key.to_be_bytes()));
        let retainer = ProofRetainer::new(shown.iter().map(path).collect());
        let mut builder = HashBuilder::default().with_proof_retainer(retainer);
        let sorted: BTreeMap<_, _> = values.iter().map(|(key, value)| (path(key), value)).collect();
        for (path, value) in sorted {
            builder.add_leaf(path, value);
        }
        let root = builder.root();
        let mut nodes = TrieNodes::default();
        let proof = builder.take_proof_nodes().into_inner();
        nodes.add(proof.values());
        (root, nodes)
    }

    fn values() -> impl Strategy<Value = Values> {
        // Short values are embedded in their parents, long ones are not.
        let value =
            prop_oneof![prop::collection::vec(1_u8.., 1..3), prop::collection::vec(any::<u8>(), 33..40)];
        prop::collection::btree_map(0_u16..400, value, 0..60)
    }

    proptest! {
        #[test]
        fn the_new_root_is_that_of_the_new_trie(
            old in values(),
            changes in prop::collection::btree_map(0_u16..400, prop::option::of(prop::collection::vec(1_u8.., 1..40)), 1..8),
        ) {
            let mut new = old.clone();
            for (key, change) in &changes {
                match change {
                    Some(value) => drop(new.insert(*key, value.clone())),
                    None => drop(new.remove(key)),
                }
            }
            let shown: Vec<u16> = changes.keys().copied().collect();
            let (root, nodes) = whole(&old, &shown);
            let mut trie = Trie::new(root, &nodes);
            prop_assert_eq!(trie.root(), root);
            let set = changes.iter().try_for_each(|(key, change)| trie.set(&key.to_be_bytes(), change.clone()));
            let (expected, _) = whole(&new, &[]);
            match set {
                Ok(()) => prop_assert_eq!(trie.root(), expected),
                // Only where something went can a node be missing.
                Err(Blind) => prop_assert!(changes.values().any(Option::is_none)),
            }
            // With the whole trie shown nothing is missing.
            let all: Vec<u16> = (0..400).collect();
            let (root, nodes) = whole(&old, &all);
            let mut trie = Trie::new(root, &nodes);
            for (key, change) in &changes {
                prop_assert_eq!(trie.set(&key.to_be_bytes(), change.clone()), Ok(()));
            }
            prop_assert_eq!(trie.root(), expected);
        }

        #[test]
        fn nodes_that_are_none_are_refused(raw in prop::collection::vec(any::<u8>(), 0..80), key in any::<u16>()) {
            let mut nodes = TrieNodes::default();
            nodes.add([&Bytes::from(raw.clone())]);
            let mut trie = Trie::new(keccak256(&raw), &nodes);
            for value in [Some(vec![1]), None] {
                let set = trie.set(&key.to_be_bytes(), value);
                prop_assert!(set.is_err() || piece(&raw).is_ok());
            }
        }
    }

    #[test]
    fn a_single_child_that_no_proof_shows_leaves_the_root_unknown() {
        // The keccak of these two keys differ in their first nibble: a branch with two children.
        let (a, b) = (1_u16, 2_u16);
        assert_ne!(keccak256(a.to_be_bytes())[0] >> 4, keccak256(b.to_be_bytes())[0] >> 4);
        let values = Values::from([(a, vec![7; 40]), (b, vec![8; 40])]);
        let (root, nodes) = whole(&values, &[a]);
        assert_eq!(Trie::new(root, &nodes).set(&a.to_be_bytes(), None), Err(Blind));
        let (root, nodes) = whole(&values, &[a, b]);
        let mut trie = Trie::new(root, &nodes);
        trie.set(&a.to_be_bytes(), None).unwrap();
        assert_eq!(trie.root(), whole(&Values::from([(b, vec![8; 40])]), &[]).0);
        trie.set(&b.to_be_bytes(), None).unwrap();
        assert_eq!(trie.root(), EMPTY_ROOT_HASH);
        assert_eq!(compact(&[1, 2, 3], true), hex!("3123"));
        assert_eq!(compact(&[1, 2], false), hex!("0012"));
    }
}
