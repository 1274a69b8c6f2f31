import assert from 'node:assert/strict';
import { mkdir, mkdtempDisposable, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { initCommand } from '../../src/cli/init-command.ts';
import { exitCodeOf } from '../../src/cli/exit-codes.ts';
import { PreheatError } from '../../src/kernel/failure.ts';
import { testSession } from './test-session.ts';

async function folderWith(files: Readonly<Record<string, string>>) {
  const folder = await mkdtempDisposable(join(tmpdir(), 'preheat-init-'));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder.path, path)), { recursive: true });
    await writeFile(join(folder.path, path), text);
  }
  return folder;
}

const init = async (repository: string, options: object = {}) => {
  const session = testSession({ command: 'init', options: { repository, ...options } });
  return { ...(await initCommand(session)), printed: session.stdout.text };
};

describe('preheat init', () => {
  it('writes what fits at the top of the clone, and prints it', async () => {
    await using folder = await folderWith({ '.git/HEAD': '', 'go.mod': 'module a\n', 'sub/x': '' });
    const file = join(folder.path, '.gitpod.yml');
    const { exitCode, printed, lines } = await init(join(folder.path, 'sub'));
    assert.equal(exitCode, 0);
    assert.equal(await readFile(file, 'utf8'), printed);
    assert.match(printed, /\n {2}# preheat: inputs=go\.mod\n {2}- name: go\n {4}init: go mod download\n$/);
    assert.deepEqual(lines, [`wrote ${file}; read it and commit it`]);
  });

  it('takes the image that it is given, and tells the same as JSON', async () => {
    await using folder = await folderWith({ Makefile: '' });
    const { printed } = await init(folder.path, { json: true, baseImage: 'example.org/dev:1' });
    const text = await readFile(join(folder.path, '.gitpod.yml'), 'utf8');
    assert.match(text, /\nimage: example\.org\/dev:1\n/);
    const file = join(folder.path, '.gitpod.yml');
    assert.deepEqual(JSON.parse(printed), { schemaVersion: 1, file, kinds: ['make'], text });
  });

  for (const there of ['.gitpod.yml', '.gitpod', '.devcontainer/devcontainer.json', '.devcontainer.json']) {
    it(`changes nothing where there is ${there}`, async () => {
      await using folder = await folderWith({ [there]: 'mine' });
      await assert.rejects(init(folder.path), (thrown: unknown) => {
        assert.ok(thrown instanceof PreheatError);
        assert.ok(thrown.message.endsWith(`${join(folder.path, there)} is there already`), thrown.message);
        return exitCodeOf(thrown) === 20;
      });
      assert.deepEqual(await readdir(folder.path), [there.split('/')[0]]);
      assert.equal(await readFile(join(folder.path, there), 'utf8'), 'mine');
    });
  }

  it('writes through no link, and says where it cannot write', async () => {
    await using folder = await folderWith({ 'a/x': '' });
    await symlink('b', join(folder.path, 'a/.gitpod.yml'));
    await assert.rejects(init(join(folder.path, 'a')), /is there already/);
    await assert.rejects(init(join(folder.path, 'none')), /cannot read .*none/);
    assert.deepEqual(await readdir(folder.path), ['a']);
  });
});
