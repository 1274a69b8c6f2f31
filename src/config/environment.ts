import { aboutKey, aboutValue, pathText, type NodePath, type Tell } from './finding.ts';
import { quoted } from './printable.ts';

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * The environment that an `env:` map means: text as written, anything else as JSON, as Gitpod did it for tasks. Names
 * that no shell can export are told and left out.
 */
export function environment(
  written: Readonly<Record<string, unknown>> | undefined,
  path: NodePath,
  tell: Tell,
): Record<string, string> {
  const entries = Object.entries(written ?? {}).flatMap(([name, value]) => {
    if (!NAME.test(name)) {
      const message = `${pathText(path)}: ${quoted(name)} is no name of an environment variable; it is left out`;
      tell(aboutKey('warning', [...path, name], message, 'use letters, digits and "_" only'));
      return [];
    }
    return [[name, textOf(value, [...path, name], tell)] as const];
  });
  return Object.fromEntries(entries);
}

function textOf(value: unknown, path: NodePath, tell: Tell): string {
  if (typeof value === 'string') return withoutNul(value, path, tell);
  if (value === null) {
    const message = `${pathText(path)} has no value, so that the variable holds the text "null", as it did in Gitpod`;
    tell(aboutValue('warning', path, message, 'write "" for an empty text'));
  }
  return JSON.stringify(value);
}

function withoutNul(value: string, path: NodePath, tell: Tell): string {
  if (!value.includes('\0')) return value;
  tell(aboutValue('error', path, `${pathText(path)}: an environment variable cannot hold a NUL character`));
  return '';
}
