import type { NodePath } from '../finding.ts';
import type { FileTask } from '../gitpod-file.ts';
import { placeTokens, type PlacedToken } from '../shell/nesting.ts';
import { readShell } from '../shell/shell-text.ts';

const IN_BUILDS = ['before', 'init', 'prebuild'] as const;

/** One part of a task as the shell text that it is. */
export interface TaskPart {
  /** The position of its task. */
  readonly task: number;
  readonly name: (typeof IN_BUILDS)[number] | 'command';
  readonly path: NodePath;
  readonly text: string;
  /** The text with blanks in the place of comments. */
  readonly code: string;
  readonly tokens: readonly PlacedToken[];
  /** Where a quote begins that has no end. */
  readonly unclosed: number | undefined;
}

/** A task by what of it runs when. */
export interface TaskScripts {
  /** The parts that run in a build, in their order. */
  readonly build: readonly TaskPart[];
  readonly command: TaskPart | undefined;
  readonly env: Readonly<Record<string, unknown>>;
}

/** The shell texts of tasks; parts that are blank are not among them. */
export function taskScripts(tasks: readonly FileTask[]): readonly TaskScripts[] {
  return tasks.map((task, position) => {
    const part = (name: TaskPart['name']): readonly TaskPart[] => partOf(task[name], name, position);
    return { build: IN_BUILDS.flatMap(part), command: part('command')[0], env: task.env ?? {} };
  });
}

function partOf(text: string | undefined, name: TaskPart['name'], task: number): readonly TaskPart[] {
  if (text === undefined || text.trim() === '') return [];
  const { tokens, code, unclosed } = readShell(text);
  return [{ task, name, path: ['tasks', task, name], text, code, tokens: placeTokens(tokens), unclosed }];
}
