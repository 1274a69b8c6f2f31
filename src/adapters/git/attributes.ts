import type { CallOptions } from '../../oci/content-store.ts';
import type { Clone } from './clone.ts';
import { indexCommit } from './commit-index.ts';
import { runGit } from './git-command.ts';
import type { OpenFolder } from './temporary-folder.ts';

/** The attributes by which git changes contents between its objects and a checkout (`convert.c`); `crlf` is `text`'s elder. */
const ATTRIBUTES = ['text', 'crlf', 'eol', 'ident', 'filter', 'working-tree-encoding'];

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
    noteAttributes(await runGit(index.place, words, { signal, purpose, input }), found);
  }
  return found;
}

/** `<path>\0<attribute>\0<value>\0` for each path and attribute. */
function noteAttributes(answer: Buffer, found: Map<string, string>): void {
  const fields = answer.toString('latin1').split('\0');
  for (let at = 0; at + 2 < fields.length; at += 3) {
    const [path = '', name = '', value = ''] = fields.slice(at, at + 3);
    if (value === 'unspecified') continue;
    const before = found.get(path);
    found.set(path, `${before === undefined ? '' : `${before} `}${name}=${value}`);
  }
}
