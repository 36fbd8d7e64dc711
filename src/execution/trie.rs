//! One walk down a Merkle-Patricia trie over an unordered set of nodes. No recursion.
//!
//! Nodes are looked up by hash, so order, duplicates and nodes that lead elsewhere neither help nor harm; the same
//! walk serves `eth_getProof` and a snap answer. Source: yellow paper, appendix D.

use std::collections::HashMap;

use alloy::primitives::{B256, Bytes, keccak256};
use alloy::rlp::Header;
use alloy_trie::EMPTY_ROOT_HASH;

use super::ProofError;

/// More than the deepest path of a 32-byte key can have.
const MAX_NODES: usize = 128;
/// A branch node is at most 17 items of 33 bytes and a leaf holds a small account or slot.
const MAX_NODE_BYTES: usize = 1_024;

/// The value under `keccak256(key)` below `root`: `None` where it is proven absent.
///
/// # Errors
/// `ProofTooLarge`, `NodeMissing`, `BadNode`.
pub(super) fn lookup(root: B256, key: &[u8], nodes: &[Bytes]) -> Result<Option<Vec<u8>>, ProofError> {
    walk(root, key, nodes, |_node| {})
}

/// The nodes on the way to `key`, from the root down: what `eth_getProof` lists. Others that were sent are left out.
///
/// # Errors
/// See [`lookup`].
pub(super) fn path(root: B256, key: &[u8], nodes: &[Bytes]) -> Result<Vec<Bytes>, ProofError> {
    let mut path = Vec::new();
    walk(root, key, nodes, |node| path.push(Bytes::copy_from_slice(node)))?;
    Ok(path)
}

/// Walks down, telling `visit` each node that is named by its hash.
fn walk(
    root: B256,
    key: &[u8],
    nodes: &[Bytes],
    mut visit: impl FnMut(&[u8]),
) -> Result<Option<Vec<u8>>, ProofError> {
    let longest = nodes.iter().map(|node| node.len()).max().unwrap_or(0);
    if nodes.len() > MAX_NODES || longest > MAX_NODE_BYTES {
        return Err(ProofError::ProofTooLarge { count: nodes.len(), bytes: longest });
    }
    if root == EMPTY_ROOT_HASH {
        return Ok(None);
    }
    let known: HashMap<B256, &[u8]> = nodes.iter().map(|node| (keccak256(node), node.as_ref())).collect();
    let path = nibbles(keccak256(key).as_slice());
    let mut rest = path.as_slice();
    let mut node = *known.get(&root).ok_or(ProofError::NodeMissing { hash: root })?;
    visit(node);
    loop {
        let child = match step(node, rest)? {
            Step::Absent => return Ok(None),
            Step::Value(value) => return Ok(Some(value.to_vec())),
            Step::Child { child, rest: next } => {
                rest = next;
                child
            }
        };
        node = match child {
            Child::Hash(hash) => {
                let named = known.get(&hash).copied().ok_or(ProofError::NodeMissing { hash })?;
                visit(named);
                named
            }
            Child::Embedded(raw) => raw,
        };
    }
}

