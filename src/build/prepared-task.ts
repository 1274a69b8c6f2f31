import type { WorkspaceConfig } from '../config/workspace-config.ts';
import type { ImageUser } from '../observe/step-record.ts';
import { taskEnvironment, type OutsideAccess } from './task-environment.ts';
import { scriptOf, type TaskScript, type TaskScriptOptions } from './task-script.ts';
import { TOOLBOX_ROOT } from './toolbox.ts';

/** A task with something to run in a prebuild. */
export interface PreparedTask {
  readonly name: string;
  readonly script: TaskScript;
  /** Where the script lies in the container. */
  readonly scriptPath: string;
  readonly env: Readonly<Record<string, string>>;
}

/** The tasks that have something to run in a prebuild, in the file's order. */
export function prepareTasks(
  config: WorkspaceConfig,
  user: ImageUser,
  access: OutsideAccess,
  options: TaskScriptOptions = {},
): readonly PreparedTask[] {
  return config.tasks.flatMap((task, index) => {
    const script = scriptOf(task, options);
    if (script === undefined) return [];
    const scriptPath = `${TOOLBOX_ROOT}/tasks/${index}.sh`;
    return [{ name: task.name, script, scriptPath, env: taskEnvironment(config, task, user, access) }];
  });
}
