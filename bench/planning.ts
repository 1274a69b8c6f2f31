import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { startPreheat } from '../test/support/preheat.ts';
import { startPrivateEngine } from '../test/support/private-engine.ts';
import { startRegistry } from '../test/support/registry.ts';
import { takeBase } from './base-layout.ts';
import { PREHEAT } from './contenders/preheat.ts';
import { startCountingProxy, type CountingProxy } from './counting-proxy.ts';
import { watchPeakMemory } from './peak-memory.ts';
import { PROGRAM } from './released-program.ts';
import { MANY } from './subjects/many-files.ts';
import type { Subject } from './subjects/subject.ts';

/** How many records the registry has. */
export const RECORDS = 1000;

const TAGS_PER_CALL = 100;
const BYTES_PER_KIB = 1024;
/** Where preheat is told to publish. */
const REPOSITORY = 'preheat/app';

/** What planning alone took, in runs of `preheat plan`. */
export interface Planning {
  /** For a commit that the registry knows, and for one that it does not. */
  readonly known: readonly PlanRun[];
  readonly unknown: readonly PlanRun[];
}

interface PlanRun {
  /** From the start of the program to its end. */
  readonly seconds: number;
  /** Bytes. */
  readonly peakMemory: number;
  readonly requests: number;
}

/** Plans pushes of the repository of 100,000 files, in a registry with 1,000 records. */
export async function measurePlanning(runs: number, signal: AbortSignal): Promise<Planning> {
  await using registry = await startRegistry();
  await using proxy = await startCountingProxy(registry.host);
  for (const name of MANY.bases) {
    await using base = await takeBase(name);
    await base.pushTo(`${registry.host}/base/${name}`);
  }
  await using subject = await MANY.make((name) => `${proxy.host}/base/${name}`);
  await buildOnce(subject, proxy, signal);
  await multiplyRecords(registry.host, await subject.clone.git('rev-parse', 'HEAD'), signal);
  const known = await planOften(runs, subject, proxy, signal);
  await subject.change('source-only');
  return { known, unknown: await planOften(runs, subject, proxy, signal) };
}

async function buildOnce(subject: Subject, proxy: CountingProxy, signal: AbortSignal): Promise<void> {
  await using engine = await startPrivateEngine();
  await using folder = await mkdtempDisposable(join(tmpdir(), 'preheat-bench-'));
  await PREHEAT.push({ subject, registry: proxy.host, dockerHost: engine.host, folder: folder.path, signal });
}

async function planOften(
  runs: number,
  subject: Subject,
  proxy: CountingProxy,
  signal: AbortSignal,
): Promise<readonly PlanRun[]> {
  const taken: PlanRun[] = [];
  for (let run = 0; run < runs; run++) {
    signal.throwIfAborted();
    taken.push(await planOnce(subject, proxy));
  }
  return taken;
}

async function planOnce({ clone }: Subject, proxy: CountingProxy): Promise<PlanRun> {
  await using state = await mkdtempDisposable(join(tmpdir(), 'preheat-bench-'));
  const words = ['plan', '--json', '--registry', `${proxy.host}/${REPOSITORY}`, '--state', state.path];
  await proxy.take();
  const startedAt = performance.now();
  const running = startPreheat(words, { cwd: clone.directory, program: PROGRAM });
  await using memory = watchPeakMemory(running.pid ?? 0);
  const { exitCode, stderr } = await running;
  const seconds = (performance.now() - startedAt) / 1000;
  if (exitCode !== 0) throw new Error(stderr);
  const peakMemory = (memory.peaks.get('preheat') ?? 0) * BYTES_PER_KIB;
  return { seconds, requests: (await proxy.take()).length, peakMemory };
}

/** Gives the image of a commit the tags of as many records as there are to be, named as those of other steps are. */
async function multiplyRecords(host: string, commit: string, signal: AbortSignal): Promise<void> {
  const tags = Array.from(
    { length: RECORDS },
    (_, number) => `step-protected.main-${String(number).padStart(40, '0')}`,
  );
  for (let first = 0; first < RECORDS; first += TAGS_PER_CALL) {
    signal.throwIfAborted();
    const some = tags.slice(first, first + TAGS_PER_CALL);
    await execa('oras', [
      'tag',
      '--plain-http',
      `${host}/${REPOSITORY}:commit-protected.main-${commit}`,
      ...some,
    ]);
  }
}
