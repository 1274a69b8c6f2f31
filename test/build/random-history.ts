import fc from 'fast-check';
import { run } from '../adapters/git/git-fixture.ts';

/** A file, link or gitlink of a tree: the mode as git has it, and its content, target or commit. */
interface Node {
  readonly mode: '100644' | '100755' | '120000' | '160000';
  readonly content: string;
}

/** A tree by path, raw bytes as latin1 text. */
type Tree = Map<string, Node>;

/** A submodule that trees may have. */
export interface Library {
  readonly url: string;
  readonly commits: readonly string[];
}

const NAMES = ['a', 'b', 'A', 'c d', '-x', 'caf\xe9', '\xff\xfe', 'new\nline', '.hidden', 'l'.repeat(110)];
const ATTRIBUTES = [
  'text',
  '-text',
  'text eol=crlf',
  'ident',
  'text=auto eol=crlf',
  'working-tree-encoding=UTF-16LE-BOM text',
  'filter=lfs',
  'export-ignore',
];
const PATTERNS = ['*', '*.txt', 'a', '/b', 'a/**', '[attr]both text eol=crlf ident\n* both'];
const TEXTS = ['', 'one\ntwo\n', 'a $Id$ b\n', '$Id$\nline\n', 'crlf\r\nlf\n', 'no end', 'bytes \0 \xff\n'];

/** In UTF-16 git itself could not read the file. */
const READABLE = '\n/.gitmodules !text !eol !ident !filter !working-tree-encoding\n';

const name = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...NAMES) },
  { weight: 3, arbitrary: fc.constantFrom(...NAMES).map((each) => `${each}.txt`) },
);
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('/'));
const text = fc.oneof(
  fc.constantFrom(...TEXTS),
  fc.tuple(fc.constantFrom(...TEXTS), fc.nat(9)).map(([line, count]) => line.repeat(count * 300)),
);
const attributes = fc
  .array(fc.tuple(fc.constantFrom(...PATTERNS), fc.constantFrom(...ATTRIBUTES)), { maxLength: 3 })
  .map((lines) => lines.map((pair) => `${pair.join(' ')}\n`).join(''));

/** One change of a tree; what is impossible in its state does nothing. */
const edit = fc.oneof(
  { weight: 6, arbitrary: fc.record({ verb: fc.constant('write' as const), path, text }) },
  { weight: 2, arbitrary: fc.record({ verb: fc.constant('run' as const), path, text }) },
  { weight: 2, arbitrary: fc.record({ verb: fc.constant('link' as const), path, text: path }) },
  { weight: 3, arbitrary: fc.record({ verb: fc.constant('remove' as const), path, text: path }) },
  { weight: 3, arbitrary: fc.record({ verb: fc.constant('rename' as const), path, text: path }) },
  { weight: 2, arbitrary: fc.record({ verb: fc.constant('chmod' as const), path, text: path }) },
  {
    weight: 3,
    arbitrary: fc.record({
      verb: fc.constant('attributes' as const),
      path: fc.oneof({ weight: 3, arbitrary: fc.constant('') }, { weight: 1, arbitrary: path }),
      text: attributes,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      verb: fc.constant('submodule' as const),
      path,
      text: fc.constantFrom('0', '1', '2'),
    }),
  },
);
type Edit = typeof edit extends fc.Arbitrary<infer E> ? E : never;

/** A commit: how its tree differs from the one before it, and what it stands upon. */
const step = fc.record({
  edits: fc.array(edit, { minLength: 0, maxLength: 5 }),
  /** `amend` leaves the commit before it out of the history, as a forced push does. */
  parents: fc.constantFrom('plain', 'plain', 'plain', 'amend', 'merge'),
});
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** A history that begins with some files and goes on by steps. */
export const history = fc.record({
  first: fc.array(edit, { minLength: 3, maxLength: 14 }),
  steps: fc.array(step, { minLength: 1, maxLength: 4 }),
});
export type History = typeof history extends fc.Arbitrary<infer H> ? H : never;

/** Writes a history into an empty repository by `git fast-import` and gives its commits, the oldest first. */
export function writeHistory(
  repository: string,
  { first, steps }: History,
  libraries: readonly Library[],
): readonly string[] {
  let tree = edited(new Map(), first, libraries);
  const stream = [commitText({ mark: 1, parents: [], tree, libraries })];
  let parent = 1;
  let grandparents: readonly number[] = [];
  for (const [at, { edits, parents }] of steps.entries()) {
    tree = edited(tree, edits, libraries);
    const mark = at + 2;
    const before = parentsOf(parents, parent, grandparents);
    stream.push(commitText({ mark, parents: before, tree, libraries }));
    grandparents = before;
    parent = mark;
  }
  run(['git', 'fast-import', '--quiet', '--force', '--export-marks=.git/marks'], {
    cwd: repository,
    input: Buffer.from(stream.join(''), 'latin1'),
  });
  const marks = run(['cat', '.git/marks'], { cwd: repository });
  const ids = new Map([...marks.matchAll(/^:(\d+) ([0-9a-f]+)$/gm)].map(([, mark, id]) => [mark, id]));
  return [1, ...steps.map((_, at) => at + 2)].map((mark) => ids.get(String(mark)) ?? '');
}

