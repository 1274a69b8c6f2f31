import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { Execution } from '../../src/build/engine.ts';
import { followTask } from '../../src/build/follow-task.ts';

const MARKER = 'end-of-task-0';

async function* chunksOf(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

function execution(stdout: string, { size = 7, stderr = '', exitCode = 137 } = {}): Execution {
  return {
    stdout: chunksOf(stdout, size),
    stderr: chunksOf(stderr, size),
    exitCode: Promise.resolve(exitCode),
  };
}

async function follow(running: Execution) {
  const lines: string[] = [];
  const { ended, silent } = followTask(running, MARKER, (line) => lines.push(line));
  const exitCode = await ended;
  await silent;
  return { exitCode, lines };
}

describe('followTask', () => {
  it('passes on exactly what the task printed, however it is cut', async () => {
    const output = fc.array(fc.constantFrom('a', 'b c', '', MARKER.slice(0, 5)), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(output, fc.boolean(), fc.integer({ min: 1, max: 30 }), async (lines, open, size) => {
        const whole = lines.map((line) => `${line}\n`).join('') + (open ? 'open' : '');
        const followed = await follow(execution(`${whole}\n${MARKER} 3\n`, { size }));
        assert.deepEqual(followed, { exitCode: 3, lines: open ? [...lines, 'open'] : lines });
      }),
    );
  });

  it('ends with the marker while something still prints, and passes that on too', async () => {
    const gate = Promise.withResolvers<void>();
    const lines: string[] = [];
    const stdout = (async function* () {
      yield Buffer.from(`one\n\n${MARKER} 0\n`);
      await gate.promise;
      yield Buffer.from('late\n');
    })();
    const followed = followTask({ ...execution(''), stdout }, MARKER, (line) => lines.push(line));
    assert.equal(await followed.ended, 0);
    assert.deepEqual(lines, ['one']);
    gate.resolve();
    await followed.silent;
    assert.deepEqual(lines, ['one', 'late']);
  });

  it('finds the end behind what something else printed into its line, however much', async () => {
    for (const size of [1, 16_384 - 3, 16_384, 40_000]) {
      const between = '.'.repeat(size);
      const { exitCode, lines } = await follow(execution(`one\n\n${between}${MARKER} 3\n`, { size: 9999 }));
      assert.equal(exitCode, 3);
      assert.ok(lines.join('').startsWith(`one${between}`));
    }
    const shown = `bash run 0.sh ${MARKER} /workspace`;
    assert.deepEqual(await follow(execution(`${shown}\n\n${MARKER} 4\n`)), { exitCode: 4, lines: [shown] });
  });

  it('takes the execution’s exit code where the shell never said how it ended', async () => {
    assert.deepEqual(await follow(execution('x\n', { stderr: 'Killed\n' })), {
      exitCode: 137,
      lines: ['x', 'Killed'],
    });
  });

  it('fails when the output cannot be read', async () => {
    const stdout = (async function* () {
      yield Buffer.from('x\n');
      throw new Error('cut off');
    })();
    const { ended, silent } = followTask({ ...execution(''), stdout }, MARKER, () => undefined);
    await assert.rejects(ended, /cut off/);
    await silent;
  });
});
