/** How a program ended that was run to its end. */
export interface Ended {
  /** Whether it ended well. */
  readonly success: boolean;
  /** What it complained of. */
  readonly complaints: string;
}

/** Runs a program to its end, or returns nothing if there is none of that name. */
export async function run(
  command: string,
  args: readonly string[],
  cwd?: string,
): Promise<Ended | undefined> {
  try {
    const { success, stderr } = await new Deno.Command(command, {
      args: [...args],
      cwd,
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).output();
    return { success, complaints: new TextDecoder().decode(stderr) };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
