import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { startFiles } from '../../src/build/start-scripts.ts';
import { WorkspaceConfig, type Port } from '../../src/config/workspace-config.ts';

/** What lies in `image/`. */
export const IMAGE = join(import.meta.dirname, '../../image');

export const SHIM = join(IMAGE, 'start');

/** The shells of this machine that may stand behind `/bin/sh`. */
export const SHELLS = ['sh', 'bash --posix'] as const;

/** What lies in a workspace image, laid into a temporary folder of the host. */
export interface HostWorkspace extends AsyncDisposable {
  readonly root: string;
  readonly checkout: string;
  readonly home: string;
  /** Where `gp` lies. */
  readonly gp: string;
  /** Where logs go. */
  readonly run: string;
  start(shell: string, ...command: readonly string[]): Shim;
}

/** A running shim. */
export interface Shim extends AsyncDisposable {
  readonly child: ChildProcess;
  /** Standard output so far. */
  readonly printed: () => string;
  /** Everything, once the shim and all that holds its output have ended. */
  readonly ended: Promise<{
    readonly stdout: string;
    readonly stderr: string;
    readonly exitCode: number | null;
  }>;
}

type Tasks = readonly Partial<WorkspaceConfig['tasks'][number]>[];

export async function hostWorkspace(
  tasks: Tasks,
  options: {
    readonly env?: Readonly<Record<string, string>>;
    readonly ports?: readonly Port[];
    /** More environment for the shim. */
    readonly environment?: Readonly<Record<string, string>>;
    /** Which tmux tasks run in; none where it is absent. */
    readonly tmux?: string;
  } = {},
): Promise<HostWorkspace> {
  const root = await mkdtemp(join(tmpdir(), 'preheat-shim-'));
  const [checkout, home, run] = [join(root, 'app'), join(root, 'home'), join(root, 'run')];
  await Promise.all([checkout, home].map(async (folder) => mkdir(folder)));
  await layFiles(root, {
    ...workspaceConfig(checkout, tasks, options.env ?? {}),
    ports: [...(options.ports ?? [])],
  });
  await appendFile(join(root, '.preheat/workspace.env'), `PREHEAT_RUN='${run}'\n`);
  return {
    root,
    checkout,
    home,
    gp: join(root, '.preheat/bin/gp'),
    run,
    start: (shell, ...command) =>
      startShim(join(root, '.preheat/start'), shell, command, {
        home,
        tmux: options.tmux ?? '',
        environment: options.environment ?? {},
      }),
    async [Symbol.asyncDispose]() {
      await rm(root, { recursive: true, force: true });
    },
  };
}

export function workspaceConfig(
  checkout: string,
  tasks: Tasks,
  env: Readonly<Record<string, string>> = {},
): WorkspaceConfig {
  return WorkspaceConfig.parse({
    schemaVersion: 1,
    base: { kind: 'reference', reference: 'debian:bookworm' },
    checkoutLocation: checkout,
    workspaceLocation: checkout,
    env,
    tasks: tasks.map((task, position) => ({ name: `Task ${position + 1}`, env: {}, ...task })),
    ports: [],
    extensions: [],
  });
}

async function layFiles(root: string, config: WorkspaceConfig): Promise<void> {
  for (const { path, content, mode } of startFiles(config)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content, { mode });
  }
  await mkdir(join(root, '.preheat/bin'), { recursive: true });
  for (const [file, place] of Object.entries({
    start: 'start',
    gp: 'bin/gp',
    bashrc: 'bashrc',
    panerc: 'panerc',
  }))
    await copyFile(join(IMAGE, file), join(root, '.preheat', place));
}

interface ShimOptions {
  readonly home: string;
  /** Which tmux; none where it is empty. */
  readonly tmux: string;
  readonly environment: Readonly<Record<string, string>>;
}

function startShim(
  file: string,
  shell: string,
  command: readonly string[],
  { home, tmux, environment }: ShimOptions,
): Shim {
  const [program = 'sh', ...options] = shell.split(' ');
  const child = spawn(program, [...options, file, ...command], {
    env: { PATH: process.env['PATH'], HOME: home, USER: 'gitpod', PREHEAT_TMUX: tmux, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString('utf8')));
  const streams = Promise.all([text(child.stdout), text(child.stderr)]);
  const ended = (async () => {
    const [exitCode] = (await once(child, 'exit')) as [number | null];
    const [stdout, stderr] = await streams;
    return { stdout, stderr, exitCode };
  })();
  return {
    child,
    printed: () => printed,
    ended,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** Polls until `holds` does; gives up, as a failure, after a time that only a hang takes. */
export async function eventually(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt++) {
    if (await holds()) return;
    await sleep(50);
  }
  throw new Error(`never happened: ${what}`);
}
