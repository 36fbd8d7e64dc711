//! Explorer.

use super::word::{Word, words};

words! { ALL;
    // ---- explorer
    ExplorerLabel: "Transaction hash, block number or hash, or address", "Hash de transacción, bloque o dirección";
    ExplorerHint: "0x… or 23944940", "0x… o 23944940";
    ExplorerEmpty: "Paste a transaction hash to see if it landed, a block, or an address. Every answer is proven here.", "Pega un hash para ver si entró, un bloque o una dirección. Cada respuesta se prueba aquí.";
    NewestBlock: "Newest block", "Último bloque";
    FinalBlock: "Newest final block", "Último bloque final";
    Recent: "Recent:", "Recientes:";
    BlockTitle: "Block {}", "Bloque {}";
    TransactionTitle: "Transaction {}", "Transacción {}";
    TransactionWord: "Transaction", "Transacción";
    AddressTitle: "Address {}", "Dirección {}";
    AskingEndpoints: "Asking endpoints and checking their proofs…", "Preguntando a los nodos y comprobando pruebas…";
    WaitingForHead: "Waiting for a verified head; asked as soon as there is one.", "Esperando una cabeza verificada; se preguntará en cuanto la haya.";
    EarlierAnswer: "An earlier answer:", "Una respuesta anterior:";
    TxSuccessFinal: "Success, final", "Éxito, final";
    TxSuccess: "Success, not yet final", "Éxito, aún no final";
    TxReverted: "It was included but failed, so nothing moved except the fee", "Entró pero falló: solo se movió la comisión";
    TxNoStatus: "Included; receipts of that time hold no status", "Incluida; los recibos de entonces no dicen el resultado";
    InBlock: "In block {}, position {}, {}", "En el bloque {}, posición {}, {}";
    TxAwaiting: "Endpoints say it is in block {}, which the verified head ({}) does not contain yet.", "Los nodos dicen que está en el bloque {}, que la cabeza verificada ({}) aún no contiene.";
    TxPending: "Not in a block yet. Endpoints hold it in their mempool; that cannot be proven.", "Aún no está en un bloque. Los nodos la tienen en espera; eso no se puede probar.";
    TxUnknown: "No endpoint returned this. It may be on another chain, dropped, or wrongly copied. This is not proof that it does not exist.", "Ningún nodo la devolvió. Puede ser de otra cadena, descartada o mal copiada. No es prueba de que no exista.";
    SaidBy: "Asked: {}", "Preguntados: {}";
    CaseNote: "Copy case note", "Copiar nota del caso";
    Hash: "Hash", "Hash";
    From: "From", "De";
    To: "To", "A";
    Creates: "Creates", "Crea";
    Value: "Value", "Valor";
    Fee: "Fee", "Comisión";
    GasUsed: "Gas used", "Gas usado";
    BaseFee: "Base fee", "Tarifa base";
    Nonce: "Nonce", "Nonce";
    Type: "Type", "Tipo";
    Input: "Input", "Entrada";
    Bytes: "{} bytes", "{} bytes";
    Logs: "Logs ({})", "Registros ({})";
    Time: "Time", "Hora";
    TimeAgo: "{}, {} ago", "{}, hace {}";
    Parent: "Parent", "Padre";
    StateRoot: "State root", "Raíz de estado";
    ReceiptsRoot: "Receipts root", "Raíz de recibos";
    FeeRecipient: "Fee recipient", "Receptor de tarifas";
    Earlier: "Block before", "Bloque anterior";
    Later: "Block after", "Bloque siguiente";
    TransactionsIn: "{} transactions", "{} transacciones";
    Kind: "Kind", "Clase";
    CodeBytes: "contract, {} bytes of code", "contrato, {} bytes de código";
    CodeHash: "Code hash", "Hash del código";
    StorageRoot: "Storage root", "Raíz de almacén";
    Details: "Details", "Detalles";
}