/// A node by its kind, its children as it refers to them.
pub(super) enum Piece<'a> {
    Leaf { path: Vec<u8>, value: &'a [u8] },
    Extension { path: Vec<u8>, child: &'a [u8] },
    Branch(Vec<&'a [u8]>),
}

/// Reads one node.
///
/// # Errors
/// `BadNode`.
pub(super) fn piece(node: &[u8]) -> Result<Piece<'_>, ProofError> {
    let items = items(node)?;
    match items.as_slice() {
        [path, value] => {
            let (is_leaf, path) = compact(path)?;
            Ok(match is_leaf {
                true => Piece::Leaf { path, value: value.payload },
                false => Piece::Extension { path, child: value.raw },
            })
        }
        branch if branch.len() == 17 => {
            Ok(Piece::Branch(branch.iter().take(16).map(|item| item.raw).collect()))
        }
        _ => Err(ProofError::BadNode { detail: "neither 2 nor 17 items" }),
    }
}

enum Child<'a> {
    Hash(B256),
    Embedded(&'a [u8]),
}

enum Step<'a, 'p> {
    Absent,
    Value(&'a [u8]),
    Child { child: Child<'a>, rest: &'p [u8] },
}

struct Item<'a> {
    raw: &'a [u8],
    payload: &'a [u8],
    list: bool,
}

fn step<'a, 'p>(node: &'a [u8], rest: &'p [u8]) -> Result<Step<'a, 'p>, ProofError> {
    let items = items(node)?;
    match items.as_slice() {
        [path, value] => step_short(path, value, rest),
        branch if branch.len() == 17 => {
            let Some((nibble, after)) = rest.split_first() else {
                // All keys have 64 nibbles, so no path ends in a branch.
                return Err(ProofError::BadNode { detail: "a branch below a whole key" });
            };
            let child =
                branch.get(usize::from(*nibble)).ok_or(ProofError::BadNode { detail: "a bad nibble" })?;
            if !child.list && child.payload.is_empty() {
                return Ok(Step::Absent);
            }
            Ok(Step::Child { child: child_of(child)?, rest: after })
        }
        _ => Err(ProofError::BadNode { detail: "neither 2 nor 17 items" }),
    }
}

/// Leaf or extension.
fn step_short<'a, 'p>(path: &Item<'a>, value: &Item<'a>, rest: &'p [u8]) -> Result<Step<'a, 'p>, ProofError> {
    let (is_leaf, segment) = compact(path)?;
    if is_leaf {
        if value.list {
            return Err(ProofError::BadNode { detail: "a leaf whose value is a list" });
        }
        return Ok(if segment == rest { Step::Value(value.payload) } else { Step::Absent });
    }
    if segment.is_empty() {
        return Err(ProofError::BadNode { detail: "an extension of length 0" });
    }
    match rest.strip_prefix(segment.as_slice()) {
        Some(after) => Ok(Step::Child { child: child_of(value)?, rest: after }),
        None => Ok(Step::Absent),
    }
}

fn child_of<'a>(item: &Item<'a>) -> Result<Child<'a>, ProofError> {
    if item.list {
        if item.raw.len() >= 32 {
            return Err(ProofError::BadNode { detail: "an embedded node of 32 bytes or more" });
        }
        return Ok(Child::Embedded(item.raw));
    }
    let hash = B256::try_from(item.payload)
        .map_err(|_length| ProofError::BadNode { detail: "a child that is neither a hash nor a node" })?;
    Ok(Child::Hash(hash))
}

/// Splits one RLP list into its items; nested lists are not entered.
fn items(node: &[u8]) -> Result<Vec<Item<'_>>, ProofError> {
    const MALFORMED: ProofError = ProofError::BadNode { detail: "not an RLP list" };
    let mut cursor = node;
    let payload = Header::decode_bytes(&mut cursor, true).map_err(|_rlp| MALFORMED)?;
    if !cursor.is_empty() {
        return Err(ProofError::BadNode { detail: "bytes after the list" });
    }
    let mut rest = payload;
    let mut items = Vec::with_capacity(17);
    while !rest.is_empty() {
        if items.len() == 17 {
            return Err(ProofError::BadNode { detail: "more than 17 items" });
        }
        let before = rest;
        let header = Header::decode(&mut rest).map_err(|_rlp| MALFORMED)?;
        let payload = rest.get(..header.payload_length).ok_or(MALFORMED)?;
        rest = rest.get(header.payload_length..).ok_or(MALFORMED)?;
        let raw = before.get(..before.len().saturating_sub(rest.len())).ok_or(MALFORMED)?;
        items.push(Item { raw, payload, list: header.list });
    }
    Ok(items)
}

/// Hex-prefix decoding: is it a leaf, and the nibbles.
fn compact(item: &Item<'_>) -> Result<(bool, Vec<u8>), ProofError> {
    let bad = ProofError::BadNode { detail: "a bad path prefix" };
    if item.list {
        return Err(bad);
    }
    let all = nibbles(item.payload);
    let Some((flag, rest)) = all.split_first() else { return Err(bad) };
    let segment = match (flag & 1, rest.split_first()) {
        (1, _) => rest,
        (_, Some((0, rest))) => rest,
        _ => return Err(bad),
    };
    if *flag > 3 || segment.len() > 64 {
        return Err(bad);
    }
    Ok((flag & 2 != 0, segment.to_vec()))
}

fn nibbles(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).collect()
}
