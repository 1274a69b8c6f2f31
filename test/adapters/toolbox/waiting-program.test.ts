import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempDisposable, readFile, writeFile } from 'node:fs/promises';
import { arch, tmpdir } from 'node:os';
import { join } from 'node:path';
import { elfInterpreterOf } from '../../../src/adapters/toolbox/elf-interpreter.ts';
import { waitingProgram } from '../../../src/adapters/toolbox/waiting-program.ts';

const OWN = arch() === 'x64' ? 'amd64' : arch();

/** Its state (proc(5)): it runs first, and sleeps in its system call then. */
async function untilAsleep(pid: number | undefined): Promise<void> {
  for (;;) {
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    if (/^Name:\s+wait$/m.test(status) && /^State:\s+S/m.test(status)) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe('waitingProgram', () => {
  it('sleeps until TERM ends it, whatever is preloaded', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'preheat-wait-'));
    const path = join(folder.path, 'wait');
    await writeFile(path, waitingProgram(OWN) ?? '', { mode: 0o755 });
    const child = spawn(path, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { LD_PRELOAD: '/no/such/library.so' },
    });
    try {
      await once(child, 'spawn');
      const printed = Promise.all([child.stdout, child.stderr].map((output) => Array.fromAsync(output)));
      await untilAsleep(child.pid);
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      assert.deepEqual(await ended, [null, 'SIGTERM']);
      assert.deepEqual(await printed, [[], []]);
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('is a static program for each processor that is served, and for no other', () => {
    for (const [architecture, machine] of [
      ['amd64', 62],
      ['arm64', 183],
    ] as const) {
      const program = waitingProgram(architecture) ?? Buffer.alloc(0);
      assert.equal(Buffer.from(program).readUInt16LE(18), machine);
      assert.equal(elfInterpreterOf(program), undefined);
    }
    assert.equal(waitingProgram('s390x'), undefined);
  });
});
