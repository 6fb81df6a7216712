// @ts-check
/** @import { Strings } from "../strings.js" */
import { createGrammar } from "./grammar.js";

const { about, counted, list, number, phrase } = createGrammar("de");

/**
 * Die Texte auf Deutsch.
 *
 * @type {Strings}
 */
export default Object.freeze({
  grammar: { list, number },

  common: {
    tryAgain: "Erneut versuchen",
    cancel: "Abbrechen",
    copyLink: "Link kopieren",
    linkCopied: "Link kopiert",
    textCopied: "Text kopiert",
    you: "du",
  },

  people: {
    title: "Personen",
    here: "Wer hier ist",
    others: counted({ one: "# weitere Person", other: "# weitere" }),
    more: counted({ one: "und # weitere Person", other: "und # weitere" }),
    toggle: counted({ one: "Personen: # Person hier", other: "Personen: # Personen hier" }),
    nobodyHere: "Noch ist niemand hier.",
    nobodyElse: "Außer dir ist niemand hier. Mit dem Link kannst du jemanden einladen.",
    areHere: about({ one: "{people} ist hier.", other: "{people} sind hier." }),
    joined: about({ one: "{people} ist gekommen", other: "{people} sind gekommen" }),
    left: about({ one: "{people} ist gegangen", other: "{people} sind gegangen" }),
    moves: phrase("{joined}, {left}"),
    typing: about({ one: "{people} schreibt …", other: "{people} schreiben …" }),
    severalTyping: "Mehrere Personen schreiben …",
    reacted: counted({ one: "# Person", other: "# Personen" }),
    youReacted: "Du",
    backToMessages: "Zurück zu den Nachrichten",
    leaveRoom: "Raum verlassen",
  },

  signIn: {
    lead: phrase("Komm herein zu {room}. Ein Name genügt."),
    yourName: "Dein Name",
    join: "Beitreten",
    noName: "Gib zuerst einen Namen ein.",
    nameTaken: (name) => `„${name}“ heißt hier schon jemand. Wähle einen anderen Namen.`,
    nameRefused: (name) => `„${name}“ geht hier nicht als Name. Wähle einen anderen.`,
    signedOut: "Du bist nicht mehr angemeldet. Gib deinen Namen ein, um zurückzukommen.",
    removed: "Du wurdest von der Moderation entfernt.",
    ended: "Der Server hat deine Sitzung beendet.",
    trying: "Der Server ist nicht erreichbar. Neuer Versuch …",
    unreachable:
      "Der Server ist nicht erreichbar. Prüfe deine Verbindung und versuche es noch einmal.",
    serverFailed: "Beim Server ist etwas schiefgegangen. Versuche es noch einmal.",
  },

  rooms: {
    title: "Räume",
    open: "Raum öffnen",
    openOrMake: "Raum öffnen/anlegen",
    roomName: "Name des Raums",
    badName: "Ein Raumname hat bis zu 32 Zeichen: a–z, 0–9 und -.",
    back: "Zurück zu den Räumen",
    backUnread: counted({
      one: "Zurück zu den Räumen, dort ist # ungelesene Nachricht",
      other: "Zurück zu den Räumen, dort sind # ungelesene Nachrichten",
    }),
    unread: counted({ one: "# ungelesene Nachricht", other: "# ungelesene Nachrichten" }),
    mentions: counted({ one: "du wirst #-mal erwähnt", other: "du wirst #-mal erwähnt" }),
    unreadAndMentions: (unread, mentions) => `${unread}, ${mentions}`,
    signOut: "Abmelden",
  },

  refused: {
    bad_request: "Das hat der Server nicht verstanden.",
    unknown_type: "Das kann der Server nicht.",
    too_long: "Das ist zu lang.",
    rate_limited: "Das ging etwas zu schnell. Versuche es gleich noch einmal.",
    not_joined: "Du bist nicht in diesem Raum.",
    not_found: "Das gibt es hier nicht mehr.",
    forbidden: "Das darfst du nicht.",
    name_taken: "Jemand anderes hat diesen Namen. Wähle einen anderen.",
    bad_name: "Das geht nicht als Name. Wähle einen anderen.",
    unauthorized: "Du bist nicht mehr angemeldet.",
    room_full: "Dieser Raum ist voll.",
    too_many: "Das ist zu viel. Versuche es später noch einmal.",
    unavailable: "Das kann der Server gerade nicht. Versuche es später noch einmal.",
    internal: "Beim Server ist etwas schiefgegangen. Versuche es noch einmal.",
  },

  link: {
    connected: "Verbunden",
    reconnecting: "Verbindung wird wiederhergestellt …",
    offline: "Offline",
    kept: "Deine Nachrichten gehen nicht verloren.",
    keptInPage: "Deine Nachrichten bleiben erhalten, solange diese Seite offen ist.",
    reload: "Lade die Seite neu, um zurückzukommen.",
    back: "Wieder online.",
  },

  log: {
    title: "Nachrichten",
    fetchingEarlier: "Frühere Nachrichten werden geladen …",
    noEarlier: "Frühere Nachrichten konnten nicht geladen werden.",
    fetchingLater: "Spätere Nachrichten werden geladen …",
    noLater: "Spätere Nachrichten konnten nicht geladen werden.",
    beginning: "Hier beginnt das Gespräch.",
    empty: "Hier wurde noch nichts gesagt.",
    new: "Neu",
    missing: "Hier fehlen Nachrichten",
    fetchThem: "Laden",
    fetchingMissing: "Was fehlt, wird geladen …",
    noMissing: "Was hier fehlt, konnte nicht geladen werden",
    replaced: "Der Verlauf dieses Raums wurde ersetzt. Du siehst, was der Server hat.",
    newMessages: counted({ one: "# neue Nachricht", other: "# neue Nachrichten" }),
    jump: "Zum Neuesten",
    gone: "Diese Nachricht gibt es hier nicht mehr.",
    goToDate: "Zu einem Datum gehen",
    date: "Datum",
    go: "Los",
  },

  message: {
    waiting: "wartet auf das Senden",
    failed: "nicht gesendet",
    edited: "bearbeitet",
    deleted: "Diese Nachricht wurde gelöscht.",
    youDeleted: "Du hast diese Nachricht gelöscht.",
    earlier: "Eine frühere Nachricht",
    showMore: "Mehr anzeigen",
    showLess: "Weniger anzeigen",
    undo: "Rückgängig",
    notSent: "Nicht gesendet.",
    notSaved: "Deine Änderung wurde nicht gespeichert.",
    notDeleted: "Nicht gelöscht.",
    discard: "Verwerfen",
    reactions: "Reaktionen",
    actions: "Aktionen",
  },

  actions: {
    react: "Reagieren",
    reply: "Antworten",
    copyText: "Text kopieren",
    copyLink: "Link kopieren",
    edit: "Bearbeiten",
    delete: "Löschen",
  },

  composer: {
    message: "Nachricht",
    placeholder: (room) => `Nachricht an #${room}`,
    send: "Senden",
    cancelByKey: "Abbrechen (Escape)",
    editing: "Du bearbeitest deine Nachricht",
    replying: "Antwort",
    replyingTo: (name, text) => `Antwort an ${name}: ${text}`,
    left: counted({ one: "noch #", other: "noch #" }),
    tooMany: counted({ one: "# zu viel", other: "# zu viel" }),
    suggestions: "Vorschläge",
  },

  emoji: {
    title: "Emoji",
    any: "Beliebiges Emoji",
    find: "Emoji suchen oder einfügen",
    common: "Häufige",
    all: "Alle",
    notFetched: "Die anderen Emoji konnten nicht geladen werden.",
    unknown: "So heißt kein Emoji.",
    thumbsUp: "Daumen hoch",
    heart: "Herz",
    tearsOfJoy: "Freudentränen",
    party: "Party",
    surprised: "Überrascht",
    sad: "Traurig",
    thankYou: "Danke",
    looking: "Ich schaue",
  },

  bell: {
    title: "Benachrichtigungen",
    notifyOf: "Benachrichtige mich über",
    all: "Alle Nachrichten",
    mentions: "Erwähnungen",
    none: "Nichts",
    inAllRooms: "In allen Räumen",
    desktop: "Benachrichtigungen auf dem Desktop",
    sound: "Ton",
    denied:
      "Dein Browser blockiert Benachrichtigungen dieser Seite. In seinen Einstellungen kannst du sie erlauben.",
    missing: "Dein Browser zeigt keine Benachrichtigungen dieser Seite.",
  },

  settings: {
    title: "Einstellungen",
    close: "Schließen",
    theme: "Farben",
    system: "System",
    light: "Hell",
    dark: "Dunkel",
    density: "Abstände",
    comfortable: "Luftig",
    compact: "Kompakt",
    language: "Sprache",
    automatic: "Automatisch",
    languageNote: "Die Seite wird in der neuen Sprache neu geladen.",
    name: "Name",
    signInElse: "Unter anderem Namen anmelden",
    nameNote:
      "Du wirst zuerst abgemeldet: Dein Name wird frei, und was noch nicht gesendet ist, geht verloren. Unter einem anderen Namen bist du hier jemand Neues; was du geschrieben hast, bleibt unter dem alten stehen.",
  },
});
