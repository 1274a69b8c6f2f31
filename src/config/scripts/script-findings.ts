import type { Tell } from '../finding.ts';
import type { GitpodFile } from '../gitpod-file.ts';
import { tellBakedAddresses } from './baked-addresses.ts';
import { tellBroken } from './broken-scripts.ts';
import { tellDeadlocks } from './deadlocks.ts';
import { tellDocker, type TaskSurroundings } from './docker-in-builds.ts';
import { GITPOD_WORDS } from './part-words.ts';
import { taskScripts, type TaskScripts } from './task-scripts.ts';
import { tellUnchecked } from './unchecked-commands.ts';

/** Tells what can be seen of tasks' shell texts before any of them runs. */
export function tellScripts(
  { tasks = [], env = {}, image }: GitpodFile,
  { strictTasks }: { readonly strictTasks: boolean },
  tell: Tell,
): void {
  const around = { env, hasDockerfile: typeof image === 'object', strictTasks, words: GITPOD_WORDS };
  tellOfScripts(taskScripts(tasks), around, tell);
}

export interface ScriptSurroundings extends TaskSurroundings {
  /** Whether tasks end at each failure by themselves. */
  readonly strictTasks: boolean;
}

/** The same of scripts of any file. */
export function tellOfScripts(scripts: readonly TaskScripts[], around: ScriptSurroundings, tell: Tell): void {
  const { strictTasks, words } = around;
  tellBroken(scripts, words, tell);
  tellDeadlocks(scripts, words, tell);
  tellDocker(scripts, around, tell);
  if (!strictTasks) tellUnchecked(scripts, words, tell);
  tellBakedAddresses(scripts, words, tell);
}
