//! Bytes into the internal shape. Each fork's form is decoded as it is and upgraded at the door, as `fork.md` does.

mod decode;
mod headers;
mod objects;
mod upgrade;

pub use decode::{
    Body, ForkHint, decode_bootstrap, decode_finality_update, decode_optimistic_update, decode_update,
};
pub use headers::{
    AltairHeader, CapellaHeader, DenebHeader, ExecutionPayloadHeaderCapella, ExecutionPayloadHeaderDeneb,
    GloasHeader,
};
pub use objects::{
    Altair, Capella, Deneb, Electra, ForkForm, Gloas, LightClientBootstrap, LightClientFinalityUpdate,
    LightClientOptimisticUpdate, LightClientUpdate,
};
pub use upgrade::UpgradeHeader;
