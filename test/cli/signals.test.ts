import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { abortOnSignals, interruption } from '../../src/cli/signals.ts';
import { exitCodeOf } from '../../src/cli/exit-codes.ts';

const MODULE = fileURLToPath(new URL('../../src/cli/signals.ts', import.meta.url));

/** Runs a program of its own, since a signal to this one would reach the test runner too. */
async function tell(program: string) {
  const text = `import { abortOnSignals } from ${JSON.stringify(MODULE)};\nconst alive = setInterval(() => {}, 1000);\n${program}`;
  const words = ['--input-type=module-typescript', '--eval', text];
  return promisify(execFile)(process.execPath, words).then(
    ({ stdout }) => ({ code: 0, stdout }),
    (thrown: unknown) => thrown as { readonly code: number; readonly stdout: string },
  );
}

describe('signals', () => {
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    it(`${name} aborts once, with what the run fails with`, async () => {
      const { code, stdout } = await tell(`
        const { signal } = abortOnSignals();
        signal.addEventListener('abort', () => {
          console.log(signal.reason.message, signal.reason.code);
          clearInterval(alive);
        });
        process.kill(process.pid, '${name}');
      `);
      assert.deepEqual([code, stdout], [0, `interrupted by ${name} interrupted\n`]);
    });
  }

  for (const [what, program] of [
    ['an error', "setTimeout(() => { throw new Error('odd'); });"],
    ['a rejection', "void Promise.reject(new Error('odd'));"],
  ] as const)
    it(`are joined by ${what} that nobody caught`, async () => {
      const { code, stdout } = await tell(`
        const { signal } = abortOnSignals();
        signal.addEventListener('abort', () => {
          console.log(signal.reason.message, signal.reason.phase);
          clearInterval(alive);
        });
        ${program}
      `);
      assert.deepEqual([code, stdout], [0, 'the run crashed: odd build\n']);
    });

  it('end the program at once the second time', async () => {
    const { code } = await tell(`
      const { signal } = abortOnSignals();
      signal.addEventListener('abort', () => process.kill(process.pid, 'SIGTERM'));
      process.kill(process.pid, 'SIGINT');
    `);
    assert.equal(code, 130);
  });

  it('are no longer listened to afterwards', () => {
    const before = process.listenerCount('SIGTERM');
    {
      using abort = abortOnSignals();
      assert.equal(abort.signal.aborted, false);
      assert.equal(process.listenerCount('SIGTERM'), before + 1);
    }
    assert.equal(process.listenerCount('SIGTERM'), before);
  });

  it('give 130', () => assert.equal(exitCodeOf(interruption('SIGINT')), 130));
});
