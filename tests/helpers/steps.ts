/** Runs a step for each case, all of them at the same time. */
export async function stepsAtOnce<Case extends { readonly name: string }>(
  t: Deno.TestContext,
  cases: readonly Case[],
  run: (one: Case) => Promise<void>,
): Promise<void> {
  await Promise.all(cases.map((one) =>
    t.step({
      name: one.name,
      fn: () => run(one),
      // Each would take what the others have open for its own.
      sanitizeOps: false,
      sanitizeResources: false,
      sanitizeExit: false,
    })
  ));
}
