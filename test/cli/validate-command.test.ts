import assert from 'node:assert/strict';
import { mkdir, mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { validateCommand } from '../../src/cli/validate-command.ts';
import { PreheatError } from '../../src/kernel/failure.ts';
import { testSession } from './test-session.ts';

/** What the command says of a file, and its exit code. */
async function validate(text: string, options: object = {}, name = '.gitpod.yml') {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'preheat-validate-'));
  const file = join(folder.path, name);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  const session = testSession({ command: 'validate', options: { ...options } });
  const { exitCode } = await validateCommand(session, file);
  return { exitCode, said: session.stdout.text.replaceAll(file, 'FILE') };
}

const Verdict = z.object({
  schemaVersion: z.literal(1),
  file: z.string(),
  valid: z.boolean(),
  diagnostics: z.array(z.object({ line: z.number(), severity: z.string() })),
  annotations: z.array(z.object({ line: z.number(), path: z.string().optional() })),
});

describe('preheat validate', () => {
  it('tells everything at once, and fails for errors', async () => {
    const { exitCode, said } = await validate('image: 3\ntask: []\nports:\n  - port: x\n');
    assert.equal(exitCode, 20);
    for (const head of ['FILE:1:8 error', 'FILE:2:1 warning', 'FILE:4:11 error'])
      assert.ok(said.includes(head), said);
    assert.match(said, /^2 errors, 1 warning$/m);
  });

  it('says that there is nothing to say', async () => {
    assert.deepEqual(await validate('image: debian\n'), { exitCode: 0, said: 'FILE: no findings\n' });
  });

  it('refuses what Gitpod refused when strict', async () => {
    assert.equal((await validate('x: 1\n')).exitCode, 0);
    assert.equal((await validate('x: 1\n', { strict: true })).exitCode, 20);
  });

  it('prints JSON with annotations', async () => {
    const { exitCode, said } = await validate('image: debian\nx: 1\n', { json: true });
    const verdict = Verdict.parse(JSON.parse(said));
    assert.deepEqual([exitCode, verdict.valid, verdict.file], [0, true, 'FILE']);
    assert.deepEqual(verdict.diagnostics, [{ line: 2, severity: 'warning' }]);
    // The file lies outside of the folder in which the command runs, hence outside of the repository.
    assert.deepEqual(verdict.annotations, [{ line: 2 }]);
  });

  it('reads no more than it takes, of whatever it is given', async () => {
    const session = testSession({ command: 'validate' });
    assert.equal((await validateCommand(session, '/dev/zero')).exitCode, 20);
    assert.match(session.stdout.text, /error the file is longer than 256 KiB/);
    const { exitCode, said } = await validate('a\n'.repeat(1_000_000));
    assert.equal(exitCode, 20);
    assert.match(said, /error the file is longer than 256 KiB/);
    assert.ok(said.length < 500);
  });

  it('checks a devcontainer.json, by its name', async () => {
    const path = '.devcontainer/devcontainer.json';
    const { exitCode, said } = await validate(
      '{\n  "image": "debian",\n  "features": {"a": {}},\n}\n',
      {},
      path,
    );
    assert.equal(exitCode, 20);
    assert.match(said, /^FILE:3:3 error "features" is refused/);
    const build = '{ "build": { "dockerfile": "../Dockerfile", "context": ".." } }';
    assert.deepEqual(await validate(build, {}, path), { exitCode: 0, said: 'FILE: no findings\n' });
    assert.match((await validate(build, {}, '.devcontainer.json')).said, /leads out of the repository/);
  });

  it('takes the only one in a folder of .devcontainer, and none of several', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'preheat-validate-'));
    const home = process.cwd();
    const nested = (name: string): string => join('.devcontainer', name, 'devcontainer.json');
    try {
      process.chdir(folder.path);
      await mkdir('.devcontainer/one', { recursive: true });
      await mkdir('.devcontainer/two/deeper', { recursive: true });
      await writeFile(nested('one'), '{ "build": { "dockerfile": "../../Dockerfile" } }');
      await writeFile(nested('two/deeper'), '{');
      const session = testSession({ command: 'validate' });
      assert.equal((await validateCommand(session, undefined)).exitCode, 0);
      assert.equal(session.stdout.text, `${nested('one')}: no findings\n`);
      await writeFile(nested('two'), '{ "image": "debian" }');
      await assert.rejects(validateCommand(testSession({ command: 'validate' }), undefined), {
        code: 'config-invalid',
        message: /the folder has 2, .*: \.devcontainer\/one\/.*, \.devcontainer\/two\/devcontainer\.json$/,
      });
    } finally {
      process.chdir(home);
    }
  });

  it('says where no file can be read', async () => {
    const session = testSession({ command: 'validate' });
    for (const file of ['/nowhere/.gitpod.yml', '/']) {
      await assert.rejects(validateCommand(session, file), (thrown: unknown) => {
        assert.ok(thrown instanceof PreheatError);
        return thrown.message.startsWith(`cannot read ${file}: `);
      });
    }
  });
});
