import { environment } from './environment.ts';
import { aboutKey, aboutValue, type NodePath, type Tell } from './finding.ts';
import type { FileTask } from './gitpod-file.ts';
import type { TaskInputs } from './task-inputs.ts';
import type { Task } from './workspace-config.ts';

const PARTS = ['before', 'init', 'prebuild', 'command'] as const;

/** What `tasks:` means: parts that are blank are left out, unnamed tasks are named by their position. */
export function tasks(written: readonly FileTask[], declared: TaskInputs, tell: Tell): Task[] {
  return written.map((task, index) => {
    const path = ['tasks', index];
    checkParts(task, path, tell);
    const name = task.name === undefined || task.name.trim() === '' ? `Task ${index + 1}` : task.name;
    const inputs = declared.get(index);
    return {
      name,
      ...parts(task),
      env: environment(task.env, [...path, 'env'], tell),
      ...(inputs && { inputs: [...inputs] }),
    };
  });
}

function parts(task: FileTask): Partial<Record<(typeof PARTS)[number], string>> {
  const filled = PARTS.flatMap((part) => {
    const text = task[part];
    return text === undefined || text.trim() === '' ? [] : [[part, text] as const];
  });
  return Object.fromEntries(filled);
}

function checkParts(task: FileTask, path: NodePath, tell: Tell): void {
  if (Object.keys(parts(task)).length === 0) {
    tell(aboutValue('info', path, 'this task does nothing', 'add "init:" or "command:" to it'));
  }
  for (const part of PARTS) {
    if (task[part]?.includes('\0') === true) {
      tell(aboutValue('error', [...path, part], `${part}: a shell cannot run a text with a NUL character`));
    }
  }
  if (task.prebuild !== undefined) {
    tell(
      aboutKey(
        'info',
        [...path, 'prebuild'],
        '"prebuild" is deprecated, and still runs after "init"',
        'use "init" instead',
      ),
    );
  }
}
