//! Settings, About and the practice network.

use super::word::{Word, words};

words! { ALL;
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
    ReduceMotion: "Reduce motion", "Reducir movimiento";
    NumberStyle: "Numbers", "Números";
    AboutLifeboat: "About Lifeboat", "Acerca de Lifeboat";
    ThisNetwork: "Open now", "Abierta";
    TryPractice: "Try it without risk", "Probar sin riesgo";
    OpenMainnet: "Open Ethereum", "Abrir Ethereum";
    OpenSepolia: "Open Sepolia", "Abrir Sepolia";
    OpenHoodi: "Open Hoodi", "Abrir Hoodi";
    NetworksMean: "Practice is a whole Ethereum inside this program: nothing there is real. Each network has its own addresses.", "La práctica es un Ethereum entero dentro del programa: nada allí es real. Cada red tiene sus direcciones.";
    ProxyLabel: "Proxy for every request", "Proxy para cada petición";
    ProxyMeans: "Tor listens at socks5h://127.0.0.1:9050; then no endpoint sees your IP address. Empty uses the system's.", "Tor escucha en socks5h://127.0.0.1:9050; así ningún nodo ve tu IP. Vacío usa el del sistema.";
    ProxyWrong: "A proxy begins with socks5h://, socks5://, http:// or https://.", "Un proxy empieza por socks5h://, socks5://, http:// o https://.";
    ProxyReopens: "The network is opened again through it.", "La red se abre de nuevo a través de él.";
    UseProxy: "Use it", "Usarlo";
    OpeningNetwork: "Opening {}", "Abriendo {}";
    NotOpened: "The network could not be opened", "No se pudo abrir la red";
    CloseWindow: "Close Lifeboat", "Cerrar Lifeboat";
    FolderHow: "Start with --data-dir to keep it elsewhere.", "Arranca con --data-dir para guardarlo en otro sitio.";
    KeepIt: "Keep it", "Conservar";
    Wipe: "Wipe this computer's data", "Borrar los datos de este equipo";
    WipeNow: "Wipe", "Borrar";
    WipeAsk: "Wipe addresses, contacts and what was fetched?", "¿Borrar direcciones, contactos y lo descargado?";
    WipeMeans: "Gone are the addresses and contacts of every network, their last values, and this network's checkpoint, bytecode and kept evidence. Settings and key files stay. Nothing on the chain changes.", "Se borran direcciones y contactos de todas las redes, sus últimos valores, y de esta red el punto de control, el código y la evidencia. Ajustes y claves quedan. En la cadena no cambia nada.";
    Data: "Data", "Datos";
    Folder: "Folder", "Carpeta";
    NothingKept: "Nothing of this run is kept.", "Nada de esta sesión se guarda.";
    CopyFolder: "Copy folder", "Copiar carpeta";
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
    Keys3: "F5  verify again · F6  next region · F2  calm mode · Ctrl+Shift+H  hide amounts", "F5  verificar · F6  siguiente zona · F2  modo calma · Ctrl+Mayús+H  ocultar cantidades";
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
