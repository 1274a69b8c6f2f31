import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPreheat } from '../test/support/preheat.ts';
import { PROGRAM } from './released-program.ts';

/** How many lines the file has. */
export const LINES = 2000;
const LINES_OF_A_TASK = 10;

/** What `preheat validate` took, beside what the program takes to start. */
export interface Validation {
  /** From the start of the program to its end, for a file of two thousand lines. */
  readonly seconds: readonly number[];
  /** The same for `preheat --version`. */
  readonly startSeconds: readonly number[];
}

/** Validates a file as long as nobody writes one, with something to tell of each of its tasks. */
export async function measureValidation(runs: number, signal: AbortSignal): Promise<Validation> {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'preheat-bench-'));
  await writeFile(join(folder.path, '.gitpod.yml'), longFile());
  const seconds: number[] = [];
  const startSeconds: number[] = [];
  for (let run = 0; run < runs; run++) {
    signal.throwIfAborted();
    seconds.push(await timeOf(['validate'], folder.path));
    startSeconds.push(await timeOf(['--version'], folder.path));
  }
  return { seconds, startSeconds };
}

async function timeOf(words: readonly string[], cwd: string): Promise<number> {
  const startedAt = performance.now();
  const { exitCode, stderr } = await startPreheat(words, { cwd, program: PROGRAM });
  if (exitCode !== 0) throw new Error(stderr);
  return (performance.now() - startedAt) / 1000;
}

function longFile(): string {
  const tasks = Array.from({ length: LINES / LINES_OF_A_TASK - 1 }, (_, number) => longTask(number));
  const head = [
    'image: debian:bookworm',
    'ports:',
    ...Array.from({ length: 7 }, (_, port) => `  - port: ${3000 + port}`),
  ];
  return [...head, 'tasks:', ...tasks.flat(), ''].join('\n');
}

function longTask(number: number): readonly string[] {
  return [
    `  - name: Part ${number}`,
    '    env:',
    `      PART: ${number}`,
    '    init: |',
    `      cd parts/${number} && npm ci`,
    '      if [ -f prepare.sh ]; then ./prepare.sh; fi # what it needs',
    `      npm run build -- --part "$PART" > build.log`,
    `      gp sync-done part-${number}`,
    '    command: >',
    `      gp sync-await part-${number} && npm start`,
  ];
}