function parentsOf(
  kind: Step['parents'],
  parent: number,
  grandparents: readonly number[],
): readonly number[] {
  if (kind === 'amend') return grandparents;
  return kind === 'merge' && grandparents[0] !== undefined ? [parent, grandparents[0]] : [parent];
}

function edited(
  tree: ReadonlyMap<string, Node>,
  edits: readonly Edit[],
  libraries: readonly Library[],
): Tree {
  const next = new Map(tree);
  for (const each of edits) VERBS[each.verb](next, each, libraries);
  return next;
}

/** Paths of submodules that no setting holds, or that look like an option, are refused (`gitmodules.ts`). */
const UNNAMEABLE = /[\n\xff\xe9-]/;

const VERBS: Readonly<Record<Edit['verb'], (tree: Tree, edit: Edit, libraries: readonly Library[]) => void>> =
  {
    write: (tree, { path, text }) => put(tree, path, { mode: '100644', content: text }),
    run: (tree, { path, text }) => put(tree, path, { mode: '100755', content: text }),
    link: (tree, { path, text }) => put(tree, path, { mode: '120000', content: text }),
    remove: (tree, { path }) => remove(tree, path),
    rename: (tree, { path, text }) => rename(tree, path, text),
    chmod: (tree, { path }) => {
      const there = tree.get(path);
      if (there?.mode === '100644') tree.set(path, { ...there, mode: '100755' });
    },
    attributes: (tree, { path, text }) =>
      put(tree, `${path}${path === '' ? '' : '/'}.gitattributes`, { mode: '100644', content: text }),
    submodule: (tree, { path, text }, [library]) => {
      const commit = library?.commits[Number(text)];
      if (commit !== undefined && !UNNAMEABLE.test(path))
        put(tree, path, { mode: '160000', content: commit });
    },
  };

function put(tree: Tree, path: string, node: Node): void {
  remove(tree, path);
  for (let slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1))
    tree.delete(path.slice(0, slash));
  tree.set(path, node);
}

function remove(tree: Tree, path: string): void {
  for (const other of tree.keys()) if (other === path || other.startsWith(`${path}/`)) tree.delete(other);
}

function rename(tree: Tree, path: string, to: string): void {
  if (`${to}/`.startsWith(`${path}/`) || `${path}/`.startsWith(`${to}/`)) return;
  const moved = [...tree].filter(([other]) => other === path || other.startsWith(`${path}/`));
  const ends = moved.map(([other, node]) => ({ node, end: `${to}${other.slice(path.length)}` }));
  if (ends.some(({ node, end }) => node.mode === '160000' && UNNAMEABLE.test(end))) return;
  remove(tree, path);
  for (const { node, end } of ends) put(tree, end, node);
}

interface Commit {
  readonly mark: number;
  readonly parents: readonly number[];
  readonly tree: ReadonlyMap<string, Node>;
  readonly libraries: readonly Library[];
}

/** https://git-scm.com/docs/git-fast-import */
function commitText({ mark, parents, tree, libraries }: Commit): string {
  const [from, ...merged] = parents;
  const links = [...tree].filter(([, { mode }]) => mode === '160000').map(([path]) => path);
  const all = new Map(tree);
  if (links.length > 0) {
    put(all, '.gitmodules', { mode: '100644', content: gitmodules(links, libraries) });
    const { content = '' } = all.get('.gitattributes') ?? {};
    put(all, '.gitattributes', { mode: '100644', content: `${content}${READABLE}` });
  }
  return [
    `reset refs/heads/main\n`,
    `commit refs/heads/main\nmark :${mark}\ncommitter T <t@example.org> ${1_700_000_000 + mark} +0000\n`,
    `data 8\ncommit ${mark % 10}\n`,
    from === undefined ? '' : `from :${from}\n`,
    ...merged.map((each) => `merge :${each}\n`),
    'deleteall\n',
    ...[...all].map(([path, { mode, content }]) =>
      mode === '160000'
        ? `M ${mode} ${content} ${quoted(path)}\n`
        : `M ${mode} inline ${quoted(path)}\ndata ${content.length}\n${content}\n`,
    ),
    '\n',
  ].join('');
}

/** A submodule keeps its name while it stays where it is; one that is not first is not described. */
function gitmodules(links: readonly string[], [library]: readonly Library[]): string {
  return links
    .slice(0, 2)
    .map((path, at) => `[submodule "module${at}"]\n\tpath = "${path}"\n\turl = ${library?.url ?? ''}\n`)
    .join('');
}

function quoted(path: string): string {
  return `"${path.replaceAll(/["\\]/g, String.raw`\$&`).replaceAll('\n', String.raw`\n`)}"`;
}
