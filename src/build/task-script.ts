import type { Task } from '../config/workspace-config.ts';

const PARTS = ['before', 'init', 'prebuild'] as const;

/** One of the parts of a task that run in a prebuild. */
export type TaskPart = (typeof PARTS)[number];

/** What bash runs for one task, and where each part stands in it. */
export interface TaskScript {
  readonly text: string;
  /** The parts that are not blank, each with the script's line (from 1) of its first line and how many lines it has. */
  readonly parts: readonly { readonly part: TaskPart; readonly firstLine: number; readonly lines: number }[];
}

/**
 * Joins the parts of a task as Gitpod's supervisor did: each in braces on lines of their own, joined by ` && `, so
 * that a part which fails skips those behind it. `undefined` for a task with nothing to run in a prebuild.
 */
export function scriptOf(task: Task): TaskScript | undefined {
  const parts: { part: TaskPart; firstLine: number; lines: number }[] = [];
  let text = '';
  for (const part of PARTS) {
    const body = task[part];
    if (body === undefined || body.trim() === '') continue;
    text += parts.length === 0 ? '{\n' : ' && {\n';
    parts.push({ part, firstLine: linesIn(text), lines: linesIn(body) });
    text += `${body}\n}`;
  }
  return parts.length === 0 ? undefined : { text: `${text}\n`, parts };
}

/** The part that holds a line of the script, and the line within it; a line behind all parts counts as the last. */
export function partAt(script: TaskScript, line: number): { readonly part: TaskPart; readonly line: number } {
  const [first] = script.parts;
  const found = script.parts.findLast(({ firstLine }) => firstLine <= line) ?? first;
  if (found === undefined) throw new RangeError('a script has at least one part');
  return { part: found.part, line: Math.min(Math.max(line - found.firstLine + 1, 1), found.lines) };
}

function linesIn(text: string): number {
  return text.split('\n').length;
}
