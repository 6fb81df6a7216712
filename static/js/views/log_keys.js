// @ts-check
/// <reference lib="dom" />
/** @import { ActionName } from "./actions_bar.js" */
import { ACTIONS } from "./actions_bar.js";

const MESSAGE = "article.message";
/** What can be reached within a message once the message itself has been. */
const WITHIN = ".actions button, .reactions button, .quote";
/** How long a finger rests on a message to open its actions, in milliseconds. */
const LONG_PRESS_MS = 500;
/** How far it may stray meanwhile, in pixels. */
const STRAY = 10;

/**
 * The log by keyboard and by finger: the messages are one stop of the Tab key, with the arrows one goes from message to
 * message, and each action has a key. A long press opens the actions.
 */
export class LogKeys {
  #log;
  #onAct;
  #onEscape;
  /** @type {HTMLElement | undefined} the message that the Tab key stops at */
  #stop;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #pressing;
  #pressedAt = { x: 0, y: 0 };

  /**
   * @param {HTMLElement} log
   * @param {object} options
   * @param {(name: ActionName, message: HTMLElement) => void} options.onAct
   * @param {() => void} options.onEscape
   */
  constructor(log, { onAct, onEscape }) {
    this.#log = log;
    this.#onAct = onAct;
    this.#onEscape = onEscape;
    log.addEventListener("keydown", (event) => this.#key(event));
    log.addEventListener("focusin", ({ target }) => this.#stopAt(messageOf(target)));
    log.addEventListener("pointerdown", (event) => this.#press(event));
    for (const type of ["pointerup", "pointercancel", "scroll"]) {
      log.addEventListener(type, () => clearTimeout(this.#pressing), { passive: true });
    }
    log.addEventListener("pointermove", ({ clientX, clientY }) => {
      const { x, y } = this.#pressedAt;
      if (Math.hypot(clientX - x, clientY - y) > STRAY) clearTimeout(this.#pressing);
    }, { passive: true });
    document.addEventListener("pointerdown", ({ target }) => {
      const open = this.#log.querySelector(".message.open");
      if (open && !open.contains(/** @type {Node} */ (target))) open.classList.remove("open");
    });
  }

  /** Takes note that messages came or went: the newest is where the Tab key stops, unless the person is somewhere else. */
  update() {
    const stays = this.#stop?.isConnected && this.#log.contains(document.activeElement);
    this.#stopAt(stays ? this.#stop : this.#messages().at(-1));
  }

  /** @param {HTMLElement | undefined} message */
  #stopAt(message) {
    if (!message) return;
    if (message !== this.#stop) setReach(this.#stop, -1);
    this.#stop = message;
    setReach(message, 0);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const message = messageOf(event.target);
    if (!message || event.ctrlKey || event.metaKey || event.altKey) return;
    const action = ACTIONS.find(({ key }) => key.toLowerCase() === event.key.toLowerCase());
    if (event.key === "Escape") this.#onEscape();
    else if (action) this.#onAct(action.name, message);
    else if (!this.#move(event.key, message)) return;
    event.preventDefault();
  }

  /**
   * @param {string} key
   * @param {HTMLElement} message
   */
  #move(key, message) {
    const messages = this.#messages();
    const at = messages.indexOf(message);
    /** @type {Record<string, number>} */
    const places = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: messages.length - 1 };
    const to = messages[places[key] ?? -1];
    to?.focus();
    return to !== undefined;
  }

  /** @param {PointerEvent} event */
  #press({ clientX: x, clientY: y, pointerType, target }) {
    clearTimeout(this.#pressing);
    const message = messageOf(target);
    if (pointerType !== "touch" || !message) return;
    this.#pressedAt = { x, y };
    this.#pressing = setTimeout(() => message.classList.add("open"), LONG_PRESS_MS);
  }

  /** @returns {HTMLElement[]} */
  #messages() {
    return [...this.#log.querySelectorAll(MESSAGE)].filter((found) => found instanceof HTMLElement);
  }
}

/** @param {EventTarget | null} target */
function messageOf(target) {
  const message = target instanceof Element ? target.closest(MESSAGE) : null;
  return message instanceof HTMLElement ? message : undefined;
}

/**
 * @param {HTMLElement | undefined} message
 * @param {number} tabIndex
 */
function setReach(message, tabIndex) {
  if (!message) return;
  message.tabIndex = tabIndex;
  for (const control of message.querySelectorAll(WITHIN)) {
    if (control instanceof HTMLElement) control.tabIndex = tabIndex;
  }
}
