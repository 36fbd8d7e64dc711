//! First run and Home.

use super::word::{Word, words};

words! { ALL;
    // ---- first run
    FirstTitle: "See your accounts now. No sign-up. No keys needed.", "Mira tus cuentas ahora. Sin registro. Sin claves.";
    PasteHere: "Paste 0x… here", "Pega 0x… aquí";
    Remember: "Remember this address on this computer", "Recordar esta dirección en este equipo";
    Look: "Look", "Mirar";
    UsePracticeAccount: "Use a practice account", "Usar una cuenta de práctica";
    GettingReady: "Getting ready", "Preparando";
    Ready: "Ready", "Listo";
    Elapsed: "{} elapsed", "{} transcurridos";
    StageFound: "Found {} of {} endpoints", "{} de {} nodos encontrados";
    StageCheckpoint: "Checkpoint {} old", "Punto de control de hace {}";
    StageNoCheckpoint: "Look for the checkpoint", "Buscar el punto de control";
    StageCatching: "Catching up: committee period {} of {}", "Poniéndose al día: periodo {} de {}";
    StageCaughtUp: "Check the sync committees up to now", "Comprobar los comités hasta ahora";
    StageHead: "Verify the head", "Verificar la cabeza";
    StageHeadDone: "Head verified, signed by {} of {}", "Cabeza verificada, firmada por {} de {}";
    StageAccounts: "Read your accounts: waiting for an address", "Leer tus cuentas: falta una dirección";
    NothingNeedsHonesty: "Nothing here needs the provider's honesty: each step is checked on this computer.", "Nada aquí depende de la honradez del proveedor: cada paso se comprueba en este equipo.";
    NeverAsks: "Lifeboat never asks for a recovery phrase to show balances. If something does, it is not Lifeboat.", "Lifeboat nunca pide una frase de recuperación para mostrar saldos. Si algo la pide, no es Lifeboat.";
    TakesLong: "This takes longer than usual. Network shows which endpoints answer.", "Tarda más de lo normal. Red muestra qué nodos responden.";
    // ---- home
    LookingOnly: "You are looking only. Nothing can be sent: this version holds no keys.", "Solo estás mirando. Nada se puede enviar: esta versión no guarda claves.";
    Understood: "Understood", "Entendido";
    Total: "Total of what you watch", "Total de lo que miras";
    PartRead: "{} of {} accounts read", "{} de {} cuentas leídas";
    WatchedAddress: "Watched address", "Dirección observada";
    BalanceOf: "ETH balance of {}", "Saldo ETH de {}";
    NonceAndKind: "{} transactions sent · {}", "{} transacciones enviadas · {}";
    UnusedAccount: "proven unused: no balance, no transactions", "sin usar, probado: ni saldo ni transacciones";
    PlainAccount: "a plain account, no code", "cuenta simple, sin código";
    AccountWithCode: "an account with code", "cuenta con código";
    Receive: "Receive", "Recibir";
    Explore: "Open in Explorer", "Abrir en Explorador";
    StopWatching: "Stop watching", "Dejar de mirar";
    EthereumOnly: "Lifeboat sees Ethereum only. Assets on Base, Arbitrum and other networks do not appear here.", "Lifeboat solo ve Ethereum. Lo que tengas en Base, Arbitrum y otras redes no aparece aquí.";
    NameOptional: "Name (optional)", "Nombre (opcional)";
    Cancel: "Cancel", "Cancelar";
    QrLabel: "QR code of the address", "Código QR de la dirección";
    OnlyThisChain: "Only {}.", "Solo {}.";
}
