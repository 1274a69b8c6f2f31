import type { Finding, NodePath } from './finding.ts';

/**
 * What Gitpod refused although it costs nobody a workspace: places (`*` is any index), and what happens there
 * instead. All that stands below a place belongs to it.
 */
const PLACES: readonly { readonly at: readonly string[]; readonly instead: string }[] = [
  { at: ['ports', '*', 'onOpen'], instead: '"notify" is used' },
  { at: ['ports', '*', 'visibility'], instead: '"private" is used' },
  { at: ['ports', '*', 'protocol'], instead: 'it is left out' },
  { at: ['ports', '*', 'name'], instead: 'it is left out' },
  { at: ['ports', '*', 'description'], instead: 'it is left out' },
  { at: ['tasks', '*', 'openIn'], instead: 'it is left out' },
  { at: ['tasks', '*', 'openMode'], instead: 'it is left out' },
  ...['vscode', 'jetbrains', 'coreDump', 'github', 'experimentalNetwork'].map((key) => ({
    at: [key],
    instead: 'it is left out',
  })),
];

/** Left empty, these leave open what is meant. */
const NEVER_EMPTY = new Set<string | number>(['image', 'file', 'port', 'url']);

/** A finding about a value that can be lived with, as what Gitpod refused; `undefined` for all others. */
export function livedWith(finding: Finding, valueOf: (path: NodePath) => unknown): Finding | undefined {
  const path = 'path' in finding.where ? finding.where.path : [];
  const instead = PLACES.find(({ at }) => isBelow(path, at))?.instead ?? emptyOf(path, valueOf);
  if (instead === undefined) return undefined;
  return { ...finding, severity: 'refused', message: `${finding.message}; ${instead}` };
}

/** A key without a value, which js-yaml hands on as null and Gitpod refused. */
function emptyOf(path: NodePath, valueOf: (path: NodePath) => unknown): string | undefined {
  const key = path.at(-1);
  if (typeof key !== 'string' || NEVER_EMPTY.has(key)) return undefined;
  return valueOf(path) === null ? 'it is left out' : undefined;
}

function isBelow(path: NodePath, at: readonly string[]): boolean {
  return at.every((part, index) => (part === '*' ? typeof path[index] === 'number' : path[index] === part));
}

/** A value without the map entries in which the paths lie: what stands in a list goes with the list. */
export function withoutEntries(value: unknown, paths: readonly NodePath[]): unknown {
  const entries = paths.map((path) =>
    path.slice(0, path.findLastIndex((part) => typeof part === 'string') + 1),
  );
  return without(value, [], new Set(entries.map((entry) => JSON.stringify(entry))));
}

function without(value: unknown, path: NodePath, entries: ReadonlySet<string>): unknown {
  if (typeof value !== 'object' || value === null || path.length > DEEPEST) return value;
  if (Array.isArray(value)) return value.map((item, index) => without(item, [...path, index], entries));
  const kept = Object.entries(value).flatMap(([key, inner]): readonly (readonly [string, unknown])[] => {
    const below = [...path, key];
    return entries.has(JSON.stringify(below)) ? [] : [[key, without(inner, below, entries)]];
  });
  return Object.fromEntries(kept);
}

/** The schema looks no deeper. */
const DEEPEST = 6;
