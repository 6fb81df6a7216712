import { run } from "./run.ts";

const HERE = new URL(".", import.meta.url);

/**
 * Installs a package of the npm registry with what a peer runs, outside the repository, and returns the folder.
 *
 * The programs are copied beside `node_modules`, so that they can import the package as anybody's program does. What was
 * installed before is used again. Rejects with one sentence if it cannot be installed.
 */
export async function install(
  name: string,
  version: string,
  program: string,
): Promise<string> {
  const folder = `${cacheFolder()}/${name}-${version}`;
  await copyPrograms(folder, program);
  if (await exists(`${folder}/installed`)) return folder;
  await npm(folder, `${name}@${version}`);
  // Only now: an installation that was interrupted is begun again.
  await Deno.writeTextFile(`${folder}/installed`, "");
  return folder;
}

function cacheFolder(): string {
  const home = Deno.env.get("HOME");
  const base = Deno.env.get("XDG_CACHE_HOME") ?? (home ? `${home}/.cache` : "/tmp");
  return `${base}/parley-bench`;
}

async function copyPrograms(folder: string, program: string): Promise<void> {
  await Deno.mkdir(`${folder}/${program}`, { recursive: true });
  for (const file of ["chat.mjs", `${program}/server.mjs`]) {
    await Deno.copyFile(new URL(file, HERE), `${folder}/${file}`);
  }
  await Deno.writeTextFile(`${folder}/package.json`, '{ "private": true }\n');
}

async function npm(folder: string, wanted: string): Promise<void> {
  // No package that is wanted here needs its scripts, and a bench should run none.
  const args = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--save-exact", wanted];
  const ended = await run("npm", args, folder);
  if (!ended) {
    throw new Error(`Cannot install ${wanted} as there is no npm here: install Node with npm`);
  }
  if (ended.success) return;
  const reason = ended.complaints.split("\n").find((line) => line.startsWith("npm error"));
  throw new Error(`Cannot install ${wanted}: ${reason ?? "npm did not say why"}`);
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch {
    return false;
  }
}
