//! The palette, and what is wrong with an address.

use super::word::{Word, words};

words! { ALL;
    // ---- omnibox
    GoTo: "Go to", "Ir a";
    Do: "Do", "Hacer";
    LookUp: "Look up", "Buscar";
    GoToScreen: "Go to {}", "Ir a {}";
    LookAtAddress: "Look at this address", "Mirar esta dirección";
    SaveWatch: "Save as watch-only", "Guardar para mirar";
    LookUpTransaction: "Look up this transaction", "Buscar esta transacción";
    LookUpBlockHash: "Look up the block with this hash", "Buscar el bloque con este hash";
    LookUpBlock: "Look up block {}", "Buscar el bloque {}";
    NothingMatches: "Nothing matches. Paste an address, a transaction hash or a block number.", "Nada coincide. Pega una dirección, un hash o un número de bloque.";
    SecretGone: "That looks like a secret. Lifeboat removed it and sent nothing. To use it, go to Accounts › Add.", "Eso parece un secreto. Lifeboat lo borró y no envió nada. Para usarlo, ve a Cuentas › Añadir.";
    IsItAHash: "Is this a hash? Looking it up sends it to endpoints. If it is a private key, stop.", "¿Es un hash? Buscarlo lo envía a los nodos. Si es una clave privada, detente.";
    ClearIt: "Clear it", "Borrarlo";
    ItIsAHash: "It is a hash", "Es un hash";
    ToggleTheme: "Switch dark and light", "Cambiar claro y oscuro";
    ToggleCalm: "Calm mode on or off (F2)", "Modo calma sí o no (F2)";
    TestAll: "Test all endpoints", "Probar todos los nodos";
    VerifyAgain: "Verify again now (F5)", "Verificar de nuevo (F5)";
    SendSigned: "Open this signed transaction, to send it", "Abrir esta transacción firmada, para enviarla";
    SendToIt: "Send to it", "Enviarle";
    SpeedUpPalette: "Speed up the waiting transaction", "Acelerar la transacción que espera";
    CancelPalette: "Cancel the waiting transaction", "Cancelar la transacción que espera";
    NothingWaits: "none is waiting", "ninguna espera";
    NoKeyHere: "no account here can sign", "ninguna cuenta de aquí puede firmar";
    NoKeyOpen: "no key is open", "ninguna clave está abierta";
    Close: "Close", "Cerrar";
    // ---- addresses
    AddressLength: "That is {} characters; an address has 40 after 0x.", "Son {} caracteres; una dirección tiene 40 tras 0x.";
    AddressChecksum: "The checksum does not match, so a character is wrong. Copy it again.", "La suma de control no coincide: hay un carácter mal. Cópiala de nuevo.";
    AddressDigit: "“{}” is not a hex digit. An address is 0x and 40 digits 0–9, a–f.", "«{}» no es un dígito hexadecimal. Una dirección es 0x y 40 dígitos 0–9, a–f.";
    AddressEmpty: "Paste an address first.", "Pega primero una dirección.";
    NamesNeed: "Names need a verified head. Paste the 0x address to start now.", "Los nombres necesitan una cabeza verificada. Pega la dirección 0x para empezar.";
    NameLeads: "The name's owner can change this at any time.", "El dueño del nombre puede cambiarlo cuando quiera.";
    NameAsking: "Looking up {} with proofs.", "Buscando {} con pruebas.";
    NameFree: "{} is not registered with a resolver: proven.", "{} no está registrado con un resolutor: probado.";
    NameNoAddress: "{} has no address: proven.", "{} no tiene dirección: probado.";
    NameOffchain: "{} sends its askers to web servers. They were not asked: what they say cannot be proven.", "{} manda a servidores web. No se les preguntó: no se puede probar lo que dicen.";
    NameNoGateway: "None of them can be asked safely.", "A ninguno se le puede preguntar con seguridad.";
    NameGatewayLearns: "{} would learn which name you look up, when, and your network address (or your proxy's).", "{} sabría qué nombre buscas, cuándo, y tu dirección de red (o la de tu proxy).";
    GatewayLearns: "{} would learn what you ask, when, and your network address (or your proxy's).", "{} sabría qué preguntas, cuándo, y tu dirección de red (o la de tu proxy).";
    NameAskGateway: "Ask the gateway {}", "Preguntar a la pasarela {}";
    NameToldBy: "{} says this. Nothing proves it.", "{} dice esto. Nada lo prueba.";
    NameToldNone: "{} says that {} has no address. Nothing proves it.", "{} dice que {} no tiene dirección. Nada lo prueba.";
    NameToldWarn: "Before you send anything there, compare this address with its owner by another way. It cannot be chosen here as a recipient.", "Antes de enviar nada ahí, compara esta dirección con su dueño por otra vía. Aquí no se puede elegir como destinatario.";
    NameNotFollowed: "{} is not known: {}.", "No se sabe a dónde lleva {}: {}.";
    NameOfAsk: "Its ENS name", "Su nombre ENS";
    NameOfTitle: "ENS name of {}", "Nombre ENS de {}";
    NameOfBoth: "The address says so, and that name leads back to it.", "La dirección lo dice, y ese nombre lleva de vuelta a ella.";
    NameOfNone: "This address has no name of its own: proven.", "Esta dirección no tiene nombre propio: probado.";
    NameOfNotNormal: "It calls itself “{}”, which is no valid name.", "Se llama a sí misma «{}», que no es un nombre válido.";
    NameOfOther: "NOT CONFIRMED: it calls itself {}, and no proof leads back from there to it. Do not go by this name.", "SIN CONFIRMAR: se llama a sí misma {}, y ninguna prueba lleva de ahí de vuelta a ella. No te fíes de este nombre.";
    NameOfForward: "{} leads to {}.", "{} lleva a {}.";
    NameOfOffchain: "Its name is kept on web servers. They were not asked: what they say cannot be proven.", "Su nombre está en servidores web. No se les preguntó: no se puede probar lo que dicen.";
    NameOfNotFollowed: "Its name is not known: {}.", "No se sabe su nombre: {}.";
    NameOfToldNone: "{} says that it has no name. Nothing proves it.", "{} dice que no tiene nombre. Nada lo prueba.";
    NameFailed: "{} did not resolve: {}.", "{} no se resolvió: {}.";
    LookUpName: "Look up {}", "Buscar {}";
    OpenContract: "Open as a contract", "Abrir como contrato";
    GoPractice: "Try it without risk: open the practice network", "Probar sin riesgo: abrir la red de práctica";
    LeavePractice: "Leave practice: open Ethereum", "Dejar la práctica: abrir Ethereum";
    AddressSecret: "That looks like a secret. Lifeboat removed it and sent nothing.", "Eso parece un secreto. Lifeboat lo borró y no envió nada.";
    AddressLabel: "Address", "Dirección";
}
