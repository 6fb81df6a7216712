import { assert } from "@std/assert";
import manifest from "../../deno.json" with { type: "json" };
import type { Ending } from "./process.ts";

const ROOT = new URL("../../", import.meta.url);

/** Runs a tool as its task in `deno.json` would, with the flags of the task and some arguments more. */
export async function runTool(
  task: "backup" | "restore",
  args: readonly string[],
  settings: Readonly<Record<string, string>>,
): Promise<Ending> {
  const [deno, ...words] = manifest.tasks[task].split(" ");
  assert(deno === "deno", `The task "${task}" must be "deno …"`);
  const command = new Deno.Command(Deno.execPath(), {
    args: [...words, ...args],
    cwd: ROOT,
    env: { NO_COLOR: "1", ...settings },
  });
  const { code, stdout, stderr } = await command.output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}
