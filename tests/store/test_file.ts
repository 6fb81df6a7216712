/** A path for a database, in a folder that goes when the test ends. */
export interface TestFile extends AsyncDisposable {
  readonly folder: string;
  readonly path: string;
}

/** Makes the folder of a {@linkcode TestFile}. */
export async function makeFile(): Promise<TestFile> {
  const folder = await Deno.makeTempDir({ prefix: "parley-" });
  return {
    folder,
    path: `${folder}/parley.db`,
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}
