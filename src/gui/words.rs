//! The one translation table: every word the window shows, English first, then Spanish.

use super::language::Language;

macro_rules! words {
    ($($name:ident: $english:literal, $spanish:literal;)*) => {
        /// A word or sentence of the window.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[expect(missing_docs, reason = "the table beside each name is its meaning")]
        pub enum Word { $($name),* }

        impl Word {
            /// Every word.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The word in `language`. Values go where `{}` stands.
            pub fn of(self, language: Language) -> &'static str {
                match (self, language) {
                    $((Self::$name, Language::English) => $english, (Self::$name, Language::Spanish) => $spanish,)*
                }
            }
        }
    };
}

words! {
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
    Copied: "Copied {} ({} characters).", "Copiado: {} ({} caracteres).";
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
    NamesLater: "Names are not looked up yet: paste the 0x address.", "Los nombres aún no se buscan: pega la dirección 0x.";
    ToggleTheme: "Switch dark and light", "Cambiar claro y oscuro";
    ToggleCalm: "Calm mode on or off (F2)", "Modo calma sí o no (F2)";
    TestAll: "Test all endpoints", "Probar todos los nodos";
    VerifyAgain: "Verify again now (F5)", "Verificar de nuevo (F5)";
    SendDisabled: "Send: needs a way to sign, which this version does not have", "Enviar: necesita firmar, y esta versión no puede";
    Close: "Close", "Cerrar";
    // ---- addresses
    AddressLength: "That is {} characters; an address has 40 after 0x.", "Son {} caracteres; una dirección tiene 40 tras 0x.";
    AddressChecksum: "The checksum does not match, so a character is wrong. Copy it again.", "La suma de control no coincide: hay un carácter mal. Cópiala de nuevo.";
    AddressDigit: "“{}” is not a hex digit. An address is 0x and 40 digits 0–9, a–f.", "«{}» no es un dígito hexadecimal. Una dirección es 0x y 40 dígitos 0–9, a–f.";
    AddressEmpty: "Paste an address first.", "Pega primero una dirección.";
    NamesNeed: "Names are not looked up yet. Paste the 0x address to start now.", "Los nombres aún no se buscan. Pega la dirección 0x para empezar.";
    AddressSecret: "That looks like a secret. Lifeboat removed it and sent nothing.", "Eso parece un secreto. Lifeboat lo borró y no envió nada.";
    AddressLabel: "Address", "Dirección";
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
    // ---- network
    SeeNetwork: "open Network: it lists what each endpoint said and the ways out", "abre Red: muestra qué dijo cada nodo y las salidas";
    Head: "Head", "Cabeza";
    FinalHead: "Final", "Final";
    HeadLine: "block {} · slot {} · {} ago", "bloque {} · slot {} · hace {}";
    Participation: "Participation", "Participación";
    ParticipationLine: "{} of {} signed ({})", "firmaron {} de {} ({})";
    Lag: "Behind the clock", "Tras el reloj";
    LagLine: "{} slots", "{} slots";
    TrafficLine: "This run: {} requests, {} sent, {} received.", "Esta sesión: {} peticiones, {} enviados, {} recibidos.";
    Endpoints: "Endpoints", "Nodos";
    NoEndpoints: "No endpoints. Name some in settings.toml, or start with --beacon and --execution.", "Sin nodos. Nómbralos en settings.toml, o arranca con --beacon y --execution.";
    WhereEndpoints: "Endpoints are named in settings.toml in the data folder; Lifeboat reads it at start.", "Los nodos se nombran en settings.toml, en la carpeta de datos; Lifeboat lo lee al arrancar.";
    WorksWell: "OK", "Bien";
    Slow: "Slow", "Lento";
    Behind: "Behind by {} slots", "Retraso de {} slots";
    Down: "Failing", "Falla";
    NotAsked: "Not asked yet", "Sin preguntar";
    WrongChain: "Wrong chain", "Otra cadena";
    Lied: "Lied", "Mintió";
    LiedMeans: "Its answer broke the rule above. Nothing it said was used, and it is not asked again until you forgive it.", "Su respuesta rompió la regla de arriba. Nada de lo que dijo se usó, y no se le pregunta hasta que la perdones.";
    Forgive: "Forgive", "Perdonar";
    Consensus: "Consensus", "Consenso";
    Execution: "Execution", "Ejecución";
    CarriedBy: "carried by {}", "llevado por {}";
    CarrierUnknown: "unknown", "desconocido";
    Answers: "answers {}", "responde {}";
    RequestsMade: "{} requests", "{} peticiones";
    RestsFor: "rests {}", "descansa {}";
    TestFound: "What the test found at {}", "Qué halló la prueba en {}";
    TestUnverified: "Unverified: an ability is a promise.", "Sin verificar: una capacidad es una promesa.";
    OneCarrier: "All known carriers are one: {}. If it fails, everything here fails. Add an independent endpoint.", "Todo va por un solo transporte: {}. Si falla, falla todo. Añade un nodo independiente.";
    ManyCarriers: "Carried by {} different ones: {}. If one fails, the others go on.", "Por {} transportes distintos: {}. Si uno falla, siguen los demás.";
    CheckpointTitle: "Where trust starts", "Dónde empieza la confianza";
    CompareSources: "Compare sources", "Comparar fuentes";
    NoCheckpointYet: "Looking for the checkpoint.", "Buscando el punto de control.";
    Root: "Root", "Raíz";
    Origin: "Origin", "Origen";
    OriginShipped: "shipped with {}", "incluido en {}";
    OriginUser: "given by you", "dado por ti";
    Old: "{} old", "de hace {}";
    Resumed: "continued from the last run", "continúa la última sesión";
    AcceptedOld: "Used although it was too old: that was your decision.", "Usado aunque era demasiado viejo: fue tu decisión.";
    SourcesAgree: "{} of {} sources agree", "{} de {} fuentes coinciden";
    CompareMeans: "Unverified: this is what endpoints call finalized. Compare a root with one from another device or person.", "Sin verificar: es lo que los nodos llaman final. Compara una raíz con la de otro equipo o persona.";
    EpochRoot: "epoch {}", "época {}";
    StartElsewhere: "Start from another checkpoint", "Empezar desde otro punto de control";
    RootLabel: "Checkpoint root", "Raíz del punto de control";
    RootHint: "0x and 64 digits", "0x y 64 dígitos";
    RootMeans: "Only one that you got from somebody you trust: everything shown hangs on it.", "Solo una que te dio alguien de confianza: todo lo mostrado cuelga de ella.";
    UseRoot: "Start from this root", "Empezar desde esta raíz";
    RootWrong: "A root is 0x and 64 hex digits.", "Una raíz es 0x y 64 dígitos hexadecimales.";
    TypeDays: "To use the old checkpoint anyway for this run, type its age in days: {}", "Para usar el viejo de todos modos, escribe su edad en días: {}";
    UseAnyway: "Use it anyway", "Usarlo de todos modos";
    // ---- settings and about
    Display: "Display", "Pantalla";
    Theme: "Theme", "Tema";
    ThemeSystem: "As the system", "Como el sistema";
    ThemeDark: "Dark", "Oscuro";
    ThemeLight: "Light", "Claro";
    ThemeContrast: "High contrast", "Alto contraste";
    LanguageWord: "Language", "Idioma";
    Zoom: "Zoom", "Zoom";
    CalmMode: "Calm mode: larger, one thing at a time (F2)", "Modo calma: más grande, una cosa a la vez (F2)";
    ChangeNetwork: "Choose another with `lifeboat --network NAME`; `--network practice` is a whole Ethereum inside this program.", "Elige otra con `lifeboat --network NOMBRE`; `--network practice` es un Ethereum entero dentro del programa.";
    Data: "Data", "Datos";
    Folder: "Folder", "Carpeta";
    NothingKept: "Nothing of this run is kept.", "Nada de esta sesión se guarda.";
    CopyFolder: "Copy folder", "Copiar carpeta";
    ForgetAccounts: "Forget all addresses", "Olvidar todas las direcciones";
    ForgetMeans: "Forgetting removes the addresses from this computer. Nothing on the chain changes.", "Olvidar borra las direcciones de este equipo. En la cadena no cambia nada.";
    AboutWhat: "Use Ethereum when the hosted front ends, explorers and RPC companies are down: every answer is proven on this computer.", "Usa Ethereum cuando caen las webs, exploradores y proveedores: cada respuesta se prueba en este equipo.";
    ShippedCheckpoint: "Shipped checkpoint", "Punto de control incluido";
    Licence: "Licence", "Licencia";
    AboutTrustTitle: "What you trust", "En qué confías";
    AboutTrust1: "The checkpoint this build ships, or the one you give.", "El punto de control incluido, o el que tú des.";
    AboutTrust2: "That under a third of each day's random sync committee lies.", "Que miente menos de un tercio del comité aleatorio de cada día.";
    AboutTrust3: "This program and this computer. No endpoint is trusted.", "Este programa y este equipo. Ningún nodo es de confianza.";
    KeysTitle: "Keys", "Teclas";
    Keys1: "Ctrl+K  search, paste, commands", "Ctrl+K  buscar, pegar, comandos";
    Keys2: "Ctrl+1 to Ctrl+5  screens · Ctrl+,  settings · Ctrl+Shift+M  messages", "Ctrl+1 a Ctrl+5  pantallas · Ctrl+,  ajustes · Ctrl+Mayús+M  mensajes";
    Keys3: "F5  verify again · F2  calm mode · Ctrl+Shift+H  hide amounts", "F5  verificar · F2  modo calma · Ctrl+Mayús+H  ocultar cantidades";
    Keys4: "Ctrl and + or \u{2212}  zoom", "Ctrl y + o \u{2212}  zoom";
    // ---- practice
    NoPractice: "Start `lifeboat --network practice` for a whole Ethereum inside this program, to try outages without risk.", "Arranca `lifeboat --network practice`: un Ethereum entero dentro del programa, para probar fallos sin riesgo.";
    PracticeMeans: "Order an outage and watch the trust bar, Network and your balances. Nothing here is real.", "Ordena un fallo y mira la barra, Red y tus saldos. Nada aquí es real.";
    ByCarrier: "By carrier", "Por transporte";
    Everyone: "All endpoints", "Todos los nodos";
    EachEndpoint: "Each endpoint", "Cada nodo";
    SeenAs: "Lifeboat sees: {}", "Lifeboat ve: {}";
    OutageWell: "Well", "Bien";
    OutageOff: "Switched off", "Apagado";
    OutageSlow: "Slow", "Lento";
    OutageLie: "Lies", "Miente";
    OutageFreeze: "Frozen", "Congelado";
    OutageRate: "Rate limit", "Límite";
}
