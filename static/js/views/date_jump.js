// @ts-check
/// <reference lib="dom" />
import { t } from "../strings.js";
import { byId, element } from "./dom.js";
import { showBeside } from "./float.js";

/** The way to a day: a button in the head of the room that opens a field for its date. */
export class DateJump {
  #button = byId("go-to-date", HTMLButtonElement);
  #field = element("input", { type: "date", "aria-label": t.log.date, required: true });
  #element = element(
    "div",
    { class: "date-jump", popover: "auto", role: "dialog", "aria-label": t.log.goToDate },
    element(
      "form",
      { submit: (event) => this.#submit(event) },
      this.#field,
      element("button", { type: "submit", class: "secondary" }, t.log.go),
    ),
  );
  #onDate;

  /**
   * @param {object} options
   * @param {(time: number) => void} options.onDate is told when the day begins here, in milliseconds since 1970
   */
  constructor({ onDate }) {
    this.#onDate = onDate;
    document.body.append(this.#element);
    this.#button.addEventListener("click", () => this.#open());
  }

  #open() {
    const now = new Date();
    const today = [now.getFullYear(), now.getMonth() + 1, now.getDate()];
    this.#field.max = today.map((part) => String(part).padStart(2, "0")).join("-");
    showBeside(this.#element, this.#button);
    this.#field.focus();
  }

  /** @param {Event} event */
  #submit(event) {
    event.preventDefault();
    this.#element.hidePopover();
    // Without a zone it is the local one.
    this.#onDate(Date.parse(`${this.#field.value}T00:00`));
  }
}
