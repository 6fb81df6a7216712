// @ts-check
import { createGrammar } from "./grammar.js";

const { about, counted, list, number, phrase } = createGrammar("en-GB");

/**
 * All texts of the page in English: the other languages have the same keys. They stand in the groups of the parts of the
 * page. The names of what can be pressed or written into are what screen readers say.
 */
export default Object.freeze({
  /** Numbers and lists as the language writes them. */
  grammar: { list, number },

  /** What several parts of the page say. */
  common: {
    tryAgain: "Try again",
    cancel: "Cancel",
    copyLink: "Copy link",
    linkCopied: "Link copied",
    textCopied: "Text copied",
    you: "you",
  },

  people: {
    title: "People",
    here: "People here",
    others: counted({ one: "# other", other: "# others" }),
    more: counted({ one: "and # more", other: "and # more" }),
    toggle: counted({ one: "People: # person here", other: "People: # people here" }),
    nobodyHere: "Nobody is here yet.",
    nobodyElse: "Nobody else is here. Bring somebody with the link.",
    areHere: about({ one: "{people} is here.", other: "{people} are here." }),
    joined: about({ one: "{people} joined", other: "{people} joined" }),
    left: about({ one: "{people} left", other: "{people} left" }),
    moves: phrase("{joined}, {left}"),
    typing: about({ one: "{people} is typing…", other: "{people} are typing…" }),
    severalTyping: "Several people are typing…",
    reacted: counted({ one: "# person", other: "# people" }),
    reactedWith: phrase("{people} reacted with {emoji}"),
    youReacted: "You",
    backToMessages: "Back to messages",
    leaveRoom: "Leave room",
  },

  signIn: {
    lead: phrase("Come in to {room}. A name is all it takes."),
    yourName: "Your name",
    join: "Join",
    noName: "Write a name first.",
    nameTaken: (/** @type {string} */ name) =>
      `Somebody else is called “${name}” here. Choose another name.`,
    nameRefused: (/** @type {string} */ name) =>
      `“${name}” cannot be a name here. Choose another one.`,
    signedOut: "You are not signed in any more. Write your name to come back.",
    removed: "A moderator has removed you.",
    ended: "The server has ended your session.",
    trying: "The server cannot be reached. Trying again…",
    unreachable: "The server cannot be reached. Check your connection and try again.",
    serverFailed: "The server failed. Try again.",
  },

  rooms: {
    find: "Find or make a room",
    starred: "Starred",
    direct: "Direct",
    star: "Star",
    goTo: "Go to…",
    you: "You",
    opens: (/** @type {string} */ a) => `Enter opens #${a}`,
    makes: (/** @type {string} */ a) => `Enter makes #${a}`,
    line: (/** @type {string} */ a, /** @type {string} */ b) => `${a}: ${b}`,
    toGeneral: (/** @type {string} */ a) => `Go to #${a}`,
    message: (/** @type {string} */ a) => `Message ${a}`,
    title: "Rooms",
    open: "Open room",
    openOrMake: "Open or make a room",
    roomName: "Room name",
    badName: "A room's name has up to 32 of the characters a-z, 0-9 and -.",
    back: "Back to rooms",
    backUnread: counted({
      one: "Back to rooms, # unread message there",
      other: "Back to rooms, # unread messages there",
    }),
    unread: counted({ one: "# unread message", other: "# unread messages" }),
    mentions: counted({ one: "# mention of you", other: "# mentions of you" }),
    unreadAndMentions: (/** @type {string} */ unread, /** @type {string} */ mentions) =>
      `${unread}, ${mentions}`,
    signOut: "Sign out",
  },

  /** What the server refuses, by its code, for those who do not read its own, English sentence. */
  refused: {
    bad_request: "The server did not understand that.",
    unknown_type: "The server cannot do that.",
    too_long: "That is too long.",
    rate_limited: "That was a little fast. Try again in a moment.",
    not_joined: "You are not in this room.",
    not_found: "That is not here any more.",
    forbidden: "You may not do that.",
    name_taken: "Somebody else has this name. Choose another one.",
    bad_name: "That cannot be a name. Choose another one.",
    unauthorized: "You are not signed in any more.",
    room_full: "This room is full.",
    too_many: "That is too many. Try again later.",
    unavailable: "The server cannot do that at the moment. Try again later.",
    internal: "The server failed. Try again.",
  },

  link: {
    connected: "Connected",
    reconnecting: "Reconnecting…",
    offline: "Offline",
    kept: "Your messages are kept.",
    keptInPage: "Your messages are kept as long as this page is open.",
    reload: "Reload the page to come back.",
    back: "Back online.",
  },

  log: {
    onlyYou: phrase("Only you and {name} can read it."),
    title: "Messages",
    fetchingEarlier: "Fetching earlier messages…",
    noEarlier: "Earlier messages could not be fetched.",
    fetchingLater: "Fetching later messages…",
    noLater: "Later messages could not be fetched.",
    beginning: "This is where the conversation begins.",
    empty: "Nothing has been said here yet.",
    new: "New",
    missing: "Messages are missing here",
    fetchThem: "Fetch them",
    fetchingMissing: "Fetching what is missing…",
    noMissing: "What is missing here could not be fetched",
    replaced: "This room's history was replaced. What you see is what the server has.",
    newMessages: counted({ one: "# new message", other: "# new messages" }),
    jump: "Jump to newest",
    gone: "That message is not here any more.",
    goToDate: "Go to date",
    date: "Date",
    go: "Go",
  },

  message: {
    waiting: "waiting to be sent",
    failed: "not sent",
    edited: "edited",
    deleted: "This message was deleted.",
    youDeleted: "You deleted this message.",
    earlier: "An earlier message",
    showMore: "Show more",
    showLess: "Show less",
    undo: "Undo",
    notSent: "Not sent.",
    notSaved: "Your change was not saved.",
    notDeleted: "Not deleted.",
    discard: "Discard",
    reactions: "Reactions",
    actions: "Actions",
  },

  /** What can be done to a message. */
  actions: {
    react: "React",
    reply: "Reply",
    copyText: "Copy text",
    copyLink: "Copy link",
    edit: "Edit",
    delete: "Delete",
  },

  composer: {
    message: "Message",
    send: "Send",
    cancelByKey: "Cancel (Escape)",
    editing: "Editing your message",
    replying: "Replying",
    replyingTo: (/** @type {string} */ name, /** @type {string} */ text) =>
      `Replying to ${name}: ${text}`,
    left: counted({ one: "# left", other: "# left" }),
    tooMany: counted({ one: "# too many", other: "# too many" }),
    suggestions: "Suggestions",
  },

  emoji: {
    title: "Emoji",
    any: "Any emoji",
    find: "Find or paste an emoji",
    common: "Common",
    all: "All",
    notFetched: "The other emoji could not be fetched.",
    unknown: "No emoji is called that.",
    thumbsUp: "Thumbs up",
    heart: "Heart",
    tearsOfJoy: "Tears of joy",
    party: "Party",
    surprised: "Surprised",
    sad: "Sad",
    thankYou: "Thank you",
    looking: "Looking",
  },

  bell: {
    title: "Notifications",
    notifyOf: "Notify me of",
    all: "All messages",
    mentions: "Mentions",
    none: "Nothing",
    inAllRooms: "In all rooms",
    desktop: "Desktop notifications",
    sound: "Sound",
    denied: "Your browser blocks notifications of this page. Its settings can allow them.",
    missing: "Your browser shows no notifications of this page.",
  },

  settings: {
    title: "Settings",
    close: "Close",
    theme: "Theme",
    system: "System",
    light: "Light",
    dark: "Dark",
    density: "Density",
    comfortable: "Comfortable",
    compact: "Compact",
    language: "Language",
    automatic: "Automatic",
    languageNote: "The page loads again in the new language.",
    name: "Name",
    signInElse: "Sign in under another name",
    nameNote:
      "You sign out first: your name is free for others, and what was not sent yet is gone. Under another name you are somebody new here; what you have written stays under the old one.",
  },

  /** Where messages are looked for. The words before the colons are the same in all languages. */
  /** What the page knows more of than the server: what the person can do now. */
  search: {
    title: "Search",
    field: "Search messages",
    results: "Search results",
    list: "Messages found",
    more: "More",
    close: "Close search",
    nothing: "Nothing found",
    searching: "Searching…",
    hint: "Narrow it down with from:name, in:room, after:2026-01-31, before:… or on:…",
    found: counted({ one: "# message found", other: "# messages found" }),
    first: counted({ one: "The first message", other: "The first # messages" }),
  },

  goTo: {
    title: "Go to",
    field: "Room or person",
    list: "Rooms and people",
    nothing: "No room and nobody here is called that.",
  },

  keys: {
    title: "Keyboard shortcuts",
    close: "Close",
    everywhere: "Everywhere",
    writing: "Writing",
    onMessage: "On a message",
    goTo: "Go to a room or a person",
    above: "Room above",
    below: "Room below",
    search: "Search messages",
    searchAnywhere: "Search messages, also while writing",
    show: "Show these shortcuts",
    send: "Send",
    newLine: "New line",
    editLast: "Edit your last message, if nothing is written",
    mention: "Mention somebody",
    emoji: "Emoji by name",
    cancel: "Cancel an answer or an edit",
    messageAbove: "Message above",
    messageBelow: "Message below",
    first: "First message",
    newest: "Newest message",
    back: "Back to writing",
  },

  errors: {
    nobody: (/** @type {string} */ name) => `Nobody is called ${name} here any more.`,
    oldPage:
      "The server does not know what this page asks for. Reload the page, it may be an old one.",
    signedOut: "You are not signed in any more. Reload the page to sign in.",
    roomFull: "The room is full. Try again when somebody has left it.",
    notYours: "This conversation is between two other people.",
    notLetIn: "This room does not let you in.",
    tooManyRooms: "You are in as many rooms as one can be. Leave one, then try again.",
    gone: "The message that this one answers is gone.",
    takenOver: "You came in somewhere else, which ended your session here.",
  },
});
