import { runTool } from "./engine_process.ts";
import { ROOT } from "./process.ts";

/** The last revision that knew only the first step of the schema: it stands for the release before this one. */
export const BEFORE = "6598bcabc52d40eb7a66a5a509da1941ab0acb7f";

/** A release as it was, from the history of this repository; removed when the test lets go of it. */
export class Release implements AsyncDisposable {
  private constructor(
    /** The folder of its tree. */
    readonly folder: string,
  ) {}

  /** Whether the history reaches back to a revision: a shallow clone has none. */
  static isKnown(revision: string): boolean {
    const { success } = new Deno.Command("git", {
      args: ["cat-file", "-e", `${revision}^{commit}`],
      cwd: ROOT,
      stderr: "null",
    }).outputSync();
    return success;
  }

  /** Writes the tree of a revision into a folder of its own. */
  static async checkOut(revision: string): Promise<Release> {
    const folder = await Deno.makeTempDir({ prefix: "parley-release-" });
    const release = new Release(folder);
    try {
      const tree = `${folder}/tree.tar`;
      await runTool(["git", "-C", ROOT, "archive", `--output=${tree}`, revision]);
      await runTool(["tar", "-xf", tree, "-C", folder]);
      return release;
    } catch (error) {
      await release[Symbol.asyncDispose]();
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.folder, { recursive: true });
  }
}
