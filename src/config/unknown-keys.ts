import { aboutKey, pathText, type Finding, type NodePath } from './finding.ts';
import { CLOSED_MAPS } from './gitpod-file.ts';
import { nearestWord } from './nearest-word.ts';
import { quoted } from './printable.ts';

/** More keys than this are no answer to a slip. */
const MOST_LISTED = 8;

/** Finds every key that means nothing in its place. Gitpod refused the whole file for one of them. */
export function unknownKeys(value: unknown): readonly Finding[] {
  return CLOSED_MAPS.flatMap(({ at, keys }) =>
    placesAt(value, at, []).flatMap(({ map, path }) =>
      Object.keys(map)
        .filter((key) => !keys.includes(key))
        .map((key) => unknownKey([...path, key], key, keys)),
    ),
  );
}

function unknownKey(path: NodePath, key: string, keys: readonly string[]): Finding {
  const place = path.length === 1 ? '' : ` in ${pathText(path.slice(0, -1))}`;
  return aboutKey('refused', path, `unknown key ${quoted(key)}${place}`, suggestionFor(key, keys));
}

function suggestionFor(key: string, keys: readonly string[]): string {
  const near = nearestWord(key, keys);
  if (near !== undefined) return `did you mean "${near}"?`;
  if (key.startsWith('x-')) return 'move its anchors to where they are used first';
  const home = CLOSED_MAPS.find(({ at, keys: others }) => keys.includes(at[0] ?? '') && others.includes(key));
  if (home !== undefined) return `move it under "${pathPattern(home.at)}", where it belongs`;
  return keys.length > MOST_LISTED ? 'remove it' : `remove it; known here: ${keys.join(', ')}`;
}

function pathPattern(at: readonly string[]): string {
  return at.join('.').replaceAll('.*', '[]');
}

interface MapPlace {
  readonly map: Readonly<Record<string, unknown>>;
  readonly path: NodePath;
}

function placesAt(value: unknown, at: readonly string[], path: NodePath): readonly MapPlace[] {
  const [first, ...rest] = at;
  if (first === undefined) return isMap(value) ? [{ map: value, path }] : [];
  if (first === '*') {
    return Array.isArray(value)
      ? value.flatMap((item: unknown, index) => placesAt(item, rest, [...path, index]))
      : [];
  }
  return isMap(value) && Object.hasOwn(value, first) ? placesAt(value[first], rest, [...path, first]) : [];
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
