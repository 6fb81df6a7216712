// @ts-check
/// <reference lib="dom" />

/** The two notes, as hertz and the second at which each begins: a fourth, going up. */
const NOTES = [[587.33, 0], [783.99, 0.09]];
/** How long a note fades, in seconds. */
const FADE_S = 0.35;
/** How loud it is, of 1. */
const VOLUME = 0.06;
/** How long after a sound no other one follows, in milliseconds. */
const REST_MS = 2_000;

/** A short, soft sound, made on the spot. Browsers let a page sound once the person has touched it. */
export class Chime {
  /** @type {AudioContext | undefined} */
  #audio;
  #lastAt = -Infinity;

  constructor() {
    const wake = () =>
      this.#audio ??= "AudioContext" in globalThis ? new AudioContext() : undefined;
    for (const gesture of ["pointerdown", "keydown"]) {
      addEventListener(gesture, wake, { once: true, passive: true });
    }
  }

  /** Sounds, if it may, and has not just done so in this or another tab. */
  async sound() {
    const audio = this.#audio;
    const now = performance.now();
    if (!audio || now - this.#lastAt < REST_MS) return;
    this.#lastAt = now;
    // Tabs that hear of the same message ask at the same time: one of them sounds.
    if (!navigator.locks) return await this.#play(audio);
    await navigator.locks.request("parley.chime", { ifAvailable: true }, async (lock) => {
      if (!lock) return;
      await this.#play(audio);
      await new Promise((resolve) => setTimeout(resolve, REST_MS / 2));
    });
  }

  /** @param {AudioContext} audio */
  async #play(audio) {
    await audio.resume();
    for (const [hertz = 0, at = 0] of NOTES) play(audio, hertz, audio.currentTime + at);
  }
}

/**
 * @param {AudioContext} audio
 * @param {number} hertz
 * @param {number} at
 */
function play(audio, hertz, at) {
  const tone = new OscillatorNode(audio, { frequency: hertz });
  const volume = new GainNode(audio, { gain: VOLUME });
  volume.gain.setValueAtTime(VOLUME, at);
  volume.gain.exponentialRampToValueAtTime(VOLUME / 1000, at + FADE_S);
  tone.connect(volume).connect(audio.destination);
  tone.start(at);
  tone.stop(at + FADE_S);
}
