/** A comment that has its lines for itself, and empty lines. */
const COMMENTS = /^[ \t]*(?:\/\*(?:(?!\*\/)[\s\S])*\*\/|\/\/.*|)(?:\n|$)/gm;

/**
 * Leaves the comments out of a script: a third of what would be sent.
 *
 * Takes only comments that share their lines with nothing else, which needs no grammar, but for texts of several lines: a
 * script that may have one stays as it is.
 */
export function withoutComments(script: string): string {
  const mayHaveLongText = script.split("\n").some((line) => {
    const isComment = /^\s*(?:\*|\/\*|\/\/)/.test(line);
    return !isComment && line.split("`").length % 2 === 0;
  });
  return mayHaveLongText ? script : script.replace(COMMENTS, "");
}
