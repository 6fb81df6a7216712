// @ts-check

/**
 * A piece of a line.
 *
 * @typedef {{ readonly kind: "text" | "code", readonly text: string }} Leaf
 * @typedef {{ readonly kind: "mention", readonly text: string, readonly me: boolean }} Mention
 * @typedef {{ readonly kind: "strong" | "emphasis" | "strike", readonly children: readonly Inline[] }} Span
 * @typedef {{ readonly kind: "link", readonly href: string, readonly children: readonly Inline[] }} Link
 * @typedef {Leaf | Mention | Span | Link} Inline
 */

/**
 * A part of a message that stands on lines of its own. The lines of a paragraph are in its texts; the marker of an item
 * is what stands before it, as in "1." or "•".
 *
 * @typedef {{ readonly kind: "paragraph", readonly children: readonly Inline[] }} Paragraph
 * @typedef {{ readonly kind: "pre", readonly text: string }} Pre
 * @typedef {{ readonly kind: "quote", readonly children: readonly Block[] }} Quote
 * @typedef {{ readonly marker: string, readonly children: readonly Block[] }} Item
 * @typedef {{ readonly kind: "list", readonly ordered: boolean, readonly items: readonly Item[] }} List
 * @typedef {Paragraph | Pre | Quote | List} Block
 */

/**
 * Adds a piece to a line; a text goes on where the last piece is one.
 *
 * @param {Inline[]} line
 * @param {Inline} piece
 */
export function append(line, piece) {
  const last = line.at(-1);
  if (piece.kind !== "text" || last?.kind !== "text") line.push(piece);
  else if (piece.text !== "") {
    line[line.length - 1] = { kind: "text", text: last.text + piece.text };
  }
}
