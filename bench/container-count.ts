import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';

/** Counts the containers that an engine starts, those of its builds among them, of which its events tell nothing. */
export interface ContainerCount extends AsyncDisposable {
  /** What the engine must have in its environment: a folder stands first in PATH whose `runc` keeps a list of its calls. */
  readonly environment: Readonly<Record<string, string>>;
  /** Containers since the start. */
  started(): Promise<number>;
}

/** containerd starts containers by `runc create`, BuildKit by `runc run`; see runc(8). */
const STARTS = /(?:^|\s)(?:create|run)(?:\s|$)/;

/** Begins to count; an engine counts that is started with the environment. */
export async function countContainers(): Promise<ContainerCount> {
  const folder = await mkdtemp(join(tmpdir(), 'preheat-runc-'));
  const calls = join(folder, 'calls');
  const { stdout: runc } = await execa('sh', ['-c', 'command -v runc']);
  await writeFile(calls, '');
  await writeFile(join(folder, 'runc'), `#!/bin/sh\necho "$*" >> ${calls}\nexec ${runc} "$@"\n`);
  await chmod(join(folder, 'runc'), 0o755);
  return {
    environment: { PATH: `${folder}:${process.env['PATH'] ?? ''}` },
    started: async () => countStarts(await readFile(calls, 'utf8')),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/** How many of these calls of runc, one a line, start a container. */
export function countStarts(calls: string): number {
  return calls.split('\n').filter((call) => STARTS.test(call)).length;
}
