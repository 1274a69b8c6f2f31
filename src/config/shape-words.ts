import { quoted } from './printable.ts';

const SHAPE_NAMES: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  boolean: 'a boolean',
  array: 'a list',
  object: 'a map',
  record: 'a map',
};

/** What people call a type that zod names. */
export function shapeName(expected: string): string {
  return SHAPE_NAMES[expected] ?? expected;
}

/** What a value is, for the end of "expected …, got …". */
export function described(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  switch (typeof value) {
    case 'string':
      return quoted(value);
    case 'number':
      return `the number ${value}`;
    case 'boolean':
      return String(value);
    default:
      return value === null || value === undefined ? 'nothing' : 'a map';
  }
}

/** `a, b or c`, each word once. */
export function either(words: readonly string[]): string {
  const unique = [...new Set(words)];
  if (unique.length < 2) return unique[0] ?? 'something else';
  return `${unique.slice(0, -1).join(', ')} or ${unique.at(-1)}`;
}
