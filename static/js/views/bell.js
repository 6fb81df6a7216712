// @ts-check
/// <reference lib="dom" />
/** @import { Alerts } from "../alerts.js" */
/** @import { Level } from "../attention.js" */
import { t } from "../strings.js";
import { byId, element, setText } from "./dom.js";
import { showBeside } from "./float.js";

/** @type {readonly (readonly [Level, string])[]} */
const LEVELS = [["all", t.bell.all], ["mentions", t.bell.mentions], ["none", t.bell.none]];

/** What the menu says where the desktop cannot be used. */
const WHY = Object.freeze({
  denied: t.bell.denied,
  missing: t.bell.missing,
});

/** The bell in the head of a room, and its menu: of what the person wants to hear, and how. */
export class BellView {
  #button = byId("bell", HTMLButtonElement);
  #alerts;
  #room = "";
  #levels = LEVELS.map(([level, name]) => ({ level, ...choice("radio", name) }));
  #desktop = choice("checkbox", t.bell.desktop);
  #sounds = choice("checkbox", t.bell.sound);
  #why = element("p", { class: "why" });
  #menu = element(
    "div",
    { class: "menu", popover: "auto", role: "dialog", "aria-label": t.bell.title },
    element(
      "fieldset",
      {},
      element("legend", {}, t.bell.notifyOf),
      ...this.#levels.map(({ label }) => label),
    ),
    element(
      "fieldset",
      {},
      element("legend", {}, t.bell.inAllRooms),
      this.#desktop.label,
      this.#why,
      this.#sounds.label,
    ),
  );

  /** @param {Alerts} alerts */
  constructor(alerts) {
    this.#alerts = alerts;
    document.body.append(this.#menu);
    this.#button.addEventListener("click", () => this.#open());
    this.#menu.addEventListener("toggle", (event) => {
      const open = /** @type {ToggleEvent} */ (event).newState === "open";
      this.#button.setAttribute("aria-expanded", String(open));
    });
    for (const { level, input } of this.#levels) {
      input.name = "level";
      input.addEventListener("change", () => alerts.setLevel(this.#room, level));
    }
    this.#desktop.input.addEventListener("change", ({ target }) => {
      alerts.setNotifications(/** @type {HTMLInputElement} */ (target).checked);
    });
    this.#sounds.input.addEventListener("change", ({ target }) => {
      alerts.sounds = /** @type {HTMLInputElement} */ (target).checked;
    });
  }

  /** @param {string} room the one that is open */
  render(room) {
    this.#room = room;
    const alerts = this.#alerts;
    const set = alerts.level(room);
    for (const { level, input } of this.#levels) input.checked = level === set;
    this.#button.dataset.level = set;
    if (!this.#menu.matches(":popover-open")) return;
    const { notifications } = alerts;
    this.#desktop.input.checked = notifications === "on";
    this.#desktop.input.disabled = notifications === "denied" || notifications === "missing";
    setText(
      this.#why,
      notifications === "denied" || notifications === "missing" ? WHY[notifications] : "",
    );
    this.#sounds.input.checked = alerts.sounds;
  }

  #open() {
    showBeside(this.#menu, this.#button);
    this.render(this.#room);
    this.#levels.find(({ input }) => input.checked)?.input.focus();
  }
}

/**
 * @param {"radio" | "checkbox"} type
 * @param {string} name
 */
function choice(type, name) {
  const input = element("input", { type });
  return { input, label: element("label", {}, input, name) };
}
