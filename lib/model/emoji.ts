/** Made when it is first needed: the engine gathers thousands of sequences for it. */
let emoji: RegExp | undefined;

/** Whether a text is one emoji: one whole grapheme of those that Unicode recommends for interchange. */
export function isEmoji(text: string): boolean {
  emoji ??= new RegExp("^\\p{RGI_Emoji}$", "v");
  return emoji.test(text);
}
