import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { Outcome } from '../../src/report/outcome.ts';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
/** What Node makes of the sources is kept for the next start, which takes 0.4 s less then. */
const COMPILED = fileURLToPath(new URL('../../node_modules/.cache/compiled', import.meta.url));

export interface RunOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** By default the sources. */
  readonly program?: string;
}

/** What a run of the command left. */
export interface Run {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a run inherits: nothing that says where it runs or what it may trust. */
function environmentOf(extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  const kept = ['PATH', 'HOME', 'DOCKER_HOST', 'TMPDIR'].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(kept), NO_COLOR: '1', ...extra };
}

/** Starts the command as a program of its own, as users do. */
export function startPreheat(words: readonly string[], { cwd, env, program = MAIN }: RunOptions) {
  return execa(process.execPath, [program, ...words], {
    cwd,
    env: { ...environmentOf(env), ...(program === MAIN && { NODE_COMPILE_CACHE: COMPILED }) },
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    forceKillAfterDelay: 30_000,
  });
}

/** Runs the command to its end. */
export async function preheat(words: readonly string[], options: RunOptions): Promise<Run> {
  const { exitCode, stdout, stderr } = await startPreheat(words, options);
  return { exitCode, stdout, stderr };
}

/** Reads the outcome that a run left in its state folder. */
export async function readOutcome(clone: string, state = '.preheat'): Promise<Outcome> {
  return Outcome.parse(JSON.parse(await readFile(join(clone, state, 'outcome.json'), 'utf8')));
}

/** Resolves when a running command has said `text` on its standard error; rejects when it ends first. */
export async function hasSaid(running: { readonly stderr: Readable }, text: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let said = '';
  const listen = (chunk: Buffer): void => {
    said += chunk.toString();
    if (said.includes(text)) resolve();
  };
  running.stderr.on('data', listen);
  running.stderr.once('close', () =>
    reject(new Error(`it ended without saying ${JSON.stringify(text)}: ${said}`)),
  );
  try {
    await promise;
  } finally {
    running.stderr.off('data', listen);
  }
}
