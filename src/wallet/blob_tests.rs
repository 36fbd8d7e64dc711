//! Blob transactions are made and sent by others; one that is brought here is refused in words, unread.

use super::{Signed, UnsignedError};

#[test]
fn a_blob_transaction_is_refused_before_its_blobs_are_read() {
    for rest in [0, 10, 900_000] {
        let raw = [&[3, 0xf8][..], &vec![7; rest]].concat();
        assert_eq!(Signed::decode(&raw).err(), Some(UnsignedError::Type(3)));
    }
}
