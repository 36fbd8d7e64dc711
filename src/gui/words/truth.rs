//! How values are known: badges and the provenance card.

use super::word::{Word, words};

words! { ALL;
    // ---- badges and the provenance card
    Final: "Final", "Final";
    Latest: "Latest", "Último";
    Unverified: "Unverified", "Sin verificar";
    Stale: "Stale {}", "Anticuado {}";
    Refuted: "Refuted", "Refutado";
    Local: "Local", "Local";
    Checking: "Checking", "Comprobando";
    KnownAs: "Known as: {}, block {}", "Se conoce como: {}, bloque {}";
    KnownAsBare: "Known as: {}", "Se conoce como: {}";
    CardHow: "How", "Cómo";
    CardAgainst: "Against", "Contra";
    CardTrust: "Trust starts at", "La confianza empieza en";
    CardAssumes: "Assumes", "Supone";
    CardRaw: "raw {}", "en bruto {}";
    HowAccount: "Account proof checked on this computer against the state root of that block.", "Prueba de cuenta comprobada en este equipo contra la raíz de estado de ese bloque.";
    HowHeaders: "Each header hashed on this computer; the newest is under the sync committee's signature, each earlier one is named by the next.", "Cada cabecera se procesó en este equipo; la más nueva está bajo la firma del comité, cada anterior la nombra la siguiente.";
    HowHeader: "Header hashed on this computer; its hash is under the sync committee's signature, or an ancestor of one that is.", "Cabecera resumida en este equipo; su hash está bajo la firma del comité, o es antecesor de uno que lo está.";
    HowReceipt: "All transactions and receipts of the block were rebuilt to the roots in its proven header.", "Todas las transacciones y recibos del bloque se reconstruyeron hasta las raíces de su cabecera probada.";
    HowClaim: "Endpoints say so. Nothing was proven.", "Lo dicen los nodos. Nada está probado.";
    AgainstBlock: "block {}, {}, {}", "bloque {}, {}, {}";
    SignedBy: "slot {}, signed by {} of {}", "slot {}, firmado por {} de {}";
    TrustShipped: "checkpoint {}, shipped with {}", "punto de control {}, incluido en {}";
    TrustUser: "checkpoint {}, given by you", "punto de control {}, dado por ti";
    AssumesHonest: "under 1/3 of this day's 512-member sync committee lies (it is not slashed for lying)", "menos de 1/3 del comité de 512 miembros de hoy miente (no se le castiga por mentir)";
    MeansFinal: "The committee signed this block as final; it is not expected to change.", "El comité firmó este bloque como final; no se espera que cambie.";
    MeansLatest: "The newest block the committee signed; it can still be reorganised.", "El bloque más nuevo que firmó el comité; aún puede reorganizarse.";
    MeansStale: "Proven, but no new head has been verified for {}.", "Probado, pero no se verifica una cabeza nueva desde hace {}.";
    MeansUnverified: "An endpoint claims it. There is no proof.", "Lo afirma un nodo. No hay prueba.";
    MeansRefuted: "The proof failed. The value is hidden.", "La prueba falló. El valor está oculto.";
    MeansLocal: "From this computer.", "De este equipo.";
    MeansChecking: "A request is running.", "Hay una petición en curso.";
    CopyValue: "Copy value", "Copiar valor";
    CopyEvidence: "Copy as evidence", "Copiar como evidencia";
    OpenBlock: "Open block", "Abrir bloque";
    CopyAddress: "Copy address", "Copiar dirección";
    ClipboardCleared: "The clipboard was cleared: it still held the secret that was pasted.", "Se vació el portapapeles: aún tenía el secreto pegado.";
    Copied: "Copied {} ({} characters).", "Copiado: {} ({} caracteres).";
}
