import type { NodePath } from './finding.ts';
import { shapeName } from './shape-words.ts';

/** How to write a value so that it has the shape that its place wants; `undefined` where that is not plain. */
export function shapeSuggestion(
  shapes: readonly string[],
  path: NodePath,
  value: unknown,
): string | undefined {
  if (value === null) return asSomething(path);
  const [wantsText, wantsNumber] = [
    shapes.includes(shapeName('string')),
    shapes.includes(shapeName('number')),
  ];
  if (wantsText && !wantsNumber && (typeof value === 'number' || typeof value === 'boolean')) {
    return `put it in quotes: "${value}"`;
  }
  const [only, ...others] = shapes;
  if (others.length > 0) return undefined;
  if (only === shapeName('string')) return asBlock(path, value);
  if (only === shapeName('array')) return 'put each entry on its own line behind "- "';
  if (only === shapeName('boolean')) return 'write true or false, without quotes';
  return only === shapeName('object') ? asEntry(path, value) : undefined;
}

function asSomething(path: NodePath): string {
  if (path.length === 0) return 'write at least "image:" or "tasks:"';
  return typeof path.at(-1) === 'number' ? 'remove the empty entry' : 'give it a value, or remove the key';
}

/** Commands, which people write as a list since Docker and Pipelines take one. */
function asBlock(path: NodePath, value: unknown): string | undefined {
  if (path.length !== 3 || path[0] !== 'tasks' || !Array.isArray(value)) return undefined;
  return `write the lines as one block: "${path[2]}: |"`;
}

/** Entries of the two lists that people write as plain values. */
function asEntry(path: NodePath, value: unknown): string | undefined {
  if (path.length !== 2 || typeof value === 'object') return undefined;
  if (path[0] === 'ports') return 'write "- port:" before it';
  return path[0] === 'tasks' ? 'write "- command:" before it' : undefined;
}
