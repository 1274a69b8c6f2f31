import type { NodePath } from '../finding.ts';
import type { FileTask } from '../gitpod-file.ts';
import { placeTokens, type PlacedToken } from '../shell/nesting.ts';
import { readShell } from '../shell/shell-text.ts';

const IN_BUILDS = ['before', 'init', 'prebuild'] as const;
const PARTS = [...IN_BUILDS, 'command'] as const;

/** One part of a task as the shell text that it is. */
export interface TaskPart {
  /** The position of its task. */
  readonly task: number;
  /** What the file calls it. */
  readonly name: string;
  /** Its position in its task, whose parts run one after the other. */
  readonly order: number;
  /** Tasks run at the same time; those of a later stage only when all of the stages before have ended. */
  readonly stage: number;
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
    const part = (name: (typeof PARTS)[number], order: number): readonly TaskPart[] => {
      const { [name]: text = '' } = task;
      if (text.trim() === '') return [];
      return [taskPart(text, { task: position, name, order, stage: 0, path: ['tasks', position, name] })];
    };
    const build = IN_BUILDS.flatMap(part);
    return { build, command: part('command', PARTS.length)[0], env: task.env ?? {} };
  });
}

/** A part with its text read. */
export function taskPart(
  text: string,
  place: Pick<TaskPart, 'task' | 'name' | 'order' | 'stage' | 'path'>,
): TaskPart {
  const { tokens, code, unclosed } = readShell(text);
  return { ...place, text, code, tokens: placeTokens(tokens), unclosed };
}
