/** The parents that a commit names itself, so that neither `.git/shallow` nor replacements hide any. */
export function parentsIn(commit: Buffer): readonly string[] {
  return [...headerOf(commit).matchAll(/^parent ([0-9a-f]+)$/gm)].map(([, id]) => id ?? '');
}

/** Ends at the first empty line. */
function headerOf(commit: Buffer): string {
  const end = commit.indexOf('\n\n');
  return commit.toString('latin1', 0, end === -1 ? commit.length : end);
}
