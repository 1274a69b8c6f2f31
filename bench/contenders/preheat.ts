import { join } from 'node:path';
import type { Outcome } from '../../src/report/outcome.ts';
import { readOutcome, startPreheat } from '../../test/support/preheat.ts';
import { watchPeakMemory } from '../peak-memory.ts';
import { PROGRAM } from '../released-program.ts';
import { CERTIFICATES, type Contender, type Pushed, type Surroundings } from './contender.ts';

const BYTES_PER_KIB = 1024;

/** preheat itself, as it is released. */
export const PREHEAT: Contender = {
  name: 'preheat',
  title: '`preheat build`',
  suits: async () => true,
  push: async (around) => await push(around, 'preheat/app', []),
};

/** Without what earlier pushes downloaded. */
export const WITHOUT_DOWNLOADS: Contender = {
  name: 'without',
  title: '`preheat build --download-cache none`',
  suits: async () => true,
  push: async (around) => await push(around, 'preheat/without', ['--download-cache', 'none']),
};

async function push(
  { subject, registry, dockerHost, folder, signal }: Surroundings,
  repository: string,
  more: readonly string[],
): Promise<Pushed> {
  const state = join(folder, 'state');
  const words = ['build', '--registry', `${registry}/${repository}`, '--docker-host', dockerHost, ...more];
  const trust = CERTIFICATES === undefined ? [] : ['--ca-bundle', CERTIFICATES];
  const cwd = subject.clone.directory;
  const all = [...words, '--network', 'host', '--state', state, ...trust];
  const running = startPreheat(all, { cwd, program: PROGRAM });
  using _ = endWith(signal, running);
  await using memory = watchPeakMemory(running.pid ?? 0);
  const { exitCode, stderr } = await running;
  signal.throwIfAborted();
  if (exitCode !== 0) throw new Error(stderr);
  const outcome = await readOutcome('', state);
  return {
    digest: outcome.digest ?? '',
    peakMemory: (memory.peaks.get('preheat') ?? 0) * BYTES_PER_KIB,
    tasksSeconds: secondsOf(outcome, 'tasks') + secondsOf(outcome, 'build base'),
    captureSeconds: secondsOf(outcome, 'capture'),
    // A base that the target keeps comes as an image of its own.
    pullSeconds: secondsOf(outcome, 'base image') + secondsOf(outcome, 'image'),
    downloadsSeconds: secondsOf(outcome, 'download cache'),
  };
}

function secondsOf({ stages }: Outcome, stage: string): number {
  const found = stages.filter(({ name }) => name === stage);
  return found.reduce((total, { durationMs }) => total + durationMs, 0) / 1000;
}

function endWith(signal: AbortSignal, running: { kill(): boolean }): Disposable {
  const end = (): void => void running.kill();
  signal.addEventListener('abort', end);
  return { [Symbol.dispose]: () => signal.removeEventListener('abort', end) };
}
