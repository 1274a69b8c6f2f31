import { isAlias, isMap, isScalar, isSeq, Scalar, type Document, type Pair, type YAMLMap } from 'yaml';
import type { NodePath } from './finding.ts';

/** Offsets in the text, in UTF-16 code units; `end` exclusive. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** What a step into the tree found: the value, and the key that names it (absent in lists). */
interface Found {
  readonly key: unknown;
  readonly value: unknown;
}

/** Whether a key is the merge key of YAML 1.1, which only an unquoted `<<` is. */
export function isMergeKey(key: Scalar): boolean {
  return key.value === '<<' && (key.type === undefined || key.type === Scalar.PLAIN);
}

/** The node at a path, aliases and merges followed; `undefined` where the path leads nowhere. */
export function nodeAt(document: Document, path: NodePath): unknown {
  let node: unknown = document.contents;
  for (const part of path) node = step(document, node, part)?.value;
  return isAlias(node) ? node.resolve(document) : node;
}

/**
 * Where the node of a path stands in the text: the key itself for `key`, else the value (the key, where the value is
 * empty). Aliases and merges are followed to what they stand for; of a path that leads nowhere the deepest part that
 * exists is told.
 */
export function locate(document: Document, path: NodePath, at: 'key' | 'value'): TextRange {
  let found: Found = { key: undefined, value: document.contents };
  for (const part of path) {
    const next = step(document, found.value, part);
    if (next === undefined) return valueRange(found) ?? { start: 0, end: 0 };
    found = next;
  }
  return (at === 'key' ? rangeOf(found.key) : undefined) ?? valueRange(found) ?? { start: 0, end: 0 };
}

function step(document: Document, node: unknown, part: string | number): Found | undefined {
  const target = isAlias(node) ? node.resolve(document) : node;
  if (isSeq(target)) {
    return typeof part === 'number' && part < target.items.length
      ? { key: undefined, value: target.items[part] }
      : undefined;
  }
  return isMap(target) ? stepIntoMap(document, target, String(part)) : undefined;
}

function stepIntoMap(document: Document, map: YAMLMap, name: string): Found | undefined {
  const named = map.items.find(({ key }) => isScalar(key) && !isMergeKey(key) && String(key.value) === name);
  if (named !== undefined) return { key: named.key, value: named.value };
  for (const pair of map.items) {
    const merged =
      isScalar(pair.key) && isMergeKey(pair.key) ? stepIntoMerge(document, pair, name) : undefined;
    if (merged !== undefined) return merged;
  }
  return undefined;
}

function stepIntoMerge(document: Document, { value }: Pair, name: string): Found | undefined {
  const source = isAlias(value) ? value.resolve(document) : value;
  const maps: readonly unknown[] = isSeq(source) ? source.items : [source];
  return maps.map((map) => step(document, map, name)).find((found) => found !== undefined);
}

function valueRange({ key, value }: Found): TextRange | undefined {
  const own = rangeOf(value);
  return own !== undefined && own.end > own.start ? own : (rangeOf(key) ?? own);
}

function rangeOf(node: unknown): TextRange | undefined {
  if (typeof node !== 'object' || node === null || !('range' in node) || !Array.isArray(node.range))
    return undefined;
  const [start, end]: readonly unknown[] = node.range;
  return typeof start === 'number' && typeof end === 'number' ? { start, end } : undefined;
}
