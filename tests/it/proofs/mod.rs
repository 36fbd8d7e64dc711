//! Captured mainnet and Sepolia data, end to end, each with mutated twins.
