//! The lies an execution endpoint can be ordered to tell.

macro_rules! lies {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal,)+) => {
        /// One lie. Each answer stays well formed; only its content is untrue.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ExecutionLie {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl ExecutionLie {
            /// The whole catalogue.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// Its name, as drills and reports give it.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }

            /// The lie of that name.
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|lie| lie.name() == name)
            }
        }
    };
}

lies! {
    /// Balances are 1 wei too high; the proof is true.
    BalancePlusOne = "balance-plus-one",
    /// Nonces are 1 too high; the proof is true.
    NoncePlusOne = "nonce-plus-one",
    /// Another account's values and proof under the address asked for.
    OtherAccountsProof = "other-accounts-proof",
    /// Values and proof of block 1, whatever block was asked for.
    OlderRootProof = "older-root-proof",
    /// "No such account", with the true proof of an address that is absent.
    AbsentAccount = "absent-account",
    /// A proof of no nodes.
    EmptyProof = "empty-proof",
    /// The proof without its last node.
    TruncatedProof = "truncated-proof",
    /// Proof nodes of another trie.
    UnrelatedNodes = "unrelated-nodes",
    /// The last slot asked for is left out.
    MissingSlot = "missing-slot",
    /// A slot that nobody asked for is added.
    ExtraSlot = "extra-slot",
    /// The first slot's value is 1 too high; the proof is true.
    SlotValueOff = "slot-value-off",
    /// Another slot's value and proof under the key asked for.
    OtherSlotsProof = "other-slots-proof",
    /// The storage root and slots of another contract.
    OtherContractsStorage = "other-contracts-storage",
    /// Another contract's code.
    OtherContractsCode = "other-contracts-code",
    /// No code where there is some.
    EmptyCode = "empty-code",
    /// The code with a byte more.
    TrailingCodeByte = "trailing-code-byte",
    /// The parent's header under the hash asked for.
    OtherBlocksHeader = "other-blocks-header",
    /// The header with another state root.
    ChangedHeaderField = "changed-header-field",
    /// The header without its last fields.
    MissingHeaderField = "missing-header-field",
    /// The first log of the first receipt that has one is gone.
    DroppedLog = "dropped-log",
    /// The first log of the first receipt that has one names another contract.
    MovedLog = "moved-log",
    /// The last receipt's status is turned round.
    ChangedStatus = "changed-status",
    /// The first two receipts change places.
    SwappedReceipts = "swapped-receipts",
    /// The last receipt is gone.
    MissingReceipt = "missing-receipt",
    /// The receipts of the parent block.
    OtherBlocksReceipts = "other-blocks-receipts",
    /// Transactions carry another value under their old hashes.
    OtherValueTransaction = "other-value-transaction",
    /// The last transaction is not in the block's list.
    MissingTransaction = "missing-transaction",
    /// Asked by hash, no transaction or receipt is known.
    HiddenTransaction = "hidden-transaction",
    /// Included transactions are said to wait, and have no receipt.
    PendingForIncluded = "pending-for-included",
    /// `eth_sendRawTransaction` says yes and forgets it.
    DroppedSubmission = "dropped-submission",
    /// `eth_sendRawTransaction` takes it and gives another hash.
    OtherSubmissionHash = "other-submission-hash",
    /// `eth_sendRawTransaction` says "already known" of what it never saw.
    FalselyKnown = "falsely-known",
    /// `eth_sendRawTransaction` says "nonce too low" of a nonce that is not used.
    FalseNonceTooLow = "false-nonce-too-low",
    /// Results of calls differ in their last bit.
    CallResultOff = "call-result-off",
    /// Access lists are empty: a hint that does not help.
    EmptyAccessList = "empty-access-list",
    /// `eth_getLogs` finds nothing.
    NoLogs = "no-logs",
    /// Replies carry an id that nobody sent.
    OtherRequestId = "other-request-id",
    /// The last reply of a batch is missing.
    ShortBatch = "short-batch",
    /// Replies of a batch come in reverse order: allowed, and a trap for those who count on the order.
    ReversedBatch = "reversed-batch",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_lead_back() {
        for lie in ExecutionLie::ALL {
            assert_eq!(ExecutionLie::from_name(lie.name()), Some(*lie));
        }
        assert_eq!(ExecutionLie::from_name("honest"), None);
    }
}
