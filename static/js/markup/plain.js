// @ts-check
/** @import { Block, Inline } from "./tree.js" */
import { parse } from "./parse.js";

/** So much of a text is looked at for its first line, in UTF-16 units. */
const LOOKED_AT = 1_000;

/**
 * A text without its markup: what is left to read where nothing is formatted.
 *
 * @param {string} text
 */
export function toPlain(text) {
  return linesOf(parse(text)).join("\n");
}

/**
 * The first line of a text that is not blank, without its markup, for where there is room for one line.
 *
 * @param {string} text
 */
export function toExcerpt(text) {
  const plain = toPlain(text.trimStart().slice(0, LOOKED_AT));
  return plain.split("\n").find((line) => line.trim() !== "")?.trim() ?? "";
}

/**
 * @param {readonly Block[]} blocks
 * @returns {string[]}
 */
function linesOf(blocks) {
  return blocks.flatMap((block) => {
    switch (block.kind) {
      case "paragraph":
        return [textOf(block.children)];
      case "pre":
        return [block.text];
      case "quote":
        return linesOf(block.children);
      case "list":
        return block.items.map(({ marker, children }) =>
          `${marker} ${linesOf(children).join("\n")}`
        );
    }
  });
}

/**
 * @param {readonly Inline[]} pieces
 * @returns {string}
 */
function textOf(pieces) {
  return pieces.map((piece) => "children" in piece ? textOf(piece.children) : piece.text).join("");
}
