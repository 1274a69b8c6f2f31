import type { Tell } from '../finding.ts';
import { chainsOf, type Chain, type ShellCommand } from '../shell/chains.ts';
import type { PartWords } from './part-words.ts';
import type { TaskPart, TaskScripts } from './task-scripts.ts';

/** What hardly fails, or what nobody wants to end a task for. */
const HARMLESS = new Set(
  `: . [ [[ alias cat cd clear command date declare echo env eval export false gp history local ls popd printf pushd
  pwd read readonly set shopt sleep source test touch true type ulimit umask unalias unset wait which whoami`.split(
    /\s+/,
  ),
);
/** What asks or repeats; that something in it fails is often meant. */
const HARMLESS_COMPOUNDS = new Set(['if', 'for', 'select', 'while', 'until', 'case', '[[', 'function']);

/**
 * Tells, once for each task, of the first command whose failure passes unnoticed because others follow it: a part is
 * as successful as its last command.
 */
export function tellUnchecked(tasks: readonly TaskScripts[], words: PartWords, tell: Tell): void {
  for (const { build } of tasks) {
    const [first] = build.flatMap((part) => uncheckedIn(part, build));
    if (first === undefined) continue;
    const { part, chain } = first;
    const message = `if this fails, ${part.name} goes on: ${words.lastDecides}`;
    const [start, end] = [chain.tokens[0]?.start ?? 0, lineEnd(chain, part)];
    tell({
      severity: 'warning',
      where: { path: part.path, within: { start, end } },
      message,
      suggestion: suggestionFor(part, build, words),
    });
  }
}

interface Unchecked {
  readonly part: TaskPart;
  readonly chain: Chain;
}

function uncheckedIn(part: TaskPart, build: readonly TaskPart[]): readonly Unchecked[] {
  if (part.unclosed !== undefined || /\btrap\b.*\bERR\b/.test(part.code)) return [];
  const chains = chainsOf(part.tokens);
  if (isSuccess(chains.at(-1))) return [];
  const isLast = part === build.at(-1);
  let isChecked = isLast && build.some((other) => other !== part && stopsAtErrors(chainsOf(other.tokens)));
  for (const chain of chains.slice(0, -1)) {
    isChecked ||= isLast && stopsAtErrors([chain]);
    if (!isChecked && canFail(chain)) return [{ part, chain }];
  }
  return [];
}

/** `exit 0` or `true` at the end says that failures are not to count. */
function isSuccess(chain: Chain | undefined): boolean {
  const words = chain?.links[0]?.commands[0]?.words.map(({ text }) => text).join(' ') ?? '';
  return chain?.links.length === 1 && ['exit 0', 'true', ':'].includes(words);
}

/** `set -e`, `set -eu`, `set -o errexit`, …; by itself, so that it holds for what follows. */
function stopsAtErrors(chains: readonly Chain[]): boolean {
  return chains.some(({ links, isBackground }) => {
    const [program, ...words] = links[0]?.commands[0]?.words ?? [];
    if (isBackground || program?.text !== 'set') return false;
    return words.some(({ text }) => /^-[a-zA-Z]*e/.test(text) || text === 'errexit');
  });
}

function canFail({ links, isBackground }: Chain, depth = 0): boolean {
  if (isBackground || links.some(({ joint }) => joint === '||')) return false;
  return links.some(({ commands }) => {
    // Of commands that are joined by pipes the last one decides.
    const last = commands.at(-1);
    if (last === undefined || last.isNegated) return false;
    if (last.compound === '(' || last.compound === '{') return groupCanFail(last, depth);
    if (last.compound !== undefined) return !HARMLESS_COMPOUNDS.has(last.compound);
    const [program] = last.words;
    return program !== undefined && !HARMLESS.has(program.text);
  });
}

/** A group is as successful as its last command: `(docker-up &)` always is. */
function groupCanFail({ tokens }: ShellCommand, depth: number): boolean {
  const inside = tokens.filter((token) => token.depth > depth);
  const last = chainsOf(inside, depth + 1).at(-1);
  return last !== undefined && canFail(last, depth + 1);
}

/** The chain as far as it stands in its first line. */
function lineEnd({ tokens }: Chain, { text }: TaskPart): number {
  const start = tokens[0]?.start ?? 0;
  const line = text.indexOf('\n', start);
  const end = tokens.at(-1)?.end ?? start;
  return line === -1 ? end : Math.min(end, line);
}

/** bash takes no notice of `set -e` in what stands before `&&`, as each part but the last does. */
function suggestionFor(part: TaskPart, build: readonly TaskPart[], { checked }: PartWords): string {
  const next = build[build.indexOf(part) + 1];
  if (next === undefined) return checked;
  return `join the commands with "&&"; "set -e" does nothing here, since ${next.name} follows`;
}
