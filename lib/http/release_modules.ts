import { dirname, join, relative } from "node:path/posix";

/** An import as a formatted file has it: at the beginning of a line, from a relative path. */
const IMPORT =
  /^import (?:(?<whole>\w+)(?:, )?)?(?:\{(?<names>[^}]*)\})?(?: from )?"(?<from>\.{1,2}\/[^"\n]+)";$/gm;
/** What a module exports where it is declared. */
const EXPORT =
  /^export (?:(?=(?:async )?(?:function\*? |class |const )(?<name>\w+)|const \{(?<names>[^}]*)\})|default )/gm;
/** The beginning of an import that is made later, as it is needed. */
const LATER = /\bimport\((["`])(\.{1,2}\/[^"`]*)/g;
/** What is left of a module that was not understood. */
const LEFT = /^(?:import|export)\b(?!\().*$/m;

/** Gives the text of a file by its path, if there is one. */
export type Read = (path: string) => string | undefined;

/** The modules at some paths and all that they import, whatever those import too: each once. */
export function findModules(entries: Iterable<string>, read: Read): ReadonlySet<string> {
  const found = new Set(entries);
  // A set may grow while it is walked through.
  for (const path of found) {
    for (const { groups } of read(path)?.matchAll(IMPORT) ?? []) {
      found.add(join(dirname(path), groups!.from!));
    }
  }
  return found;
}

/**
 * Joins a module and all that it imports to one script: a browser takes far longer over a hundred small files than over one
 * of the same size, which is compressed better too.
 *
 * Each module keeps a scope of its own, and runs once what it imports has run, as it would by itself. What is imported
 * later (`import()`) is not among them.
 *
 * @throws {Error} if an import leads nowhere or round in a circle, or is written in a way that is not known here
 */
export function joinModules(entry: string, read: Read): string {
  const names = new Map<string, string>();
  const scopes: string[] = [];

  const add = (path: string, importers: readonly string[]): string => {
    const known = names.get(path);
    if (known !== undefined) return known;
    if (importers.includes(path)) {
      throw new Error(`Modules import each other: ${[...importers, path].join(" -> ")}`);
    }
    const script = read(path);
    if (script === undefined) {
      throw new Error(`${importers.at(-1) ?? "The page"} imports ${path}, which is not there`);
    }
    const code = script.replace(IMPORT, (_line, ...groups) => {
      const { from, whole, names } = groups.at(-1);
      const module = add(join(dirname(path), from), [...importers, path]);
      const taken = [whole && `default: ${whole}`, rename(names)].filter(Boolean).join(", ");
      return taken === "" ? "" : `const { ${taken} } = ${module};`;
    });
    const name = `$${names.size}`;
    names.set(path, name);
    scopes.push(`const ${name} = await (async () => {\n${enclose(code, path, entry)}\n})();`);
    return name;
  };

  add(entry, []);
  return scopes.join("\n") + "\n";
}

/** The inside of a module as that of a function that answers what it exports. */
function enclose(code: string, path: string, entry: string): string {
  const exported: string[] = [];
  const inside = code
    .replace(EXPORT, (_match, ...groups) => {
      const { name, names } = groups.at(-1);
      exported.push(name ?? names?.trim() ?? "default: $default");
      return name === undefined && names === undefined ? "const $default = " : "";
    })
    .replace(
      LATER,
      (_match, quote, from) =>
        `import(${quote}./${relative(dirname(entry), join(dirname(path), from))}`,
    );
  const left = LEFT.exec(inside)?.[0];
  if (left !== undefined) {
    throw new Error(`${path} has an import or export that cannot be joined with others: ${left}`);
  }
  return `${inside}return { ${exported.join(", ")} };`;
}

/** `a as b` of an import as a pattern has it. */
function rename(names = ""): string {
  return names.replaceAll(" as ", ": ").trim().replace(/,$/, "");
}
