// Builds and publishes an image whose task leaves 2 GiB, and prints what memory that took: streams, never buffers.
import type { Outcome } from '../src/report/outcome.ts';
import { makeClone } from '../test/support/clone.ts';
import { removeImagesOf } from '../test/support/containers.ts';
import { readOutcome, startPreheat } from '../test/support/preheat.ts';
import { pushFromEngine } from '../test/support/push-from-engine.ts';
import { startRegistry } from '../test/support/registry.ts';
import { watchPeakMemory } from './peak-memory.ts';

const BASE = 'debian:bookworm';
const BUDGET_MIB = 300;

/** 768 MiB that do not compress, 1 GiB that does, and 100,000 small files of 256 MiB together. */
const TASK = `set -e
mkdir -p /opt/large/noise /opt/large/text /opt/large/small
for number in 1 2 3; do head -c 256M /dev/urandom > /opt/large/noise/$number; done
for number in 1 2 3 4; do seq 1 40000000 | head -c 256M > /opt/large/text/$number; done
perl -e 'for my $folder (0 .. 99) {
  mkdir "/opt/large/small/$folder";
  for my $file (0 .. 999) {
    open my $out, ">", "/opt/large/small/$folder/$file" or die;
    print $out "line of file $file in folder $folder\\n" x 70;
  }
}'
`;

interface Measurement {
  /** KiB, by program. */
  readonly peaks: ReadonlyMap<string, number>;
  readonly outcome: Outcome;
}

async function measure(): Promise<Measurement> {
  await using registry = await startRegistry();
  const image = await pushFromEngine(BASE, `${registry.host}/base/${BASE}`);
  await using clone = await makeClone({
    '.gitpod.yml': `image: ${image}\ntasks:\n  - init: bash large.sh\n`,
    'large.sh': TASK,
  });
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

function mebibytes(kibibytes: number): string {
  return `${(kibibytes / 1024).toFixed(0)} MiB`;
}

const { peaks, outcome } = await measure();
for (const { role, size, reused } of outcome.layers)
  if (!reused) console.log(`layer ${role}: ${mebibytes(size / 1024)} compressed`);
for (const { name, durationMs } of outcome.stages)
  console.log(`stage ${name}: ${(durationMs / 1000).toFixed(1)} s`);
for (const program of ['preheat', 'oras'])
  console.log(`peak memory of ${program}: ${mebibytes(peaks.get(program) ?? 0)}`);
const own = (peaks.get('preheat') ?? Number.POSITIVE_INFINITY) / 1024;
console.log(`${own <= BUDGET_MIB ? 'within' : 'OVER'} the budget of ${BUDGET_MIB} MiB for preheat`);
if (own > BUDGET_MIB) process.exitCode = 1;
