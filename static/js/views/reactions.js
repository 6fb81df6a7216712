// @ts-check
/// <reference lib="dom" />
/** @import { Said } from "../state/timeline.js" */
import { NAMED_REACTORS, number, reactors } from "../format.js";
import { t } from "../strings.js";
import { element, setText } from "./dom.js";

/** The reactions below a message: each a button by which the person joins in, or takes their own back. */
export class ReactionsView {
  element = element("ul", { class: "reactions", "aria-label": t.message.reactions });
  /** @type {Map<string, { item: HTMLLIElement, button: HTMLButtonElement, count: HTMLElement, mine: boolean, named: boolean }>} */
  #chips = new Map();
  #options;

  /**
   * @param {object} options
   * @param {(emoji: string, on: boolean) => void} options.onToggle
   * @param {() => void} options.onWho is told that the person wants to know who reacted, and the page does not
   */
  constructor(options) {
    this.#options = options;
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
      const others = who.map((id) => known.nameOf(id)).filter((name) => name !== undefined);
      const names = mine ? [t.people.youReacted, ...others] : others;
      const tip = reactors(names, count, emoji);
      chip.mine = mine;
      chip.named = names.length >= Math.min(count, NAMED_REACTORS);
      setText(chip.count, number(count));
      chip.button.setAttribute("aria-pressed", String(mine));
      chip.button.setAttribute("aria-label", `${emoji} ${number(count)}`);
      if (chip.button.dataset.tip !== tip) chip.button.dataset.tip = tip;
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
        click: () => this.#options.onToggle(emoji, !this.#chips.get(emoji)?.mine),
        tip: () => {
          if (!this.#chips.get(emoji)?.named) this.#options.onWho();
        },
      },
      element("span", { "aria-hidden": "true" }, emoji),
      count,
    );
    const chip = { item: element("li", {}, button), button, count, mine: false, named: true };
    this.#chips.set(emoji, chip);
    this.element.append(chip.item);
    return chip;
  }
}
