/**
 * A path in a list of object folders, in which colons part, quoted where it has to be: git-lfs reads no quotes.
 * https://git-scm.com/docs/git#Documentation/git.txt-GITALTERNATEOBJECTDIRECTORIES
 */
export function quotedPath(path: string): string {
  if (!/[:"\\\n]/.test(path)) return path;
  return `"${path.replaceAll(/["\\]/g, String.raw`\$&`).replaceAll('\n', String.raw`\n`)}"`;
}
