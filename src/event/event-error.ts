import type * as z from 'zod';
import { PreheatError } from '../kernel/failure.ts';

const LONGEST_VALUE = 80;

/**
 * One error for everything that is wrong with an event: `cannot read <source>: A is missing; B "x" is no …`. Values are
 * cut, and left out where they may be secret.
 */
export function eventError(source: string, error: z.ZodError, values: object, hint: string): PreheatError {
  const reasons = error.issues.map((issue) => reasonOf(issue, values));
  return new PreheatError(`cannot read ${source}: ${[...new Set(reasons)].join('; ')}`, {
    phase: 'event',
    code: 'event',
    hint,
  });
}

function reasonOf(issue: z.core.$ZodIssue, values: object): string {
  const name = issue.path.map(String).join('.');
  const value: unknown = issue.path.reduce<unknown>(memberOf, values);
  if (value === undefined) return `${name} is missing`;
  const secret = issue.code === 'custom' && issue.params?.['secret'] === true;
  return secret ? `${name} ${issue.message}` : `${name} ${shown(value)} ${issue.message}`;
}

function memberOf(value: unknown, key: PropertyKey): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

/** JSON's escapes keep control characters out of the log; the rest of them are escaped likewise. */
function shown(value: unknown): string {
  const text = String(value);
  const short = text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE - 1)}…` : text;
  return JSON.stringify(short).replaceAll(
    /[\u007F-\u009F\u200E\u200F\u2028-\u202E\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
