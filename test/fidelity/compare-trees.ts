import type { FileRecord, FileTree } from './file-tree.ts';

/** One thing that a referee saw otherwise than it was. */
export interface Difference {
  readonly path: string;
  /** What differs, in plain words. */
  readonly what: string;
}

const FIELDS = {
  type: 'kind',
  mode: 'mode',
  owner: 'owner',
  mtime: 'time',
  size: 'size',
  device: 'device number',
  target: 'target',
  content: 'content',
  links: 'hardlinks',
} as const satisfies Partial<Record<keyof FileRecord, string>>;

/** All that differs between the original and what a referee saw, of the paths that `isCompared` picks. */
export function differencesOf(
  original: FileTree,
  seen: FileTree,
  isCompared: (path: string) => boolean,
): readonly Difference[] {
  const paths = new Set([...original.keys(), ...seen.keys()].filter((path) => isCompared(path)));
  return [...paths]
    .toSorted()
    .flatMap((path) => whatDiffers(original.get(path), seen.get(path)).map((what) => ({ path, what })));
}

function whatDiffers(was: FileRecord | undefined, is: FileRecord | undefined): readonly string[] {
  if (was === undefined) return ['not there before'];
  if (is === undefined) return ['missing'];
  if (was.type !== is.type) return ['kind'];
  const fields = Object.entries(FIELDS).filter(([field]) => {
    const key = field as keyof typeof FIELDS;
    return was[key] !== is[key];
  });
  return [
    ...fields.map(([, word]) => word),
    ...(was.sparse === is.sparse ? [] : ['sparseness']),
    ...attributeNames(was, is).map((name) => `attribute ${name}`),
  ];
}

function attributeNames(was: FileRecord, is: FileRecord): readonly string[] {
  const names = new Set([...was.attributes.keys(), ...is.attributes.keys()]);
  return [...names].filter((name) => was.attributes.get(name) !== is.attributes.get(name));
}
