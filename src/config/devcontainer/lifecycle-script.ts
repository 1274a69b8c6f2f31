import { shellQuote } from '../../kernel/shell-quote.ts';
import { aboutValue, type NodePath, type Tell } from '../finding.ts';
import type { DevcontainerFile, LifecycleCommand, OneCommand } from './devcontainer-file.ts';
import { answered, type KnownVariables } from './variables.ts';

/** What runs in a build, in this order; the next one only where those before it did not fail. */
export const IN_BUILDS = ['onCreateCommand', 'updateContentCommand', 'postCreateCommand'] as const;
export type Lifecycle = (typeof IN_BUILDS)[number] | 'postStartCommand';

interface Surroundings {
  readonly known: KnownVariables;
  readonly tell: Tell;
}

/**
 * Bash that runs these lifecycle properties one after the other, each announced by its name, until one fails;
 * `undefined` where none says anything. Text is given to `/bin/sh`, a list of words is run without a shell, and the
 * commands of a map run at the same time (https://containers.dev/implementors/json_reference/#formatting-string-vs-array-properties).
 */
export function lifecycleScript(
  file: DevcontainerFile,
  names: readonly Lifecycle[],
  around: Surroundings,
): string | undefined {
  const parts = names.flatMap((name) => {
    const command = file[name];
    const text = command === undefined ? undefined : commandText(command, [name], around);
    return text === undefined ? [] : [`echo 'preheat: ${name}' &&\n${text}`];
  });
  return parts.length === 0 ? undefined : parts.join(' &&\n');
}

function commandText(command: LifecycleCommand, path: NodePath, around: Surroundings): string | undefined {
  if (typeof command === 'string' || isWords(command)) return oneText(command, path, around);
  const texts = Object.entries(command).flatMap(([name, one]) => oneText(one, [...path, name], around) ?? []);
  return texts.length < 2 ? texts[0] : atOnce(texts);
}

function isWords(command: Exclude<LifecycleCommand, string>): command is readonly string[] & string[] {
  return Array.isArray(command);
}

function oneText(command: OneCommand, path: NodePath, { known, tell }: Surroundings): string | undefined {
  const word = (text: string, at: NodePath): string => {
    if (text.includes('\0')) tell(aboutValue('error', at, 'a program cannot be given a NUL character'));
    return shellQuote(answered(text, at, known, tell));
  };
  if (typeof command === 'string')
    return command.trim() === '' ? undefined : `/bin/sh -c ${word(command, path)}`;
  const words = command.map((text, index) => word(text, [...path, index]));
  // Without "exec", a word such as "cd" would be bash's own; it ends the shell, so that it has one of its own.
  return words.length === 0 ? undefined : `(exec -- ${words.join(' ')})`;
}

/** All are waited for; the last one that failed says how it went. */
function atOnce(texts: readonly string[]): string {
  return [
    '(',
    'pids=',
    ...texts.map((text) => `${text} & pids="$pids $!"`),
    'code=0',
    'for pid in $pids; do wait "$pid" || code=$?; done',
    'exit "$code"',
    ')',
  ].join('\n');
}
