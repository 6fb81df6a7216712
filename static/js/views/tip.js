// @ts-check
/// <reference lib="dom" />
import { byId, element, setText } from "./dom.js";
import { startBeside } from "./float.js";

/** What has a tip. */
const OWNER = "[data-tip]";
/** How long a pointer rests on something before its tip shows, in milliseconds. */
const REST_MS = 400;
/** How far the tip stays from its owner and from the edge of the window, in pixels. */
const DISTANCE = 6;

/**
 * The tip that says more about what the person points at or has the focus on: the whole date of a time, who reacted.
 * It goes with Escape, with a scroll, or when they go on. Its owner hears `tip` when it shows, and may say more meanwhile.
 */
export class TipView {
  #tip = element("div", { id: "tip", class: "tip", role: "tooltip", popover: "manual" });
  /** @type {Element | undefined} */
  #owner;
  /** @type {Element | undefined} what the tip describes to a screen reader */
  #described;
  /** When a finger came down, as events tell the time. */
  #touchedAt = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #changes = new MutationObserver(() => this.#owner && this.#show(this.#owner));

  constructor() {
    byId("log", HTMLElement).after(this.#tip);
    document.addEventListener("pointerover", ({ pointerType, target }) => {
      if (!(target instanceof Element) || this.#tip.contains(target)) return;
      const owner = target.closest(OWNER) ?? undefined;
      if (owner !== undefined && owner === this.#owner) return;
      this.#hide();
      if (!owner) return;
      const wait = pointerType === "touch" && owner.tagName !== "BUTTON" ? 0 : REST_MS;
      this.#timer = setTimeout(() => this.#show(owner), wait);
    });
    document.addEventListener("touchstart", ({ timeStamp }) => this.#touchedAt = timeStamp, {
      passive: true,
    });
    document.addEventListener("touchend", (event) => {
      // A finger that rests on a button does not do what a tap does. To a browser it may still have been one.
      const rested = event.timeStamp - this.#touchedAt >= REST_MS;
      const isButton = event.target instanceof Element && event.target.closest(`button${OWNER}`);
      if (rested && isButton) event.preventDefault();
    });
    document.addEventListener("click", () => clearTimeout(this.#timer), { capture: true });
    document.addEventListener("focusin", ({ target }) => {
      if (target instanceof Element && target.matches(":focus-visible")) this.#focus(target);
    });
    document.addEventListener("focusout", () => this.#hide());
    document.addEventListener("scroll", () => this.#hide(), { capture: true, passive: true });
    document.addEventListener("keydown", ({ key }) => {
      if (key === "Escape") this.#hide();
    }, { capture: true });
  }

  /** @param {Element} focused */
  #focus(focused) {
    this.#hide();
    const owner = focused.matches(OWNER)
      ? focused
      : focused.querySelector(`:scope > header ${OWNER}`);
    if (!owner) return;
    // Not at once: the focus may come back from another popover, which is still about to hide.
    this.#timer = setTimeout(() => {
      this.#show(owner);
      this.#described = focused;
      focused.setAttribute("aria-describedby", this.#tip.id);
    });
  }

  /** @param {Element} owner */
  #show(owner) {
    if (!owner.isConnected) return;
    this.#owner = owner;
    this.#changes.observe(owner, { attributeFilter: ["data-tip"] });
    owner.dispatchEvent(new Event("tip"));
    setText(this.#tip, owner.getAttribute("data-tip") ?? "");
    if (this.#tip.textContent === "") return;
    this.#tip.showPopover();
    const beside = owner.getBoundingClientRect();
    const { height, width } = this.#tip.getBoundingClientRect();
    const above = beside.top - DISTANCE - height;
    const top = above >= DISTANCE ? above : beside.bottom + DISTANCE;
    this.#tip.style.setProperty("inset-block-start", `${top}px`);
    this.#tip.style.setProperty("inset-inline-start", `${startBeside(beside, width)}px`);
  }

  #hide() {
    clearTimeout(this.#timer);
    this.#changes.disconnect();
    this.#owner = undefined;
    this.#described?.removeAttribute("aria-describedby");
    this.#described = undefined;
    this.#tip.hidePopover();
  }
}
