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
