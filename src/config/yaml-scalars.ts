import { Scalar } from 'yaml';
import type { Finding, FindingPlace } from './finding.ts';

/** `22:59`, which YAML 1.1 counts in sixties. */
const SEXAGESIMAL = /^[-+]?[1-9]\d*(?::[0-5]?\d)+$/;
/** `010`, which YAML 1.1 counts in eights. */
const OCTAL = /^[-+]?0[0-7]+$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;

/**
 * Tells when an unquoted scalar means something else than it looks like, or something else than it meant to Gitpod
 * (YAML 1.1 by js-yaml 3, where this reads YAML 1.2).
 */
export function scalarFinding(scalar: Scalar, where: FindingPlace): Finding | undefined {
  const { source, value } = scalar;
  if (scalar.type !== Scalar.PLAIN || source === undefined || source.length > 64) return undefined;
  const quotes = `put it in quotes: "${source}"`;
  if (DATE.test(source)) {
    const message = `${source} is read as text; Gitpod read a date and refused it`;
    return { severity: 'refused', where, message, suggestion: quotes };
  }
  const message = differing(source, value);
  if (message === undefined) return undefined;
  const suggestion =
    typeof value === 'string' ? quotes : `write ${String(value)}, or "${source}" in quotes if text is meant`;
  return { severity: 'warning', where, message, suggestion };
}

function differing(source: string, value: unknown): string | undefined {
  if (SEXAGESIMAL.test(source))
    return `${source} is read as text; Gitpod read the number ${sexagesimal(source)}`;
  if (OCTAL.test(source))
    return `${source} is read as the number ${String(value)}; Gitpod read ${parseInt(source, 8)}`;
  if (typeof value !== 'number' && typeof value !== 'boolean') return undefined;
  return String(value) === source ? undefined : `${source} is read as ${String(value)}`;
}

function sexagesimal(source: string): number {
  const sign = source.startsWith('-') ? -1 : 1;
  const digits = source.replace(/^[-+]/, '').split(':');
  return sign * digits.reduce((total, part) => total * 60 + Number(part), 0);
}
