//! The frame around the screens: navigation, trust bar, banners, top bar.

use super::word::{Word, words};

words! { ALL;
    // ---- navigation
    Home: "Home", "Inicio";
    Explorer: "Explorer", "Explorador";
    Network: "Network", "Red";
    Settings: "Settings", "Ajustes";
    About: "About", "Acerca de";
    Practice: "Practice", "Práctica";
    FirstRun: "Look at an address", "Mirar una dirección";
    Messages: "Messages", "Mensajes";
    // ---- trust bar
    Verified: "Verified", "Verificado";
    SlowHead: "Verified, slow head {}", "Verificado, cabeza lenta {}";
    StaleSince: "Stale since {}", "Anticuado desde {}";
    SyncingStart: "Syncing: looking for a start", "Sincronizando: buscando un inicio";
    Syncing: "Syncing: catching up {}/{}", "Sincronizando: al día {}/{}";
    NeedsDecision: "Stopped: needs your decision", "Parado: decide tú";
    NoAnswer: "Not verified: no answer yet", "Sin verificar: sin respuesta aún";
    NoReads: "Head verified, reads fail", "Cabeza verificada, fallan lecturas";
    SlotAgo: "Slot {} · {} ago", "Slot {} · hace {}";
    BlockAgo: "Block {} · {} ago", "Bloque {} · hace {}";
    FinalBehind: "Final \u{2212}{}", "Final \u{2212}{}";
    Signed: "Signed {}/{}", "Firmado {}/{}";
    EndpointsHealthy: "Endpoints {} of {}", "Nodos {} de {}";
    CheckpointAge: "Checkpoint {}", "Inicio {}";
    OpensNetwork: "{}. Opens Network.", "{}. Abre Red.";
    PracticeTag: "PRACTICE · nothing here is real", "PRÁCTICA · nada aquí es real";
    OtherChain: "{} (chain {})", "{} (cadena {})";
    // ---- banners
    More: "{} more", "{} más";
    NoEndpointNever: "No endpoint is answering.", "Ningún nodo responde.";
    NoEndpointSince: "No endpoint is answering. Last verified {} ago.", "Ningún nodo responde. Última verificación hace {}.";
    NotFundsMove: "This does not move or lock your funds: Lifeboat just cannot read the chain now. Amounts are the last verified ones.", "Esto no mueve ni bloquea tus fondos: Lifeboat solo no puede leer la cadena ahora. Las cantidades son las últimas verificadas.";
    NotFinalizing: "Ethereum is not finalizing: the newest final block is {} old. Latest values may still be reorganised.", "Ethereum no finaliza: el último bloque final tiene {}. Los últimos valores aún pueden cambiar.";
    BannerStale: "No new head has been verified for {}. Values are proven, but old.", "No se verifica una cabeza nueva desde hace {}. Los valores están probados, pero son viejos.";
    LowSigned: "Only {} of {} committee members signed the newest head.", "Solo {} de {} miembros del comité firmaron la cabeza.";
    GoNetwork: "Open Network", "Abrir Red";
    TryAgain: "Try again", "Reintentar";
    NoMessages: "No messages in this session.", "Sin mensajes en esta sesión.";
    CopyAll: "Copy all", "Copiar todo";
    ItMeans: "What it means: {}", "Qué significa: {}";
    ToDo: "What to do: {}", "Qué hacer: {}";
    // ---- top bar
    SearchHint: "Search or paste: address, tx, block", "Buscar o pegar: dirección, tx, bloque";
    SearchLabel: "Search or paste an address, transaction, block or command", "Buscar o pegar una dirección, transacción, bloque o comando";
    Hide: "Hide", "Ocultar";
    ShowAmounts: "Show", "Mostrar";
    HideAmounts: "Hide amounts", "Ocultar cantidades";
    ShowAmountsLong: "Show amounts", "Mostrar cantidades";
    AccountMenu: "Accounts", "Cuentas";
    WatchOnly: "watch-only", "solo mirar";
    AddAddress: "Add an address", "Añadir una dirección";
}
