// @ts-check
/** @import { Strings } from "../strings.js" */
import { createGrammar } from "./grammar.js";

const { about, counted, list, number, phrase } = createGrammar("es");

/**
 * Los textos en español.
 *
 * @type {Strings}
 */
export default Object.freeze({
  grammar: { list, number },

  common: {
    tryAgain: "Reintentar",
    cancel: "Cancelar",
    copyLink: "Copiar enlace",
    linkCopied: "Enlace copiado",
    textCopied: "Texto copiado",
    you: "tú",
  },

  people: {
    title: "Personas",
    here: "Quién está aquí",
    others: counted({ one: "# más", many: "# más", other: "# más" }),
    more: counted({ one: "y # más", many: "y # más", other: "y # más" }),
    toggle: counted({
      one: "Personas: # persona aquí",
      many: "Personas: # de personas aquí",
      other: "Personas: # personas aquí",
    }),
    nobodyHere: "Todavía no hay nadie aquí.",
    nobodyElse: "No hay nadie más aquí. Invita a alguien con el enlace.",
    areHere: about({
      one: "{people} está aquí.",
      many: "{people} están aquí.",
      other: "{people} están aquí.",
    }),
    joined: about({
      one: "{people} entró",
      many: "{people} entraron",
      other: "{people} entraron",
    }),
    left: about({ one: "{people} salió", many: "{people} salieron", other: "{people} salieron" }),
    moves: phrase("{joined}, {left}"),
    typing: about({
      one: "{people} está escribiendo…",
      many: "{people} están escribiendo…",
      other: "{people} están escribiendo…",
    }),
    severalTyping: "Varias personas están escribiendo…",
    reacted: counted({ one: "# persona", many: "# de personas", other: "# personas" }),
    youReacted: "Tú",
    backToMessages: "Volver a los mensajes",
    leaveRoom: "Salir de la sala",
  },

  signIn: {
    lead: phrase("Entra en {room}. Basta con un nombre."),
    yourName: "Tu nombre",
    join: "Entrar",
    noName: "Escribe primero un nombre.",
    nameTaken: (name) => `Aquí ya hay alguien que se llama «${name}». Elige otro nombre.`,
    nameRefused: (name) => `«${name}» no puede ser un nombre aquí. Elige otro.`,
    signedOut: "Tu sesión ha terminado. Escribe tu nombre para volver.",
    removed: "La moderación te ha expulsado.",
    ended: "El servidor ha cerrado tu sesión.",
    trying: "No se puede conectar con el servidor. Reintentando…",
    unreachable:
      "No se puede conectar con el servidor. Comprueba tu conexión e inténtalo de nuevo.",
    serverFailed: "El servidor ha fallado. Inténtalo de nuevo.",
  },

  rooms: {
    title: "Salas",
    open: "Abrir sala",
    openOrMake: "Abrir o crear sala",
    roomName: "Nombre de la sala",
    badName: "El nombre de una sala tiene hasta 32 caracteres: a-z, 0-9 y -.",
    back: "Volver a las salas",
    backUnread: counted({
      one: "Volver a las salas, hay # mensaje sin leer",
      many: "Volver a las salas, hay # de mensajes sin leer",
      other: "Volver a las salas, hay # mensajes sin leer",
    }),
    unread: counted({
      one: "# mensaje sin leer",
      many: "# de mensajes sin leer",
      other: "# mensajes sin leer",
    }),
    mentions: counted({
      one: "# mención tuya",
      many: "# de menciones tuyas",
      other: "# menciones tuyas",
    }),
    unreadAndMentions: (unread, mentions) => `${unread}, ${mentions}`,
    signOut: "Cerrar sesión",
  },

  refused: {
    bad_request: "El servidor no lo ha entendido.",
    unknown_type: "El servidor no puede hacer eso.",
    too_long: "Es demasiado largo.",
    rate_limited: "Has ido un poco rápido. Inténtalo de nuevo en un momento.",
    not_joined: "No estás en esta sala.",
    not_found: "Eso ya no está aquí.",
    forbidden: "No tienes permiso para hacer eso.",
    name_taken: "Otra persona tiene este nombre. Elige otro.",
    bad_name: "Eso no puede ser un nombre. Elige otro.",
    unauthorized: "Tu sesión ha terminado.",
    room_full: "Esta sala está llena.",
    too_many: "Son demasiados. Inténtalo más tarde.",
    unavailable: "El servidor no puede hacerlo ahora. Inténtalo más tarde.",
    internal: "El servidor ha fallado. Inténtalo de nuevo.",
  },

  link: {
    connected: "En línea",
    reconnecting: "Reconectando…",
    offline: "Sin conexión",
    kept: "Tus mensajes no se pierden.",
    keptInPage: "Tus mensajes se conservan mientras esta página siga abierta.",
    reload: "Vuelve a cargar la página para regresar.",
    back: "De nuevo en línea.",
  },

  log: {
    title: "Mensajes",
    fetchingEarlier: "Cargando mensajes anteriores…",
    noEarlier: "No se han podido cargar los mensajes anteriores.",
    fetchingLater: "Cargando mensajes posteriores…",
    noLater: "No se han podido cargar los mensajes posteriores.",
    beginning: "Aquí empieza la conversación.",
    empty: "Aquí todavía no se ha dicho nada.",
    new: "Nuevo",
    missing: "Aquí faltan mensajes",
    fetchThem: "Cargarlos",
    fetchingMissing: "Cargando lo que falta…",
    noMissing: "No se ha podido cargar lo que falta aquí",
    replaced: "El historial de esta sala se ha reemplazado. Ves lo que tiene el servidor.",
    newMessages: counted({
      one: "# mensaje nuevo",
      many: "# de mensajes nuevos",
      other: "# mensajes nuevos",
    }),
    jump: "Ir a lo más reciente",
    gone: "Ese mensaje ya no está aquí.",
    goToDate: "Ir a una fecha",
    date: "Fecha",
    go: "Ir",
  },

  message: {
    waiting: "pendiente de envío",
    failed: "sin enviar",
    edited: "editado",
    deleted: "Este mensaje se ha eliminado.",
    youDeleted: "Has eliminado este mensaje.",
    earlier: "Un mensaje anterior",
    showMore: "Mostrar más",
    showLess: "Mostrar menos",
    undo: "Deshacer",
    notSent: "No enviado.",
    notSaved: "Tu cambio no se ha guardado.",
    notDeleted: "No eliminado.",
    discard: "Descartar",
    reactions: "Reacciones",
    actions: "Acciones",
  },

  actions: {
    react: "Reaccionar",
    reply: "Responder",
    copyText: "Copiar texto",
    copyLink: "Copiar enlace",
    edit: "Editar",
    delete: "Eliminar",
  },

  composer: {
    message: "Mensaje",
    placeholder: (room) => `Mensaje para #${room}`,
    send: "Enviar",
    cancelByKey: "Cancelar (Escape)",
    editing: "Editando tu mensaje",
    replying: "Respondiendo",
    replyingTo: (name, text) => `Respondiendo a ${name}: ${text}`,
    left: counted({ one: "queda #", many: "quedan #", other: "quedan #" }),
    tooMany: counted({ one: "sobra #", many: "sobran #", other: "sobran #" }),
    suggestions: "Sugerencias",
  },

  emoji: {
    title: "Emojis",
    any: "Cualquier emoji",
    find: "Busca o pega un emoji",
    common: "Frecuentes",
    all: "Todos",
    notFetched: "No se han podido cargar los demás emojis.",
    unknown: "Ningún emoji se llama así.",
    thumbsUp: "Pulgar arriba",
    heart: "Corazón",
    tearsOfJoy: "Lágrimas de alegría",
    party: "Fiesta",
    surprised: "Sorpresa",
    sad: "Tristeza",
    thankYou: "Gracias",
    looking: "Estoy mirando",
  },

  bell: {
    title: "Notificaciones",
    notifyOf: "Avísame de",
    all: "Todos los mensajes",
    mentions: "Menciones",
    none: "Nada",
    inAllRooms: "En todas las salas",
    desktop: "Notificaciones de escritorio",
    sound: "Sonido",
    denied:
      "Tu navegador bloquea las notificaciones de esta página. Puedes permitirlas en su configuración.",
    missing: "Tu navegador no muestra notificaciones de esta página.",
  },

  settings: {
    title: "Configuración",
    close: "Cerrar",
    theme: "Colores",
    system: "Sistema",
    light: "Claro",
    dark: "Oscuro",
    density: "Espaciado",
    comfortable: "Cómodo",
    compact: "Compacto",
    language: "Idioma",
    automatic: "Automático",
    languageNote: "La página se vuelve a cargar en el nuevo idioma.",
    name: "Nombre",
    signInElse: "Entrar con otro nombre",
    nameNote:
      "Primero se cierra tu sesión: tu nombre queda libre y lo que aún no se ha enviado se pierde. Con otro nombre serás otra persona aquí; lo que has escrito se queda con el nombre de antes.",
  },
});
