// @ts-check
/// <reference lib="dom" />
/** @import { Block, Inline } from "../markup/tree.js" */
import { element } from "./dom.js";

/** The elements of formatted words. */
const TAGS = Object.freeze({ strong: "strong", emphasis: "em", strike: "s" });

/**
 * The nodes of a message's text. Its words become text and nothing else, whatever they are.
 *
 * @param {readonly Block[]} blocks
 * @returns {HTMLElement[]}
 */
export function renderBlocks(blocks) {
  return blocks.map((block) => {
    switch (block.kind) {
      case "paragraph":
        // The words apart from what may stand behind them, such as the mark of a change.
        return element("p", { dir: "auto" }, element("span", {}, ...renderLine(block.children)));
      case "pre":
        return element("pre", { dir: "ltr" }, element("code", {}, block.text));
      case "quote":
        return element("blockquote", {}, ...renderBlocks(block.children));
      case "list": {
        const items = block.items.map(({ marker, children: [first, ...others] }) => {
          const words = first?.kind === "paragraph";
          return element(
            "li",
            { dir: "auto" },
            // As text, so that it is copied with the rest.
            element("span", { class: "marker" }, `${marker} `),
            ...(words ? renderLine(first.children) : first ? renderBlocks([first]) : []),
            ...renderBlocks(others),
          );
        });
        // A list without the markers of its style sheet is none to Safari.
        return element(block.ordered ? "ol" : "ul", { role: "list" }, ...items);
      }
    }
  });
}

/**
 * @param {readonly Inline[]} pieces
 * @returns {(Node | string)[]}
 */
function renderLine(pieces) {
  return pieces.map((piece) => {
    switch (piece.kind) {
      case "text":
        return piece.text;
      case "code":
        return element("code", {}, piece.text);
      case "mention":
        return element("span", { class: piece.me ? "mention self" : "mention" }, piece.text);
      case "link":
        return element(
          "a",
          {
            href: piece.href,
            target: "_blank",
            rel: "noopener noreferrer",
            // Where it leads, for those who cannot see it in the status line.
            title: piece.href,
          },
          ...renderLine(piece.children),
        );
      default:
        return element(TAGS[piece.kind], {}, ...renderLine(piece.children));
    }
  });
}
