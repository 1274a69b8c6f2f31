import assert from 'node:assert/strict';
import { cp, mkdtempDisposable, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { StartResult } from '../../src/start/start-result.ts';
import { makeClone, type TestClone } from '../support/clone.ts';
import { preheat } from '../support/preheat.ts';

const EXAMPLE = fileURLToPath(new URL('../../examples/c-make', import.meta.url));

/** The files of the example, without what somebody built in it. */
async function exampleFiles(): Promise<Readonly<Record<string, string>>> {
  await using copy = await mkdtempDisposable(join(tmpdir(), 'preheat-example-'));
  await cp(EXAMPLE, copy.path, {
    recursive: true,
    filter: (path) => !path.startsWith(join(EXAMPLE, 'build')),
  });
  const entries = await readdir(copy.path, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map(async (path) => [path.slice(copy.path.length + 1), await readFile(path, 'utf8')] as const);
  return Object.fromEntries(await Promise.all(files));
}

describe('examples/c-make', () => {
  let clone: TestClone;
  let started: StartResult | undefined;

  before(async () => {
    clone = await makeClone(await exampleFiles(), `c-make-${process.pid}`);
  });
  after(async () => {
    await preheat(['start', '--stop'], { cwd: clone.directory });
    if (started !== undefined)
      await execa('docker', ['rmi', `preheat:${started.digest.slice('sha256:'.length).slice(0, 12)}`]);
    await clone[Symbol.asyncDispose]();
  });

  it('is built and tested on the base that its Dockerfile describes', async function build() {
    this.timeout(300_000);
    const { exitCode, stderr } = await preheat(['build'], { cwd: clone.directory });
    assert.equal(exitCode, 0, stderr);
    assert.match(stderr, /\[Checksums\] all checksums are right/);
    // The Dockerfile's CFLAGS reach the task.
    assert.match(stderr, /\[Checksums\] cc .*-Werror/);
  });

  it('starts warm: it serves, as the user of the Dockerfile, and there is nothing to make', async () => {
    const run = await preheat(['start', '--json'], { cwd: clone.directory });
    assert.equal(run.exitCode, 0, run.stderr);
    started = StartResult.parse(JSON.parse(run.stdout));
    const [port] = started.ports;
    assert.ok(port?.answers);
    const answer = await fetch(new URL('/123456789', port.url));
    assert.equal(await answer.text(), 'crc32 cbf43926\nadler32 091e01de\n');
    const line = 'make; id -un; git status --porcelain';
    const { stdout } = await execa('docker', ['exec', started.name, 'bash', '-c', line]);
    assert.equal(stdout, "make: Nothing to be done for 'all'.\ngitpod");
  });
});
