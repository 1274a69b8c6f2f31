import type { Outcome } from '../src/report/outcome.ts';
import type { TestClone } from '../test/support/clone.ts';
import { removeImagesOf } from '../test/support/containers.ts';
import { readOutcome, startPreheat } from '../test/support/preheat.ts';
import { pushFromEngine } from '../test/support/push-from-engine.ts';
import { startRegistry } from '../test/support/registry.ts';
import { watchPeakMemory } from './peak-memory.ts';

const BASE = 'debian:bookworm';
const KIB_PER_MIB = 1024;
const BUDGET_MIB = 300;

export interface MeasuredBuild {
  /** KiB, by program. */
  readonly peaks: ReadonlyMap<string, number>;
  readonly outcome: Outcome;
}

/** Builds and publishes what a clone holds, whose base image it is told, and measures that. */
export async function measureBuild(makeClone: (image: string) => Promise<TestClone>): Promise<MeasuredBuild> {
  await using registry = await startRegistry();
  const image = await pushFromEngine(BASE, `${registry.host}/base/${BASE}`);
  await using clone = await makeClone(image);
  try {
    const running = startPreheat(['build', '--registry', `${registry.host}/team/app`], {
      cwd: clone.directory,
    });
    await using memory = watchPeakMemory(running.pid ?? 0);
    const { exitCode, stderr } = await running;
    if (exitCode !== 0) throw new Error(stderr);
    return { peaks: memory.peaks, outcome: await readOutcome(clone.directory) };
  } finally {
    await removeImagesOf(registry.host);
  }
}

/** Prints what a build took; false where it took more memory than it may. */
export function printBuild(title: string, { peaks, outcome }: MeasuredBuild): boolean {
  console.log(`\n${title}`);
  for (const { role, size, reused } of outcome.layers)
    if (!reused) console.log(`layer ${role}: ${mebibytes(size / KIB_PER_MIB)} compressed`);
  for (const { name, durationMs } of outcome.stages)
    console.log(`stage ${name}: ${(durationMs / 1000).toFixed(1)} s`);
  for (const program of ['preheat', 'oras'])
    console.log(`peak memory of ${program}: ${mebibytes(peaks.get(program) ?? 0)}`);
  const own = (peaks.get('preheat') ?? Number.POSITIVE_INFINITY) / KIB_PER_MIB;
  const isWithin = own <= BUDGET_MIB;
  console.log(`${isWithin ? 'within' : 'OVER'} the budget of ${BUDGET_MIB} MiB for preheat`);
  return isWithin;
}

function mebibytes(kibibytes: number): string {
  return `${(kibibytes / KIB_PER_MIB).toFixed(0)} MiB`;
}
