// @ts-check
/// <reference lib="dom" />
/** @import { Said } from "../state/timeline.js" */
import { number, reactors } from "../format.js";
import { t } from "../strings.js";
import { element, setText } from "./dom.js";

/** The reactions below a message: each a button by which the person joins in, or takes their own back. */
export class ReactionsView {
  element = element("ul", { class: "reactions", "aria-label": t.message.reactions });
  /** @type {Map<string, { item: HTMLLIElement, button: HTMLButtonElement, count: HTMLElement, mine: boolean }>} */
  #chips = new Map();
  #onToggle;

  /** @param {(emoji: string, on: boolean) => void} onToggle */
  constructor(onToggle) {
    this.#onToggle = onToggle;
    this.element.hidden = true;
  }

  /**
   * @param {Said["reactions"]} reactions
   * @param {{ nameOf(id: string): string | undefined }} known
   */
  update(reactions = {}, known) {
    for (const [emoji, { item }] of this.#chips) {
      if (reactions[emoji]) continue;
      item.remove();
      this.#chips.delete(emoji);
    }
    for (const [emoji, { count, mine, who = [] }] of Object.entries(reactions)) {
      const chip = this.#chip(emoji);
      const names = who.map((id) => known.nameOf(id)).filter((name) => name !== undefined);
      chip.mine = mine;
      setText(chip.count, number(count));
      chip.button.setAttribute("aria-pressed", String(mine));
      chip.button.setAttribute("aria-label", `${emoji} ${number(count)}`);
      chip.button.dataset.tip = reactors(mine ? [t.people.youReacted, ...names] : names, count);
    }
    this.element.hidden = this.#chips.size === 0;
  }

  /** @param {string} emoji */
  #chip(emoji) {
    const known = this.#chips.get(emoji);
    if (known) return known;
    const count = element("span");
    const button = element(
      "button",
      {
        type: "button",
        tabindex: "-1",
        click: () => this.#onToggle(emoji, !this.#chips.get(emoji)?.mine),
      },
      element("span", { "aria-hidden": "true" }, emoji),
      count,
    );
    const chip = { item: element("li", {}, button), button, count, mine: false };
    this.#chips.set(emoji, chip);
    this.element.append(chip.item);
    return chip;
  }
}
