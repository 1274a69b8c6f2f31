import { shellQuote } from '../../kernel/shell-quote.ts';
import { environment } from '../environment.ts';
import { aboutValue, pathText, type NodePath, type Tell } from '../finding.ts';
import type { DevcontainerFile } from './devcontainer-file.ts';
import { answered, valueParts, type KnownVariables, type ValuePart } from './variables.ts';

/** The variables of the container; one that only the machine of whoever starts it can tell is left out. */
export function containerEnvironment(
  { containerEnv = {} }: DevcontainerFile,
  known: KnownVariables,
  tell: Tell,
): Readonly<Record<string, string>> {
  const path = ['containerEnv'];
  const entries = Object.entries(environment(containerEnv, path, tell)).flatMap(([name, value]) => {
    const at = [...path, name];
    return isTold(value, at, known, tell) ? [[name, answered(value, at, known, tell)] as const] : [];
  });
  return Object.fromEntries(entries);
}

/**
 * Bash that sets what `remoteEnv` adds for commands; empty where it says nothing. One `export` sets all, so that each
 * value is made of the container's variables and not of each other.
 */
export function remoteEnvironment(
  { remoteEnv = {} }: DevcontainerFile,
  container: Readonly<Record<string, string>>,
  known: KnownVariables,
  tell: Tell,
): string {
  const path = ['remoteEnv'];
  const names = Object.keys(environment(remoteEnv, path, () => undefined));
  environment(withoutNothing(remoteEnv), path, tell);
  const unset = names.filter((name) => remoteEnv[name] === null);
  const set = names.flatMap((name) => {
    const value = remoteEnv[name];
    if (typeof value !== 'string' || !isTold(value, [...path, name], known, tell)) return [];
    const parts = valueParts(value, known, () => undefined);
    return [`${name}=${parts.map((part) => wordOf(part, container)).join('')}`];
  });
  return [
    ...(set.length === 0 ? [] : [`export ${set.join(' ')}\n`]),
    ...(unset.length === 0 ? [] : [`unset ${unset.join(' ')}\n`]),
  ].join('');
}

function withoutNothing(env: Readonly<Record<string, string | null>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== null),
  );
}

/** What the file sets for the container is known; the rest is the image's, and bash has it. */
function wordOf(part: ValuePart, container: Readonly<Record<string, string>>): string {
  if (typeof part === 'string') return shellQuote(part);
  const { containerEnv: name, otherwise = '' } = part;
  const set = Object.hasOwn(container, name) ? container[name] : undefined;
  if (set !== undefined) return shellQuote(set);
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)
    ? `\${${name}-${shellQuote(otherwise)}}`
    : shellQuote(otherwise);
}

function isTold(value: string, path: NodePath, known: KnownVariables, tell: Tell): boolean {
  let told = true;
  valueParts(value, known, ({ written, why, suggestion }) => {
    told = false;
    const message = `${pathText(path)} is not set in builds and by "preheat start": ${written} has no answer: ${why}`;
    tell(aboutValue('warning', path, message, suggestion));
  });
  return told;
}
