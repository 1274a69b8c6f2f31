import type { CallOptions } from '../../oci/content-store.ts';
import type { Clone } from './clone.ts';
import { indexCommit } from './commit-index.ts';
import { runGit } from './git-command.ts';
import type { OpenFolder } from './temporary-folder.ts';

/** The attributes by which git changes contents between its objects and a checkout (`convert.c`); `crlf` is `text`'s elder. */
const ATTRIBUTES = ['text', 'crlf', 'eol', 'ident', 'filter', 'working-tree-encoding'];

/** Whether a path of a commit is one that git reads attributes from. */
export function isAttributesFile(path: string): boolean {
  return path === '.gitattributes' || path.endsWith('/.gitattributes');
}

/** How many paths git is asked about at once: the answer of each takes some hundred bytes of memory. */
const MOST_PATHS = 20_000;

/**
 * How a commit has the contents of paths (raw bytes as latin1 text) changed on their way into a checkout; nothing of
 * those that stay as they are.
 */
export async function readAttributes(
  clone: Clone,
  commit: string,
  paths: readonly string[],
  { signal, openFolder }: CallOptions & { readonly openFolder: OpenFolder },
): Promise<ReadonlyMap<string, string>> {
  if (paths.length === 0) return new Map();
  await using index = await indexCommit(clone, commit, { signal, openFolder });
  const purpose = `read the attributes of commit ${commit.slice(0, 12)}`;
  const words = ['check-attr', '--cached', '-z', '--stdin', ...ATTRIBUTES];
  const found = new Map<string, string>();
  for (let at = 0; at < paths.length; at += MOST_PATHS) {
    const asked = paths.slice(at, at + MOST_PATHS).map((path) => `${path}\0`);
    const input = Buffer.from(asked.join(''), 'latin1');
    const answer = await runGit(index.place, words, { signal, purpose, input });
    noteAttributes(answer.toString('latin1'), found);
  }
  return found;
}

/** `<path>\0<attribute>\0<value>\0` for each path and attribute, read in place, since most of the words say nothing. */
function noteAttributes(answer: string, found: Map<string, string>): void {
  for (let start = 0; start < answer.length;) {
    const [pathEnd, nameEnd, end] = nextThree(answer, start);
    const value = answer.slice(nameEnd + 1, end);
    if (value !== 'unspecified') {
      const path = answer.slice(start, pathEnd);
      const before = found.get(path);
      const told = `${answer.slice(pathEnd + 1, nameEnd)}=${value}`;
      found.set(path, before === undefined ? told : `${before} ${told}`);
    }
    start = end + 1;
  }
}

/** Where the next three words end. */
function nextThree(answer: string, start: number): readonly [number, number, number] {
  const first = answer.indexOf('\0', start);
  const second = answer.indexOf('\0', first + 1);
  return [first, second, answer.indexOf('\0', second + 1)];
}
