//! Signing what is no transaction: texts, bytes, typed data.

use super::word::{Word, words};

words! { ALL;
    // ---- the form
    SignTitle: "Sign a message", "Firmar un mensaje";
    SignPalette: "Sign a message or typed data", "Firmar un mensaje o datos tipados";
    SignMeans: "Some apps ask for a signature instead of a transaction: to log in, to list something, to permit a token. Paste here what the app wants signed. Nothing is sent, but whoever gets the signature can use it.", "Algunas aplicaciones piden una firma en vez de una transacción: para entrar, publicar o permitir un token. Pega aquí lo que quieren que firmes. No se envía nada, pero quien tenga la firma puede usarla.";
    SignWith: "Sign with", "Firmar con";
    SignKind: "It is", "Es";
    SignText: "Text", "Texto";
    SignBytes: "Bytes (hex)", "Bytes (hex)";
    SignTyped: "Typed data (JSON)", "Datos tipados (JSON)";
    SignWhat: "What is to be signed", "Lo que se va a firmar";
    SignTextHint: "The text, exactly as the app shows it", "El texto, tal como lo muestra la aplicación";
    SignBytesHint: "0x…", "0x…";
    SignTypedHint: "{ \"types\": …, \"primaryType\": …, \"domain\": …, \"message\": … }", "{ \"types\": …, \"primaryType\": …, \"domain\": …, \"message\": … }";
    SignFile: "Or open a file", "O abre un archivo";
    SignFileHint: "/home/me/Downloads/typed-data.json", "/home/yo/Descargas/datos.json";
    SignFileDrop: "Or drop a file onto this window.", "O suelta un archivo en esta ventana.";
    SignOpenFile: "Open file", "Abrir archivo";
    SignNothing: "Paste what is to be signed", "Pega lo que se va a firmar";
    SignNoAccount: "Choose who signs", "Elige quién firma";
    SignNoHex: "That is no hex: an even number of digits 0–9, a–f.", "Eso no es hexadecimal: un número par de dígitos 0–9, a–f.";
    SignLooksTyped: "This looks like typed data. Signed as a text it means something else.", "Esto parece datos tipados. Firmado como texto significa otra cosa.";
    SignSupport: "Keys are off in support view.", "En la vista de soporte las claves están desactivadas.";
    // ---- the review
    SignIt: "Sign", "Firmar";
    BackToSign: "Back to the message", "Volver al mensaje";
    SignatureAllows: "What this signature allows", "Lo que permite esta firma";
    AllowsUnknown: "Lifeboat does not know what contracts do with this data.", "Lifeboat no sabe qué hacen los contratos con estos datos.";
    SpenderWord: "Who may take", "Quién puede tomar";
    PermitToken: "Token", "Token";
    UntilWord: "Until", "Hasta";
    ForEver: "for ever", "para siempre";
    SignedFields: "The data", "Los datos";
    SignedText: "The message", "El mensaje";
    DomainHash: "Domain hash", "Hash del dominio";
    MessageHash: "Message hash", "Hash del mensaje";
    // ---- the air gap
    QrMeans: "Or show it to a signer that reads QR codes (ERC-4527). Its answer is pasted under Send.", "O muéstralo a un firmante que lee códigos QR (ERC-4527). Su respuesta se pega en Enviar.";
    QrPath: "Path", "Ruta";
    QrFingerprint: "Fingerprint, if it wants one", "Huella, si la pide";
    QrShow: "Show as QR codes", "Mostrar como códigos QR";
    QrBadPath: "That is no derivation path.", "Eso no es una ruta de derivación.";
    QrBadFingerprint: "A fingerprint has 8 hex digits.", "Una huella tiene 8 dígitos hexadecimales.";
    QrPart: "Part {} of {}", "Parte {} de {}";
    QrPause: "Stand still", "Detener";
    QrGoOn: "Go on", "Continuar";
    QrNext: "Next part", "Siguiente parte";
    QrCopy: "Copy the parts as text", "Copiar las partes como texto";
    BringFileHint: "/home/me/Downloads/lifeboat-signed.json", "/home/yo/Descargas/lifeboat-signed.json";
    SaveSigned: "Save signed file", "Guardar archivo firmado";
    AsAsked: "Same as the request you made.", "Igual a la petición que hiciste.";
    // ---- who controls what
    ControlOf: "of {}", "de {}";
    ControlNobody: "nobody", "nadie";
    ControlOwner: "Owner", "Dueño";
    ControlNextOwner: "May become owner", "Puede pasar a ser dueño";
    ControlCode: "Code it runs", "Código que ejecuta";
    ControlAdmin: "May change its code", "Puede cambiar su código";
    ControlBeacon: "Names its code", "Indica su código";
    ControlFirstSlot: "First slot, often its owner or code", "Primera ranura, a menudo su dueño o código";
    ControlSafeAdds: "Safe owner added", "Dueño añadido al Safe";
    ControlSafeRemoves: "Safe owner removed", "Dueño quitado del Safe";
    ControlThreshold: "Signatures the Safe needs", "Firmas que necesita el Safe";
    ControlModule: "Module, moves funds without owners", "Módulo, mueve fondos sin los dueños";
    ControlModuleOff: "Module removed", "Módulo quitado";
    ControlGuard: "Guard of the Safe", "Guardián del Safe";
    ControlDelegation: "Runs the code of", "Ejecuta el código de";
    // ---- the signature
    SignatureTitle: "Signed", "Firmado";
    SignatureMeans: "Give it only to the app that asked. It is kept nowhere here and cannot be taken back.", "Dala solo a la aplicación que la pidió. No se guarda aquí y no se puede retirar.";
    SignedByWhom: "Signed by", "Firmado por";
    SignatureWord: "Signature", "Firma";
    CopySignature: "Copy signature", "Copiar firma";
    SaveAs: "Save as", "Guardar como";
    SaveMeans: "A name goes to your downloads; a whole path goes there. Nothing is overwritten.", "Un nombre va a tus descargas; una ruta completa, allí. No se sobrescribe nada.";
    SaveFile: "Save to file", "Guardar en archivo";
    SavedAt: "Written: {}", "Escrito: {}";
    SignAnother: "Sign another", "Firmar otro";
}
