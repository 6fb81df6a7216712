// @ts-check
/// <reference lib="dom" />
/** @import { User } from "../../../lib/model/user.ts" */
/** @import { Chat } from "../state/chat.js" */
/** @import { Room } from "../state/room.js" */
import { whoIsHere } from "../format.js";
import { GENERAL } from "../place.js";
import { isDirect } from "../state/directory.js";
import { nameOf } from "../state/sections.js";
import { t } from "../strings.js";
import { avatar, element, sentence } from "./dom.js";

/**
 * What stands above the first message: that older ones exist, are on their way or could not be fetched; that the
 * room cannot be entered; or the beginning of the conversation.
 *
 * @typedef {object} HeadRow
 * @property {"head"} kind
 * @property {string} key
 * @property {string} room
 * @property {string} name what the room is called
 * @property {User | undefined} partner the other one, in a direct room
 * @property {"opening" | "refused" | "more" | "loading" | "failed" | "beginning" | "empty"} state
 * @property {string | undefined} refusal
 * @property {readonly User[]} others the people whom an empty room shows
 * @property {number} count how many people are here
 */

/**
 * @typedef {object} HeadActions
 * @property {() => void} onOlder
 * @property {(room: string) => void} onEnter tries to come into a room
 * @property {(button: HTMLButtonElement) => void} onCopyLink
 */

/**
 * What stands below the last message of those from the middle of the log: that later ones exist, are on their way or
 * could not be fetched.
 *
 * @typedef {{ readonly kind: "foot", readonly key: string, readonly state: "more" | "loading" | "failed" }} FootRow
 */

/** How many faces an empty room shows. */
const FACES = 5;

/**
 * The row above the first message of a room.
 *
 * @param {Chat} chat
 * @param {User} me
 * @returns {HeadRow}
 */
export function headRow(chat, me) {
  const { current: room, directory } = chat;
  const state = stateOf(room);
  const others = state === "empty"
    ? [...room.people.values()].filter(({ id }) => id !== me.id)
    : [];
  const count = state === "empty" ? room.count : 0;
  return {
    kind: "head",
    key: "head",
    room: room.name,
    name: nameOf(chat, room.name),
    partner: directory.with(room.name),
    state,
    refusal: room.refusal,
    others,
    count,
  };
}

/**
 * @param {Room} room
 * @returns {HeadRow["state"]}
 */
function stateOf(room) {
  if (room.refusal !== undefined) return "refused";
  if (room.since === undefined) return "opening";
  const { complete, older } = room.shown;
  if (!complete) return older === "idle" ? "more" : older;
  return room.messages.list.length === 0 && room.outbox.items.length === 0 ? "empty" : "beginning";
}

/**
 * Makes the element of a head row.
 *
 * @param {HeadRow} row
 * @param {HeadActions} actions
 */
export function head(row, { onCopyLink, onEnter, onOlder }) {
  switch (row.state) {
    case "opening":
    case "more":
      return element("p", { class: "head" });
    case "loading":
      return element("p", { class: "head" }, t.log.fetchingEarlier);
    case "failed":
      return element(
        "p",
        { class: "head" },
        `${t.log.noEarlier} `,
        element("button", { type: "button", class: "quiet", click: onOlder }, t.common.tryAgain),
      );
    case "refused":
      return element(
        "section",
        { class: "head intro empty" },
        title(row),
        element("p", {}, row.refusal ?? ""),
        element(
          "p",
          { class: "ways" },
          secondary(t.common.tryAgain, () => onEnter(row.room)),
          ...(row.room === GENERAL
            ? []
            : [secondary(t.rooms.toGeneral(GENERAL), () => onEnter(GENERAL))]),
        ),
      );
    case "beginning":
      return element(
        "section",
        { class: "head intro" },
        title(row),
        element("p", {}, t.log.beginning),
      );
    case "empty":
      if (row.partner) return emptyDirect(row, row.partner);
      return element(
        "section",
        { class: "head intro empty" },
        element("p", { class: "faces" }, ...row.others.slice(0, FACES).map(avatar)),
        title(row),
        element("p", {}, t.log.empty),
        element("p", {}, ...whoElseIsHere(row)),
        copyLinkButton(onCopyLink),
      );
  }
}

/**
 * The row below the last message, if that is not the newest.
 *
 * @param {Room} room
 * @returns {FootRow[]}
 */
export function footRow({ passage }) {
  if (!passage) return [];
  const { newer } = passage;
  return [{ kind: "foot", key: "foot", state: newer === "idle" ? "more" : newer }];
}

/**
 * Makes the element of a foot row.
 *
 * @param {FootRow} row
 * @param {() => void} onNewer
 */
export function foot({ state }, onNewer) {
  switch (state) {
    case "more":
      return element("p", { class: "foot" });
    case "loading":
      return element("p", { class: "foot" }, t.log.fetchingLater);
    case "failed":
      return element(
        "p",
        { class: "foot" },
        `${t.log.noLater} `,
        element("button", { type: "button", class: "quiet", click: onNewer }, t.common.tryAgain),
      );
  }
}

/** @param {HeadRow} row */
function title({ name, room }) {
  const sign = element("span", { "aria-hidden": "true" }, "#");
  return element("h2", {}, ...(isDirect(room) ? [] : [sign]), element("bdi", {}, name));
}

/**
 * @param {HeadRow} row
 * @param {User} partner
 */
function emptyDirect(row, partner) {
  return element(
    "section",
    { class: "head intro empty" },
    element("p", { class: "faces" }, avatar(partner)),
    title(row),
    element("p", {}, t.log.empty),
    element("p", {}, ...sentence(t.log.onlyYou({ name: [{ name: true, text: partner.name }] }))),
  );
}

/**
 * @param {string} name
 * @param {() => void} onClick
 */
function secondary(name, onClick) {
  return element("button", { type: "button", class: "secondary", click: onClick }, name);
}

/** @param {HeadRow} row */
function whoElseIsHere({ count, others }) {
  if (others.length === 0) return [t.people.nobodyElse];
  return sentence(whoIsHere(others.map(({ name }) => name), count - 1));
}

/** @param {(button: HTMLButtonElement) => void} onCopyLink */
function copyLinkButton(onCopyLink) {
  const button = element("button", { type: "button", class: "secondary" }, t.common.copyLink);
  button.addEventListener("click", () => onCopyLink(button));
  return button;
}
