import type { Task } from '../config/workspace-config.ts';

const PARTS = ['before', 'init', 'prebuild'] as const;

/** One of the parts of a task that run in a prebuild. */
export type TaskPart = (typeof PARTS)[number];

/** What bash runs for one task, and where each part stands in it. */
export interface TaskScript {
  readonly text: string;
  /** The parts that are not blank, each with the script's line (from 1) of its first line and how many lines it has. */
  readonly parts: readonly PlacedPart[];
}

/** A part of a task within its script. */
export interface PlacedPart {
  readonly part: TaskPart;
  readonly body: string;
  readonly firstLine: number;
  readonly lines: number;
}

/** How the parts of a task are joined. */
export interface TaskScriptOptions {
  /** Whether any command that fails ends the task (`set -e`), not only the last one of a part. */
  readonly strict?: boolean;
}

/** What stands before each part, by whether it is the first. Bash takes no notice of `set -e` in front of `&&`. */
const JOINTS = {
  lenient: { first: '{\n', next: ' && {\n' },
  strict: { first: 'set -e\n{\n', next: '\ncase $? in 0) ;; *) exit ;; esac\n{\n' },
} as const;

/**
 * Joins the parts of a task as Gitpod's supervisor did: each in braces on lines of their own, joined by ` && `, so
 * that a part which fails skips those behind it. `undefined` for a task with nothing to run in a prebuild.
 */
export function scriptOf(task: Task, { strict = false }: TaskScriptOptions = {}): TaskScript | undefined {
  const joint = strict ? JOINTS.strict : JOINTS.lenient;
  const parts: PlacedPart[] = [];
  let text = '';
  for (const part of PARTS) {
    const body = task[part];
    if (body === undefined || body.trim() === '') continue;
    text += parts.length === 0 ? joint.first : joint.next;
    parts.push({ part, body, firstLine: linesIn(text), lines: linesIn(body) });
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
