//! The frame around the screens: navigation, trust bar, banners, top bar.

use super::word::{Word, words};

words! { ALL;
    // ---- navigation
    Home: "Home", "Inicio";
    Explorer: "Explorer", "Explorador";
    Network: "Network", "Red";
    Settings: "Settings", "Ajustes";
    About: "About", "Acerca de";
    Contracts: "Contracts", "Contratos";
    Accounts: "Accounts", "Cuentas";
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
    FinalBehind: "Final \u{2212}{}", "Final \u{2212}{}";
    Signed: "Signed {}/{}", "Firmado {}/{}";
    EndpointsHealthy: "Endpoints {}/{}", "Nodos {}/{}";
    SignedLow: "Signed {}/{}, low", "Firmado {}/{}, bajo";
    CheckpointOld: "Checkpoint {}, too old", "Inicio {}, demasiado viejo";
    BaseFeeBar: "Base fee {}", "Tarifa base {}";
    AboutAge: "about {}", "unos {}";
    OfflineByChoice: "Offline by choice", "Sin conexión, a propósito";
    OfflineTag: "OFFLINE", "SIN CONEXIÓN";
    PracticeShort: "PRACTICE", "PRÁCTICA";
    CheckpointAge: "Checkpoint {}", "Inicio {}";
    OpensNetwork: "{}. Opens Network.", "{}. Abre Red.";
    PracticeTag: "PRACTICE · nothing here is real", "PRÁCTICA · nada aquí es real";
    OtherChain: "{} (chain {})", "{} (cadena {})";
    // ---- banners
    More: "{} more", "{} más";
    NoEndpointNever: "No endpoint is answering.", "Ningún nodo responde.";
    NoEndpointSince: "No endpoint is answering. Last verified {} ago.", "Ningún nodo responde. Última verificación hace {}.";
    NotFundsMove: "This does not move or lock your funds: Lifeboat just cannot read the chain now.", "Esto no mueve ni bloquea tus fondos: Lifeboat solo no puede leer la cadena ahora.";
    NotFundsMoveBlock: "This does not move or lock your funds: Lifeboat just cannot read the chain now. Amounts are the last verified ones, block {}.", "Esto no mueve ni bloquea tus fondos: Lifeboat solo no puede leer la cadena ahora. Las cantidades son las últimas verificadas, bloque {}.";
    NextTry: "Next try in {}.", "Próximo intento en {}.";
    YourNetworkDown: "No host name can be looked up: your own connection seems to be down.", "No se resuelve ningún nombre: parece caída tu propia conexión.";
    HostsRefuse: "Hosts are there but refuse or do not answer: the trouble is on their side or on the way.", "Los nodos existen pero rechazan o no responden: el fallo está en ellos o en el camino.";
    RetryNow: "Retry now", "Reintentar ya";
    AddAnEndpoint: "Add an endpoint", "Añadir un nodo";
    WorkOffline: "Work offline", "Trabajar sin conexión";
    GoOnline: "Go online", "Conectar";
    OfflineTitle: "You work offline: nothing is asked of anybody.", "Trabajas sin conexión: no se pregunta a nadie.";
    OfflineMeans: "Values stay as they were last proven. Network lists who would be asked.", "Los valores quedan como se probaron. Red muestra a quién se preguntaría.";
    SeeTheProof: "See the proof", "Ver la prueba";
    NoneCouldProve: "No endpoint could prove this. Do not act on numbers from anywhere else.", "Ningún nodo pudo probarlo. No actúes con números de otra parte.";
    SentFalseData: "{} sent false data: {}.", "{} envió datos falsos: {}.";
    RejectedIt: "Lifeboat rejected it and stopped using {}.", "Lifeboat lo rechazó y dejó de usar {}.";
    OthersProve: "Your numbers are proven by others.", "Tus números los prueban otros.";
    ClockBehind: "Your computer clock is {} behind the network. Ages shown may be wrong, and new blocks may be refused.", "El reloj de tu equipo va {} por detrás de la red. Las edades pueden ser erróneas y rechazarse bloques nuevos.";
    ClockAhead: "Your computer clock is {} ahead of the network. Ages shown may be wrong.", "El reloj de tu equipo va {} por delante de la red. Las edades pueden ser erróneas.";
    ClockBasis: "Basis: the dates in the endpoints' replies. Lifeboat never sets its own clock from endpoints, because a false clock helps a false chain.", "Base: las fechas de las respuestas de los nodos. Lifeboat nunca ajusta su reloj con ellas: un reloj falso ayuda a una cadena falsa.";
    ClockFix: "How to fix: turn on automatic time in your system's settings.", "Arreglo: activa la hora automática en los ajustes del sistema.";
    ContinueAbout: "Continue, ages say \"about\"", "Seguir, las edades dicen «unos»";
    Fold: "Show less", "Mostrar menos";
    Unfold: "Show more", "Mostrar más";
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
    AccountOne: "Account", "Cuenta";
    SwitchAccount: "Account {}. Choose another.", "Cuenta {}. Elegir otra.";
    ManageAccounts: "Accounts and contacts", "Cuentas y contactos";
    WatchOnly: "watch-only", "solo mirar";
    AddAddress: "Add an address", "Añadir una dirección";
}
