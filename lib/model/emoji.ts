const EMOJI = /^\p{RGI_Emoji}$/v;

/** Whether a text is one emoji: one whole grapheme of those that Unicode recommends for interchange. */
export function isEmoji(text: string): boolean {
  return EMOJI.test(text);
}
