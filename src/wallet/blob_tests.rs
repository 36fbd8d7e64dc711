//! Blob transactions are made elsewhere; one that is brought here is known by its own hash.

use alloy::consensus::{
    Blob, BlobTransactionSidecar, Bytes48, SignableTransaction as _, TxEip4844, TxEip4844Variant,
    TxEip4844WithSidecar, TxEnvelope,
};
use alloy::eips::eip2718::Encodable2718 as _;
use alloy::primitives::{Address, B256, U256, keccak256};

use super::keys::PrivateKey;
use super::{Signed, UnsignedError};

#[test]
fn a_blob_transaction_is_known_by_the_hash_that_endpoints_answer() {
    let key = PrivateKey::of_bytes(&[7; 32]).ok().unwrap();
    let tx = TxEip4844 {
        chain_id: 1,
        gas_limit: 21_000,
        max_fee_per_gas: 1,
        max_fee_per_blob_gas: 1,
        to: Address::repeat_byte(2),
        value: U256::from(1),
        blob_versioned_hashes: vec![B256::repeat_byte(1)],
        ..TxEip4844::default()
    };
    let signature = key.sign_hash(tx.signature_hash()).ok().unwrap();
    // As blocks and endpoints know it: without the blobs that travel with it.
    let bare: TxEip4844Variant = TxEip4844Variant::TxEip4844(tx.clone());
    let bare = TxEnvelope::from(bare.into_signed(signature));
    let hash = keccak256(bare.encoded_2718());
    let sidecar = BlobTransactionSidecar::new(vec![Blob::ZERO], vec![Bytes48::ZERO], vec![Bytes48::ZERO]);
    let sent: TxEip4844Variant =
        TxEip4844Variant::TxEip4844WithSidecar(TxEip4844WithSidecar { tx, sidecar: sidecar.into() });
    let raw = TxEnvelope::from(sent.into_signed(signature)).encoded_2718();
    assert_ne!(keccak256(&raw), hash);
    let signed = Signed::decode(&raw).unwrap();
    assert_eq!((signed.hash(), signed.from()), (hash, key.address()));
    assert_eq!(signed.raw().as_ref(), raw, "what is sent has its blobs");
    assert_eq!(signed.unsigned(), Err(UnsignedError::Type(3)));
}
