// @ts-check
/// <reference lib="dom" />

/**
 * A row of any kind; `key` is the same for as long as it is the same row.
 *
 * @typedef {{ readonly kind: string, readonly key: string }} KeyedRow
 */

/**
 * What stands for a row on the page. Without `update` the row is made anew when it changes; `offer` adds what can
 * be done with it, and is called for those rows alone that somebody looks at.
 *
 * @template R
 * @typedef {{ readonly element: HTMLElement, readonly update?: (row: R) => void, readonly offer?: () => void }} RowView
 */

/**
 * The rows of an element, changed as little as possible: what did not change is not touched, and nothing moves that
 * can stay where it is.
 *
 * @template {KeyedRow} R
 */
export class RowList {
  #container;
  #build;
  /** @type {Map<string, { row: R, view: RowView<R> }>} */
  #shown = new Map();
  /** @type {WeakMap<Element, string>} the key of each element's row */
  #keys = new WeakMap();

  /**
   * @param {HTMLElement} container
   * @param {(row: R) => RowView<R>} build
   */
  constructor(container, build) {
    this.#container = container;
    this.#build = build;
  }

  /**
   * Shows these rows and no others, in this order.
   *
   * @param {readonly R[]} rows
   */
  show(rows) {
    const keys = new Set(rows.map(({ key }) => key));
    for (const [key, { view }] of this.#shown) {
      if (keys.has(key)) continue;
      view.element.remove();
      this.#shown.delete(key);
    }
    let next = this.#container.firstElementChild;
    for (const row of rows) {
      const element = this.#bring(row);
      if (element === next) next = element.nextElementSibling;
      else this.#container.insertBefore(element, next);
    }
  }

  /** Takes all rows away. */
  clear() {
    this.#shown.clear();
    this.#container.replaceChildren();
  }

  /**
   * The element of the row with this key.
   *
   * @param {string} key
   */
  elementOf(key) {
    return this.#shown.get(key)?.view.element;
  }

  /**
   * The row with this element.
   *
   * @param {Element} element
   */
  rowOf(element) {
    return this.#shown.get(this.#keys.get(element) ?? "")?.row;
  }

  /**
   * Offers what can be done with the row with this key.
   *
   * @param {string} key
   */
  offer(key) {
    this.#shown.get(key)?.view.offer?.();
  }

  /** @param {R} row */
  #bring(row) {
    const known = this.#shown.get(row.key);
    if (!known) {
      const view = this.#build(row);
      this.#shown.set(row.key, { row, view });
      this.#keys.set(view.element, row.key);
      return view.element;
    }
    if (!sameRow(known.row, row)) {
      known.row = row;
      const { view } = known;
      if (view.update) view.update(row);
      else {
        const made = this.#build(row).element;
        view.element.className = made.className;
        view.element.replaceChildren(...made.childNodes);
      }
    }
    return known.view.element;
  }
}

/**
 * Whether two rows show the same; what they hold is never changed in place.
 *
 * @param {Record<string, any>} a
 * @param {Record<string, any>} b
 */
function sameRow(a, b) {
  if (a === b) return true;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length &&
    names.every((name) => name in b && sameValue(a[name], b[name]));
}

/**
 * @param {unknown} a
 * @param {unknown} b
 */
function sameValue(a, b) {
  if (!Array.isArray(a) || !Array.isArray(b)) return a === b;
  return a.length === b.length && a.every((value, index) => value === b[index]);
}
