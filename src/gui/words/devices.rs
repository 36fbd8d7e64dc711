//! Hardware signers.

use super::word::{Word, words};

words! { ALL;
    TagLedger: "Ledger", "Ledger";
    TagTrezor: "Trezor", "Trezor";
    KindLedger: "Ledger, can sign", "Ledger, puede firmar";
    KindTrezor: "Trezor, can sign", "Trezor, puede firmar";
    AddHardware: "Hardware wallet", "Monedero físico";
    HardwareMeans: "The key stays on the device. Lifeboat keeps only the address and its path, and asks no vendor's server for anything.", "La clave se queda en el dispositivo. Lifeboat solo guarda la dirección y su ruta, y no pide nada al servidor de ningún fabricante.";
    HardwareReadyLedger: "Plug it in, unlock it with its PIN, and open its Ethereum app.", "Conéctalo, desbloquéalo con su PIN y abre su app de Ethereum.";
    HardwareReadyTrezor: "Plug it in and unlock it. A passphrase is typed on the device.", "Conéctalo y desbloquéalo. La frase de paso se escribe en el dispositivo.";
    DevicePaths: "Accounts on", "Cuentas en";
    PathsStandard: "the standard path", "la ruta estándar";
    PathsLedgerLive: "Ledger Live's path", "la ruta de Ledger Live";
    ConnectDevice: "Connect {}", "Conectar {}";
    PickOne: "Pick one. Balances are proven.", "Elige una. Los saldos están probados.";
    AddFromDevice: "Show it on the {} and add", "Mostrarla en el {} y añadir";
    CheckAddress: "Check that the same address is on the {}'s screen, and confirm it there:", "Comprueba que la misma dirección está en la pantalla del {} y confírmala allí:";
    WaitingForDevice: "Waiting for the device…", "Esperando al dispositivo…";
    PinTitle: "The {} wants its PIN", "El {} pide su PIN";
    PinMeans: "It shows nine digits in a square, in another order each time. Press the places where your PIN's digits stand there; the keys 1 to 9 of a number pad do the same.", "Muestra nueve cifras en un cuadrado, cada vez en otro orden. Pulsa los lugares donde están allí las cifras de tu PIN; las teclas 1 a 9 del teclado numérico hacen lo mismo.";
    PinPlace: "Place in row {}, column {}", "Lugar en la fila {}, columna {}";
    PinTyped: "Digits chosen: {}", "Cifras elegidas: {}";
    PinBack: "Take one back", "Quitar una";
    PinDone: "Hand it over", "Entregarlo";
    LeaveDevice: "Stop waiting", "Dejar de esperar";
    DeviceAdded: "Added. Its key stays on the device.", "Añadida. Su clave se queda en el dispositivo.";
    SignOn: "Sign on {}", "Firmar en {}";
    HoldToSignOn: "Hold to sign on {}", "Mantén para firmar en {}";
    DeviceWillShow: "Your {} will show", "Tu {} mostrará";
    DeviceShowsText: "The text below, whole or its beginning.", "El texto de abajo, entero o su comienzo.";
    DeviceShowsFields: "Every field below, one after the other. The first model shows only the two hashes below.", "Todos los campos de abajo, uno tras otro. El primer modelo solo muestra los dos hashes de abajo.";
    CompareThere: "Compare it there, character by character. Decline on the device if anything differs.", "Compáralo allí, carácter a carácter. Rechaza en el dispositivo si algo difiere.";
    HashOnly: "It cannot read this call: it may show only this hash.", "No puede leer esta llamada: quizá muestre solo este hash.";
    MayShowHash: "If it shows a hash, it must be this one.", "Si muestra un hash, debe ser este.";
}
