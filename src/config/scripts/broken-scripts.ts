import type { Tell } from '../finding.ts';
import type { PartWords } from './part-words.ts';
import type { TaskPart, TaskScripts } from './task-scripts.ts';

const JOINTS = new Set(['&&', '||', '|', '|&']);
const NEVER_FIRST = new Set([...JOINTS, ';', '&', ';;', ')']);

/**
 * Warns of what a shell cannot parse in any case, as far as that is plain: the task will fail. (Gitpod typed it into a
 * terminal, where the task hung to the time limit.)
 */
export function tellBroken(tasks: readonly TaskScripts[], words: PartWords, tell: Tell): void {
  for (const { build, command } of tasks)
    for (const part of [...build, ...(command === undefined ? [] : [command])]) tellOfPart(part, words, tell);
}

function tellOfPart(part: TaskPart, { shell }: PartWords, tell: Tell): void {
  const { path, name, tokens, text, unclosed } = part;
  const say = (start: number, end: number, what: string): void =>
    tell({
      severity: 'warning',
      where: { path, within: { start, end } },
      message: `${name} ${what}, which ${shell} refuses: the task will fail`,
    });
  if (unclosed !== undefined) return say(unclosed, unclosed + 1, 'has a quote without an end here');
  const [first, last] = [
    tokens.find((token) => token.text !== '\n'),
    tokens.findLast((token) => token.text !== '\n'),
  ];
  if (first?.kind === 'operator' && NEVER_FIRST.has(first.text))
    return say(first.start, first.end, `begins with "${first.text}"`);
  if (last?.kind === 'operator' && JOINTS.has(last.text))
    return say(last.start, last.end, `ends with "${last.text}"`);
  if (/(?<!\\)(?:\\\\)*\\$/.test(text)) return say(text.length - 1, text.length, 'ends with a backslash');
}
