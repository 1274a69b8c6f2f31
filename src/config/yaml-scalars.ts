import { Scalar } from 'yaml';
import type { Finding, FindingPlace } from './finding.ts';
import { elderNumber } from './yaml-numbers.ts';

/** `010`, which YAML 1.1 counts in eights. */
const OCTAL = /^[-+]?0[0-7]+$/;
const DATE = /^\d{4}-\d{2}-\d{2}$|^\d{4}-\d\d?-\d\d?(?:[Tt]|[ \t]+)\d\d?:\d{2}:\d{2}/;

/**
 * Tells when an unquoted scalar means something else than it looks like, or something else than it meant to Gitpod
 * (YAML 1.1 by js-yaml 3, where this reads YAML 1.2). `keys` are the map keys that lead to it.
 */
export function scalarFinding(
  scalar: Scalar,
  where: FindingPlace,
  keys: readonly string[],
): Finding | undefined {
  const { source, value } = scalar;
  if (scalar.type !== Scalar.PLAIN || source === undefined || source.length > 64) return undefined;
  const quotes = `put it in quotes: "${source}"`;
  if (DATE.test(source)) {
    const message = `${source} is read as text; Gitpod read a date`;
    return { severity: tookAny(keys) ? 'warning' : 'refused', where, message, suggestion: quotes };
  }
  const number = typeof value === 'string' ? elderNumber(source) : undefined;
  if (number !== undefined) {
    const message = `${source} is read as text; Gitpod read the number ${number}`;
    const severity = tookAny(keys) || keys.at(-1) === 'port' ? 'warning' : 'refused';
    return { severity, where, message, suggestion: quotes };
  }
  const message = differing(source, value);
  if (message === undefined) return undefined;
  const suggestion = `write ${String(value)}, or "${source}" in quotes if text is meant`;
  return { severity: 'warning', where, message, suggestion };
}

function differing(source: string, value: unknown): string | undefined {
  if (OCTAL.test(source))
    return `${source} is read as the number ${String(value)}; Gitpod read ${parseInt(source, 8)}`;
  if (typeof value !== 'number' && typeof value !== 'boolean') return undefined;
  return String(value) === source ? undefined : `${source} is read as ${String(value)}`;
}

/** Where Gitpod took values of any kind. */
function tookAny([first, second]: readonly string[]): boolean {
  return (first === 'tasks' && second === 'env') || (first === 'github' && second === 'prebuilds');
}
