import assert from 'node:assert/strict';
import { mkdtempDisposable, readFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import fc from 'fast-check';
import { readDevcontainer } from '../../../src/config/devcontainer/read-devcontainer.ts';
import { runs } from '../../support/runs.ts';

/** What a build would run of a file. */
function initOf(file: object): string {
  const text = JSON.stringify({ image: 'debian', ...file });
  const { config } = readDevcontainer(text, '.devcontainer.json', { repositoryName: 'app' });
  const [task] = config?.tasks ?? [];
  assert.ok(task?.init !== undefined);
  return task.init;
}

/** Runs it as builds do, in bash between braces. */
async function run(file: object, cwd: string, env: Readonly<Record<string, string>> = {}) {
  const script = `{\n${initOf(file)}\n}\n`;
  const { exitCode, stdout } = await execa('bash', ['-c', script], {
    cwd,
    env,
    reject: false,
    stdin: 'ignore',
  });
  return { exitCode, said: stdout.split('\n').filter((line) => !line.startsWith('preheat: ')), stdout };
}

describe('the script of lifecycle commands', () => {
  let folder: Awaited<ReturnType<typeof mkdtempDisposable>>;
  beforeEach(async () => {
    folder = await mkdtempDisposable(join(tmpdir(), 'preheat-lifecycle-'));
  });
  afterEach(() => folder.remove());

  it('runs them in the order of the specification, each announced', async () => {
    const file = { postCreateCommand: 'echo c', onCreateCommand: 'echo a', updateContentCommand: 'echo b' };
    const { exitCode, stdout } = await run(file, folder.path);
    assert.equal(exitCode, 0);
    const order = ['onCreateCommand', 'a', 'updateContentCommand', 'b', 'postCreateCommand', 'c'];
    assert.deepEqual(stdout.replaceAll('preheat: ', '').split('\n'), order);
  });

  it('ends with the first that fails', async () => {
    for (const command of ['exit 7', ['sh', '-c', 'exit 7'], { a: 'true', b: 'exit 7', c: ['true'] }]) {
      const file = { onCreateCommand: 'echo a', updateContentCommand: command, postCreateCommand: 'echo c' };
      assert.deepEqual(
        { ...(await run(file, folder.path)), stdout: '' },
        { exitCode: 7, said: ['a'], stdout: '' },
      );
    }
  });

  it('gives text to sh and words to no shell', async () => {
    assert.deepEqual((await run({ onCreateCommand: 'cd / && echo "$0 $PWD"' }, folder.path)).said, [
      '/bin/sh /',
    ]);
    assert.deepEqual(
      (await run({ onCreateCommand: ['printf', '%s\n', '$HOME', '*', 'a  b'] }, folder.path)).said,
      ['$HOME', '*', 'a  b'],
    );
    assert.equal((await run({ onCreateCommand: ['cd', '/'] }, folder.path)).exitCode, 127);
  });

  it('runs those of a map at the same time, and waits for all of them', async () => {
    // Each waits for the other: one after the other, they would never end.
    const meet = (own: string, other: string) =>
      `mkfifo ${own} 2>/dev/null; while [ ! -p ${other} ]; do sleep 0.02; done`;
    const commands = {
      first: meet('one', 'two'),
      second: ['sh', '-c', `${meet('two', 'one')}; echo x > late`],
    };
    const { exitCode } = await run({ onCreateCommand: { ...commands, third: 'exit 3' } }, folder.path);
    assert.equal(exitCode, 3);
    assert.equal(await readFile(join(folder.path, 'late'), 'utf8'), 'x\n');
    assert.ok((await stat(join(folder.path, 'one'))).isFIFO());
  }).timeout(20_000);

  it('hands on any text and any words as they are', async () => {
    const text = fc.string({
      unit: fc.constantFrom(...`aé '"\\$\`!*?[]{}()<>|&;#~=-\n\t`.split('')),
      minLength: 1,
    });
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 3 }), text, async (words, value) => {
        const file = {
          remoteEnv: {
            VALUE: value,
            JOINED: `\${containerEnv:OUTSIDE}${value}\${containerEnv:NONE:o o}`,
          },
          onCreateCommand: ['printf', '%s\\0', ...words],
          postCreateCommand: `printf '%s\\0' "$VALUE" "$JOINED" ${words.length}`,
        };
        const { stdout } = await run(file, folder.path, { OUTSIDE: 'out  side' });
        const said = stdout.replaceAll(/preheat: \w+\n/g, '').split('\0');
        assert.deepEqual(said, [...words, value, `out  side${value}o o`, String(words.length), '']);
      }),
      { numRuns: runs(30) },
    );
  }).timeout(60_000);

  it('makes each variable of the container’s own, and takes away those that are null', async () => {
    const file = {
      containerEnv: { KNOWN: 'known' },
      remoteEnv: { A: 'a', B: '${containerEnv:A}', C: '${containerEnv:KNOWN}!', GONE: null },
      onCreateCommand: 'echo "$A $B $C ${GONE-unset}"',
    };
    const { said } = await run(file, folder.path, { A: 'outer', KNOWN: 'other', GONE: 'x' });
    assert.deepEqual(said, ['a outer known! unset']);
  });
});
