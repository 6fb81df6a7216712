// @ts-check
/** @import { Strings } from "../strings.js" */
import { createGrammar } from "./grammar.js";

const { about, counted, list, number, phrase } = createGrammar("fr");

/**
 * Les textes en français. Devant « : », « ! » et « ? » se met une espace insécable.
 *
 * @type {Strings}
 */
export default Object.freeze({
  grammar: { list, number },

  common: {
    tryAgain: "Réessayer",
    cancel: "Annuler",
    copyLink: "Copier le lien",
    linkCopied: "Lien copié",
    textCopied: "Texte copié",
    you: "vous",
  },

  people: {
    title: "Personnes",
    here: "Qui est là",
    others: counted({ one: "# autre", many: "# d’autres", other: "# autres" }),
    more: counted({ one: "et # de plus", many: "et # de plus", other: "et # de plus" }),
    toggle: counted({
      one: "Personnes\u00a0: # personne ici",
      many: "Personnes\u00a0: # de personnes ici",
      other: "Personnes\u00a0: # personnes ici",
    }),
    nobodyHere: "Il n’y a encore personne ici.",
    nobodyElse: "Il n’y a personne d’autre ici. Invitez quelqu’un avec le lien.",
    areHere: about({
      one: "{people} est là.",
      many: "{people} sont là.",
      other: "{people} sont là.",
    }),
    joined: about({
      one: "{people} a rejoint le salon",
      many: "{people} ont rejoint le salon",
      other: "{people} ont rejoint le salon",
    }),
    left: about({
      one: "{people} a quitté le salon",
      many: "{people} ont quitté le salon",
      other: "{people} ont quitté le salon",
    }),
    moves: phrase("{joined}, {left}"),
    typing: about({
      one: "{people} écrit…",
      many: "{people} écrivent…",
      other: "{people} écrivent…",
    }),
    severalTyping: "Plusieurs personnes écrivent…",
    reacted: counted({ one: "# personne", many: "# de personnes", other: "# personnes" }),
    youReacted: "Vous",
    backToMessages: "Retour aux messages",
    leaveRoom: "Quitter le salon",
  },

  signIn: {
    lead: phrase("Entrez dans {room}. Un nom suffit."),
    yourName: "Votre nom",
    join: "Entrer",
    noName: "Écrivez d’abord un nom.",
    nameTaken: (name) =>
      `Quelqu’un s’appelle déjà «\u00a0${name}\u00a0» ici. Choisissez un autre nom.`,
    nameRefused: (name) => `«\u00a0${name}\u00a0» ne convient pas ici. Choisissez un autre nom.`,
    signedOut: "Votre session est terminée. Écrivez votre nom pour revenir.",
    removed: "La modération vous a exclu du serveur.",
    ended: "Le serveur a mis fin à votre session.",
    trying: "Le serveur est injoignable. Nouvelle tentative…",
    unreachable: "Le serveur est injoignable. Vérifiez votre connexion et réessayez.",
    serverFailed: "Le serveur a rencontré une erreur. Réessayez.",
  },

  rooms: {
    title: "Salons",
    open: "Ouvrir le salon",
    openOrMake: "Ouvrir ou créer un salon",
    roomName: "Nom du salon",
    badName: "Le nom d’un salon a jusqu’à 32 caractères parmi a-z, 0-9 et -.",
    back: "Retour aux salons",
    backUnread: counted({
      one: "Retour aux salons, # message non lu",
      many: "Retour aux salons, # de messages non lus",
      other: "Retour aux salons, # messages non lus",
    }),
    unread: counted({
      one: "# message non lu",
      many: "# de messages non lus",
      other: "# messages non lus",
    }),
    mentions: counted({
      one: "# mention de vous",
      many: "# de mentions de vous",
      other: "# mentions de vous",
    }),
    unreadAndMentions: (unread, mentions) => `${unread}, ${mentions}`,
    signOut: "Se déconnecter",
  },

  refused: {
    bad_request: "Le serveur n’a pas compris la demande.",
    unknown_type: "Le serveur ne sait pas faire cela.",
    too_long: "C’est trop long.",
    rate_limited: "C’était un peu rapide. Réessayez dans un instant.",
    not_joined: "Vous n’êtes pas dans ce salon.",
    not_found: "Cela ne se trouve plus ici.",
    forbidden: "Vous n’avez pas le droit de faire cela.",
    name_taken: "Quelqu’un d’autre porte ce nom. Choisissez-en un autre.",
    bad_name: "Ce nom ne convient pas. Choisissez-en un autre.",
    unauthorized: "Votre session est terminée.",
    room_full: "Ce salon est plein.",
    too_many: "C’est trop. Réessayez plus tard.",
    unavailable: "Le serveur ne peut pas le faire pour le moment. Réessayez plus tard.",
    internal: "Le serveur a rencontré une erreur. Réessayez.",
  },

  link: {
    connected: "En ligne",
    reconnecting: "Reconnexion…",
    offline: "Hors ligne",
    kept: "Vos messages sont conservés.",
    keptInPage: "Vos messages sont conservés tant que cette page reste ouverte.",
    reload: "Rechargez la page pour revenir.",
    back: "De nouveau en ligne.",
  },

  log: {
    title: "Messages",
    fetchingEarlier: "Chargement des messages précédents…",
    noEarlier: "Les messages précédents n’ont pas pu être chargés.",
    fetchingLater: "Chargement des messages suivants…",
    noLater: "Les messages suivants n’ont pas pu être chargés.",
    beginning: "La conversation commence ici.",
    empty: "Rien n’a encore été dit ici.",
    new: "Nouveau",
    missing: "Des messages manquent ici",
    fetchThem: "Les charger",
    fetchingMissing: "Chargement de ce qui manque…",
    noMissing: "Ce qui manque ici n’a pas pu être chargé",
    replaced: "L’historique de ce salon a été remplacé. Vous voyez ce que le serveur a conservé.",
    newMessages: counted({
      one: "# nouveau message",
      many: "# de nouveaux messages",
      other: "# nouveaux messages",
    }),
    jump: "Aller au plus récent",
    gone: "Ce message ne se trouve plus ici.",
    goToDate: "Aller à une date",
    date: "Date",
    go: "Aller",
  },

  message: {
    waiting: "en attente d’envoi",
    failed: "non envoyé",
    edited: "modifié",
    deleted: "Ce message a été supprimé.",
    youDeleted: "Vous avez supprimé ce message.",
    earlier: "Un message précédent",
    showMore: "Afficher plus",
    showLess: "Afficher moins",
    undo: "Annuler",
    notSent: "Non envoyé.",
    notSaved: "Votre modification n’a pas été enregistrée.",
    notDeleted: "Non supprimé.",
    discard: "Abandonner",
    reactions: "Réactions",
    actions: "Actions",
  },

  actions: {
    react: "Réagir",
    reply: "Répondre",
    copyText: "Copier le texte",
    copyLink: "Copier le lien",
    edit: "Modifier",
    delete: "Supprimer",
  },

  composer: {
    message: "Message",
    placeholder: (room) => `Message à #${room}`,
    send: "Envoyer",
    cancelByKey: "Annuler (Échap)",
    editing: "Modification de votre message",
    replying: "Réponse",
    replyingTo: (name, text) => `Réponse à ${name}\u00a0: ${text}`,
    left: counted({ one: "reste #", many: "reste #", other: "reste #" }),
    tooMany: counted({ one: "# de trop", many: "# de trop", other: "# de trop" }),
    suggestions: "Suggestions",
  },

  emoji: {
    title: "Émojis",
    any: "Tout émoji",
    find: "Chercher ou coller un émoji",
    common: "Fréquents",
    all: "Tous",
    notFetched: "Les autres émojis n’ont pas pu être chargés.",
    unknown: "Aucun émoji ne s’appelle ainsi.",
    thumbsUp: "Pouce levé",
    heart: "Cœur",
    tearsOfJoy: "Larmes de joie",
    party: "Fête",
    surprised: "Surprise",
    sad: "Tristesse",
    thankYou: "Merci",
    looking: "Je regarde",
  },

  bell: {
    title: "Notifications",
    notifyOf: "M’avertir",
    all: "De tous les messages",
    mentions: "Des mentions",
    none: "De rien",
    inAllRooms: "Dans tous les salons",
    desktop: "Notifications du bureau",
    sound: "Son",
    denied:
      "Votre navigateur bloque les notifications de cette page. Ses réglages permettent de les autoriser.",
    missing: "Votre navigateur n’affiche pas les notifications de cette page.",
  },

  settings: {
    title: "Réglages",
    close: "Fermer",
    theme: "Thème",
    system: "Système",
    light: "Clair",
    dark: "Sombre",
    density: "Densité",
    comfortable: "Aérée",
    compact: "Compacte",
    language: "Langue",
    automatic: "Automatique",
    languageNote: "La page se recharge dans la nouvelle langue.",
    name: "Nom",
    signInElse: "Entrer sous un autre nom",
    nameNote:
      "Votre session se ferme d’abord\u00a0: votre nom devient libre et ce qui n’est pas encore envoyé est perdu. Sous un autre nom, vous êtes quelqu’un de nouveau ici\u00a0; ce que vous avez écrit reste sous l’ancien.",
  },
});
