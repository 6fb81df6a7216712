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
  #options;
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
   * @param {() => void} options.onStart goes to the first message of all
   * @param {() => void} options.onEnd goes to the newest one
   * @param {(message: HTMLElement) => void} options.onReach is told of a message that the person points at or goes to
   */
  constructor(log, options) {
    this.#log = log;
    this.#options = options;
    log.addEventListener("keydown", (event) => this.#key(event));
    log.addEventListener("focusin", ({ target }) => {
      const message = messageOf(target);
      if (message) options.onReach(message);
      this.#stopAt(message);
    });
    log.addEventListener("pointerover", ({ target }) => {
      const message = messageOf(target);
      if (message) options.onReach(message);
    }, { passive: true });
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

  /**
   * Takes note that messages, or what they offer, came or went: the Tab key stops at the last one in view, unless the person is somewhere
   * else.
   *
   * @param {HTMLElement | undefined} last
   */
  update(last) {
    const stays = this.#stop?.isConnected && this.#log.contains(document.activeElement);
    this.#stopAt(stays ? this.#stop : last);
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
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const message = messageOf(event.target);
    const done = message ? this.#keyOn(message, event.key) : this.#keyOnLog(event);
    if (done) event.preventDefault();
  }

  /**
   * @param {HTMLElement} message
   * @param {string} key
   * @returns {boolean} whether the key means something
   */
  #keyOn(message, key) {
    const action = ACTIONS.find((action) => action.key.toLowerCase() === key.toLowerCase());
    if (key === "Escape") this.#options.onEscape();
    else if (action) this.#options.onAct(action.name, message);
    else return this.#leap(key) || this.#step(key, message);
    return true;
  }

  /**
   * The log itself has the focus: what the browser would do ends with what is on the page.
   *
   * @param {KeyboardEvent} event
   */
  #keyOnLog({ key, target }) {
    return target === this.#log && this.#leap(key);
  }

  /** @param {string} key */
  #leap(key) {
    if (key === "Home") this.#options.onStart();
    else if (key === "End") this.#options.onEnd();
    else return false;
    return true;
  }

  /**
   * Goes to another message: the next one, or one that is about a screen away.
   *
   * @param {string} key
   * @param {HTMLElement} message
   */
  #step(key, message) {
    const messages = this.#messages();
    const at = messages.indexOf(message);
    /** @type {Record<string, HTMLElement | undefined>} */
    const steps = { ArrowUp: messages[at - 1], ArrowDown: messages[at + 1] };
    if (key === "PageUp") steps[key] = this.#screenFrom(message, messages.slice(0, at).reverse());
    if (key === "PageDown") steps[key] = this.#screenFrom(message, messages.slice(at + 1));
    const to = steps[key];
    to?.focus();
    return to !== undefined;
  }

  /**
   * The last of the messages that is no more than a screen away from one; the next one if none is.
   *
   * @param {HTMLElement} from
   * @param {readonly HTMLElement[]} messages
   */
  #screenFrom(from, messages) {
    const { top } = from.getBoundingClientRect();
    const beyond = messages.findIndex((message) =>
      Math.abs(message.getBoundingClientRect().top - top) > this.#log.clientHeight
    );
    return beyond < 0 ? messages.at(-1) : messages[Math.max(0, beyond - 1)];
  }

  /** @param {PointerEvent} event */
  #press({ clientX: x, clientY: y, pointerType, target }) {
    clearTimeout(this.#pressing);
    const message = messageOf(target);
    if (pointerType !== "touch" || !message || isReaction(target)) return;
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
 * Whether a press is on a reaction, of which it tells who reacted.
 *
 * @param {EventTarget | null} target
 */
function isReaction(target) {
  return target instanceof Element && target.closest(".reactions button") !== null;
}

/**
 * @param {HTMLElement | undefined} message
 * @param {number} tabIndex
 */
function setReach(message, tabIndex) {
  if (!message) return;
  for (const control of [message, ...message.querySelectorAll(WITHIN)]) {
    if (control instanceof HTMLElement && control.tabIndex !== tabIndex) {
      control.tabIndex = tabIndex;
    }
  }
}
