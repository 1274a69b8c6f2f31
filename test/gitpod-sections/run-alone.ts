import { TaskFailure } from '../../src/build/task-failure.ts';
import type { StepTweaks } from '../build/step-run.ts';
import type { GitpodWorkspace } from './gitpod-workspace.ts';
import type { AskedStatement, Statement } from './statement.ts';
import type { WrittenTask } from './task-statement.ts';

type Alone = Statement &
  Pick<StepTweaks, 'config' | 'limits' | 'strictTasks'> & {
    /** The task's name: no two statements may have the same. */
    readonly name: string;
    readonly task: Omit<WrittenTask, 'env'>;
  };

/**
 * A statement that is seen by a task alone, in a container of `debian:bookworm`: what it printed, and how it ended. It
 * changes nothing that others look at.
 */
export function aloneStatement({
  gitpod,
  differs,
  name,
  task,
  ...tweaks
}: Alone): AskedStatement<GitpodWorkspace> {
  return {
    gitpod,
    ...(differs === undefined ? {} : { differs }),
    changesNothing: true,
    ask: async ({ bench }) => {
      const ended = await endOf(bench.run([{ name, ...task }], tweaks));
      const mark = `[${name}] `;
      const printed = bench.said.lines.flatMap((line) =>
        line.startsWith(mark) ? [line.slice(mark.length)] : [],
      );
      const written = Object.entries(task).map(([part, value]) => [part, value ?? ''] as const);
      return [...written, ['build →', printed.join('\n')], ['ends', ended]];
    },
  };
}

/** How a run ended, in words; only the failure of a task is one that statements are about. */
async function endOf(run: Promise<unknown>): Promise<string> {
  try {
    await run;
    return 'done';
  } catch (thrown) {
    if (thrown instanceof TaskFailure) return `${thrown.message} (exit code 51 of the build)`;
    throw thrown;
  }
}
