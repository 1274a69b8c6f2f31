import type { Tell } from '../finding.ts';
import type { GitpodFile } from '../gitpod-file.ts';
import { tellBakedAddresses } from './baked-addresses.ts';
import { tellBroken } from './broken-scripts.ts';
import { tellDeadlocks } from './deadlocks.ts';
import { tellDocker } from './docker-in-builds.ts';
import { taskScripts } from './task-scripts.ts';
import { tellUnchecked } from './unchecked-commands.ts';

/** Tells what can be seen of tasks' shell texts before any of them runs; strict tasks end at each failure by themselves. */
export function tellScripts(
  { tasks = [], env = {}, image }: GitpodFile,
  { strictTasks }: { readonly strictTasks: boolean },
  tell: Tell,
): void {
  const scripts = taskScripts(tasks);
  tellBroken(scripts, tell);
  tellDeadlocks(scripts, tell);
  tellDocker(scripts, { env, hasDockerfile: typeof image === 'object' }, tell);
  if (!strictTasks) tellUnchecked(scripts, tell);
  tellBakedAddresses(scripts, tell);
}
