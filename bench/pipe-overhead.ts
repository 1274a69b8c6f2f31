import { openPipeWorld, type WorldRun } from '../test/support/pipelines/pipe-world.ts';
import { median } from './median.ts';

const BUDGET_SECONDS = 3;
const FILES = {
  '.gitpod.yml': 'image: BASE\ntasks:\n  - init: echo made > made.txt\n',
  '.gitignore': 'made.txt\n',
};

/** What the pipe's image takes for a push that changes nothing. */
export interface PipeOverhead {
  /** From the start of the container to its end. */
  readonly seconds: readonly number[];
}

/** Runs the pipe as Pipelines does: once for a commit, then `runs` times for the same one. */
export async function measurePipe(runs: number): Promise<PipeOverhead> {
  await using world = await openPipeWorld(FILES);
  const push = async (): Promise<WorldRun> => {
    const run = await world.run({ event: { kind: 'push', branch: 'main' } });
    if (run.exitCode !== 0) throw new Error(run.log);
    return run;
  };
  const first = await push();
  const seconds: number[] = [];
  for (let run = 0; run < runs; run++) {
    const again = await push();
    if (again.outcome?.digest !== first.outcome?.digest) throw new Error('the image was not kept');
    seconds.push(again.seconds);
  }
  return { seconds };
}

/** Says what was measured, beside what it may take. */
export function pipeText({ seconds }: PipeOverhead): string {
  const taken = median(seconds);
  const verdict = taken <= BUDGET_SECONDS ? 'within' : 'OVER';
  return `The pipe itself, from the start of its container to its end, for a push that changes nothing: ${taken.toFixed(2)} s (${verdict} the budget of ${BUDGET_SECONDS} s).`;
}
