import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { makeClone } from '../support/clone.ts';
import { readOutcome, startPreheat } from '../support/preheat.ts';
import { dumpContainer } from './dump-container.ts';
import type { FidelityCase } from './cases.ts';
import type { FileTree } from './file-tree.ts';
import { TRACKED } from './source-cases.ts';

/** A published image, and what the container was like in which its task ended. */
export interface Published {
  readonly image: string;
  /** The roles of its layers, from bottom to top. */
  readonly roles: readonly string[];
  readonly original: FileTree;
  /** What the run said. */
  readonly log: string;
}

/** `/tmp` is in no layer. */
const DONE = '/tmp/fidelity-done';
const SEEN = '/tmp/fidelity-seen';

/**
 * Builds and publishes the image of a repository whose task does what the cases say, by the command as users run it.
 * The task waits at its end until its container has been looked at.
 */
export async function publishCases(
  base: string,
  registry: string,
  cases: readonly FidelityCase[],
): Promise<Published> {
  await using clone = await makeClone({
    '.gitpod.yml': `image: ${base}\ntasks:\n  - init: bash fidelity.sh\n`,
    'fidelity.sh': taskScript(cases),
    'setattr.pl': await readFile(join(import.meta.dirname, 'setattr.pl'), 'utf8'),
    ...TRACKED,
  });
  const running = startPreheat(['build', '--registry', `${registry}/team/app`], { cwd: clone.directory });
  const ended = running.then(
    () => undefined,
    () => undefined,
  );
  try {
    const original = await dumpAtEnd(running.pid ?? 0, ended);
    const { exitCode, stderr } = await running;
    if (exitCode !== 0 || original === undefined) throw new Error(stderr);
    const { image = '', layers } = await readOutcome(clone.directory);
    return { image, roles: layers.map(({ role }) => role), original, log: stderr };
  } finally {
    // A task that nobody looked at would wait for ever.
    running.kill();
    await ended;
  }
}

/** Looks at the container of a run when its task has done its work, and lets it go on; `undefined` if the run ends first. */
async function dumpAtEnd(pid: number, ended: Promise<undefined>): Promise<FileTree | undefined> {
  const stop = new AbortController();
  const container = await Promise.race([ended, doneContainer(pid, stop.signal)]);
  stop.abort();
  if (container === undefined) return undefined;
  const tree = await dumpContainer(container);
  await execa('docker', ['exec', container, 'touch', SEEN]);
  return tree;
}

function taskScript(cases: readonly FidelityCase[]): string {
  const parts = cases.map(({ name, script }) => `# ${name}\n(set -e; cd /made\n${script.trim()}\n) || exit`);
  const waiting = `touch ${DONE}\nwhile [ ! -e ${SEEN} ]; do sleep 0.05; done\n`;
  const start = cases.length === 0 ? '' : 'mkdir /made\n';
  return `umask 022\n${start}setattr() { perl /workspace/app/setattr.pl "$@"; }\n${parts.join('\n')}\n${waiting}`;
}

/** The container of a run, once its task has done its work. */
async function doneContainer(pid: number, signal: AbortSignal): Promise<string | undefined> {
  const format = '{{.ID}} {{.Label "dev.preheat.owner"}}';
  while (!signal.aborted) {
    const { stdout } = await execa('docker', ['ps', '--filter', 'label=dev.preheat.run', '--format', format]);
    const own = stdout.split('\n').find((line) => line.endsWith(`/${pid}`));
    const [id = ''] = own?.split(' ') ?? [];
    if (id !== '' && (await isThere(id, DONE))) return id;
    await sleep(100);
  }
  return undefined;
}

async function isThere(container: string, path: string): Promise<boolean> {
  const { exitCode } = await execa('docker', ['exec', container, 'test', '-e', path], { reject: false });
  return exitCode === 0;
}
