import {
  isAlias,
  isCollection,
  isMap,
  isPair,
  isScalar,
  isSeq,
  visit,
  type Document,
  type Node,
  type Pair,
  type YAMLMap,
} from 'yaml';
import type { Finding, FindingPlace, Tell } from './finding.ts';
import { isMergeKey } from './locate.ts';
import { quoted } from './printable.ts';
import { scalarFinding } from './yaml-scalars.ts';

/** How many maps and lists may stand inside of each other. */
const DEEPEST = 100;
/** Each alias costs a walk through the document up to it, so that their number is bounded too. */
const MOST_ALIASES = 200;

/**
 * What the parser lets pass and a reader must not: duplicate keys, deep nesting, aliases that are unknown, too many or
 * cyclic, merges of what is no map. Also tells where Gitpod's YAML 1.1 reads a scalar differently.
 */
export function structureFindings(document: Document): readonly Finding[] {
  const findings: Finding[] = [];
  const tell: Tell = (finding) => findings.push(finding);
  let aliases = 0;
  visit(document, {
    Node: (_key, node, path) => {
      if (path.length <= DEEPEST || path.filter(isCollection).length <= DEEPEST) return undefined;
      tell({ severity: 'error', where: placeOf(node), message: 'the file is nested too deeply' });
      return visit.BREAK;
    },
  });
  if (findings.length > 0) return findings;
  visit(document, {
    Alias: (_key, alias, path) => {
      if (++aliases <= MOST_ALIASES) return checkAlias(document, alias, path, tell);
      tell({
        severity: 'error',
        where: placeOf(alias),
        message: `the file holds more than ${MOST_ALIASES} aliases`,
      });
      return visit.BREAK;
    },
    Map: (_key, map) => checkKeys(map, tell),
    Scalar: (key, scalar, path) => {
      const finding = key === 'key' ? undefined : scalarFinding(scalar, placeOf(scalar), keysIn(path));
      if (finding !== undefined) tell(finding);
    },
  });
  // Merges are looked at last, because resolving them is only cheap when the aliases are few.
  if (findings.every(({ severity }) => severity !== 'error')) checkMerges(document, tell);
  return findings;
}

function keysIn(path: readonly unknown[]): readonly string[] {
  return path.flatMap((node) => (isPair(node) && isScalar(node.key) ? [String(node.key.value)] : []));
}

function checkAlias(document: Document, alias: Node, path: readonly unknown[], tell: Tell): undefined {
  if (!isAlias(alias)) return;
  const target = alias.resolve(document);
  const name = quoted(alias.source);
  if (target === undefined) {
    tell({ severity: 'error', where: placeOf(alias), message: `no anchor ${name} is set before this alias` });
  } else if (path.includes(target)) {
    tell({
      severity: 'error',
      where: placeOf(alias),
      message: `the alias ${name} stands inside of its own anchor`,
    });
  }
}

function checkKeys(map: YAMLMap, tell: Tell): void {
  const seen = new Set<string>();
  for (const { key } of map.items) {
    if (!isScalar(key) || isMergeKey(key)) continue;
    const name = String(key.value);
    if (seen.has(name)) {
      const message = `duplicate key ${quoted(name)}: it stands in this map already`;
      tell({ severity: 'error', where: placeOf(key), message, suggestion: 'remove one of the two' });
    }
    seen.add(name);
  }
}

function checkMerges(document: Document, tell: Tell): void {
  visit(document, {
    Pair: (_key, pair: Pair) => {
      if (!isScalar(pair.key) || !isMergeKey(pair.key) || mergesMaps(document, pair.value)) return;
      const message = 'a merge key "<<" takes a map, an alias of a map, or a list of these';
      tell({ severity: 'error', where: placeOf(pair.key), message });
    },
  });
}

function mergesMaps(document: Document, value: unknown): boolean {
  const source = isAlias(value) ? value.resolve(document) : value;
  if (!isSeq(source)) return isMap(source);
  return source.items.every((item) => isMap(isAlias(item) ? item.resolve(document) : item));
}

function placeOf(node: unknown): FindingPlace {
  const range = isNodeWithRange(node) ? node.range : undefined;
  return { start: range?.[0] ?? 0, end: range?.[1] ?? 0 };
}

function isNodeWithRange(
  node: unknown,
): node is { readonly range?: readonly [number, number, number] | null } {
  return typeof node === 'object' && node !== null && 'range' in node;
}
