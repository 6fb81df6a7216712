// @ts-check
/// <reference lib="dom" />
/** @import { Alerts } from "../alerts.js" */
/** @import { Preference, Preferences } from "../store/preferences.js" */
import { CHOICES } from "../store/preferences.js";
import { t } from "../strings.js";
import { LANGUAGES } from "../strings/languages.js";
import { byId, element, setText } from "./dom.js";

/** What the choices are called. */
const NAMES = Object.freeze({
  system: t.settings.system,
  light: t.settings.light,
  dark: t.settings.dark,
  comfortable: t.settings.comfortable,
  compact: t.settings.compact,
  automatic: t.settings.automatic,
});

/** Where the person says how the page is to be. Each choice holds at once. */
export class SettingsView {
  #dialog = byId("settings", HTMLDialogElement);
  #sounds = byId("settings-sounds", HTMLInputElement);
  #desktop = byId("settings-desktop", HTMLInputElement);
  #why = byId("settings-why", HTMLElement);
  #language = byId("settings-language", HTMLSelectElement);
  /** @type {readonly { preference: Preference, input: HTMLInputElement }[]} */
  #radios;
  #alerts;
  #preferences;

  /**
   * @param {object} options
   * @param {Alerts} options.alerts
   * @param {Preferences} options.preferences
   * @param {() => void} options.onLanguage is told that another language is chosen
   * @param {() => void} options.onSignInElse is told that the person wants another name
   */
  constructor({ alerts, preferences, onLanguage, onSignInElse }) {
    this.#alerts = alerts;
    this.#preferences = preferences;
    this.#radios = [...this.#makeRadios("theme"), ...this.#makeRadios("density")];
    this.#language.append(...CHOICES.language.map((choice) => {
      const name = { ...NAMES, ...LANGUAGES }[choice] ?? choice;
      return element(
        "option",
        { value: choice, ...(choice in LANGUAGES && { lang: choice }) },
        name,
      );
    }));
    this.#language.addEventListener("change", () => {
      preferences.choose("language", this.#language.value);
      onLanguage();
    });
    this.#sounds.addEventListener("change", () => {
      alerts.sounds = this.#sounds.checked;
    });
    this.#desktop.addEventListener("change", () => alerts.setNotifications(this.#desktop.checked));
    byId("settings-open", HTMLButtonElement).addEventListener("click", () => this.#open());
    byId("settings-close", HTMLButtonElement).addEventListener("click", () => this.#dialog.close());
    byId("settings-sign-in", HTMLButtonElement).addEventListener("click", () => {
      this.#dialog.close();
      onSignInElse();
    });
    // A click beside the dialog is one on its backdrop, which is the dialog itself.
    this.#dialog.addEventListener("click", ({ target }) => {
      if (target === this.#dialog) this.#dialog.close();
    });
  }

  /** Shows what is chosen now, as far as it is open. */
  render() {
    if (!this.#dialog.open) return;
    const { chosen } = this.#preferences;
    for (const { input, preference } of this.#radios) {
      input.checked = input.value === chosen[preference];
    }
    this.#language.value = chosen.language;
    const { notifications, sounds } = this.#alerts;
    this.#sounds.checked = sounds;
    this.#desktop.checked = notifications === "on";
    const impossible = notifications === "denied" || notifications === "missing";
    this.#desktop.disabled = impossible;
    setText(this.#why, impossible ? t.bell[notifications] : "");
  }

  #open() {
    this.#dialog.showModal();
    this.render();
  }

  /** @param {"theme" | "density"} preference */
  #makeRadios(preference) {
    const group = byId(`settings-${preference}`, HTMLElement);
    return CHOICES[preference].map((choice) => {
      const input = element("input", {
        type: "radio",
        name: preference,
        value: choice,
        change: () => this.#preferences.choose(preference, choice),
      });
      /** @type {Readonly<Record<string, string>>} */
      const names = NAMES;
      group.append(element("label", {}, input, names[choice] ?? choice));
      return { preference, input };
    });
  }
}
