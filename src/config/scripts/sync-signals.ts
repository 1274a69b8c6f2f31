import { literalOf, type ShellToken } from '../shell/shell-token.ts';
import type { ShellCommand } from '../shell/chains.ts';
import { sureCommands } from '../shell/sure-commands.ts';
import type { TaskPart, TaskScripts } from './task-scripts.ts';

/** `gp sync-done NAME` or `gp sync-await NAME` in a part. */
export interface SyncCall {
  readonly name: string;
  readonly part: TaskPart;
  readonly start: number;
  readonly end: number;
}

const DONE = /\bsync-done\b(?:[^\S\n]+("[^"\n]*"|'[^'\n]*'|[^\s;&|()<>"'`]+))?/g;

/**
 * Every signal that parts could give, also in quotes, conditions and the background; not in comments. `undefined` where
 * not all can be told by their names.
 */
export function signalsIn(parts: readonly TaskPart[]): readonly SyncCall[] | undefined {
  const calls: SyncCall[] = [];
  for (const part of parts) {
    // What `gp` itself writes for a signal; whoever writes it by other means is not understood.
    if (part.code.includes('/tmp/gp-')) return undefined;
    for (const { index, 0: text, 1: word = '' } of part.code.matchAll(DONE)) {
      const name = literalOf(wordAt(word, index));
      if (name === undefined) return undefined;
      calls.push({ name, part, start: index, end: index + text.length });
    }
  }
  return calls;
}

function wordAt(text: string, start: number): ShellToken {
  return { kind: 'word', text, start, end: start + text.length };
}

/** The signals for which a task waits whatever happens, in order; what may not be reached is not among them. */
export function sureWaits(parts: readonly TaskPart[]): readonly SyncCall[] {
  const calls: SyncCall[] = [];
  for (const part of parts) {
    const { commands, isThrough } = sureCommands(part.tokens);
    calls.push(...commands.flatMap((command) => waitOf(command, part)));
    if (!isThrough) break;
  }
  return calls;
}

function waitOf({ words }: ShellCommand, part: TaskPart): readonly SyncCall[] {
  const [program, call, named, ...more] = words;
  if (program?.text !== 'gp' || call?.text !== 'sync-await' || named === undefined) return [];
  const name = literalOf(named);
  if (name === undefined || more.length > 0) return [];
  return [{ name, part, start: program.start, end: named.end }];
}

/** Whether a file gives `gp` a meaning of its own. */
export function redefinesGp(tasks: readonly TaskScripts[]): boolean {
  const parts = tasks.flatMap(({ build, command }) => [...build, ...(command ? [command] : [])]);
  return parts.some(({ code }) => /\bgp\s*\(\s*\)|\bfunction\s+gp\b|\balias\s+(?:\S+\s+)*gp=/.test(code));
}
