import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtempDisposable, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { pidNamespace } from '../../src/cli/run-identity.ts';
import { openStateFolder } from '../../src/cli/state-folder.ts';
import { PreheatError } from '../../src/kernel/failure.ts';

const temporary = () => mkdtempDisposable(join(tmpdir(), 'preheat-state-'));

describe('the state folder', () => {
  it('ignores itself in git, records and reports too', async () => {
    await using clone = await temporary();
    await execa('git', ['init', '--quiet'], { cwd: clone.path });
    const state = await openStateFolder(join(clone.path, 'deep', 'state'));
    await state.writeRecord('plan', { a: 1 });
    await state.write('outcome.json', '{}');
    const { stdout } = await execa('git', ['status', '--porcelain', '--untracked-files=all'], {
      cwd: clone.path,
    });
    assert.equal(stdout, '');
    assert.equal(await readFile(join(state.directory, 'records', 'plan.json'), 'utf8'), '{\n  "a": 1\n}\n');
  });

  it('leaves the .gitignore of a folder of someone’s own alone, and puts none there', async () => {
    await using own = await temporary();
    await writeFile(join(own.path, '.gitignore'), 'node_modules\n');
    await openStateFolder(own.path);
    assert.equal(await readFile(join(own.path, '.gitignore'), 'utf8'), 'node_modules\n');
    await using other = await temporary();
    await writeFile(join(other.path, 'mine.txt'), 'mine\n');
    await openStateFolder(other.path);
    assert.deepEqual((await readdir(other.path)).toSorted(), ['mine.txt', 'records']);
  });

  it('forgets what an earlier run told, and nothing else', async () => {
    await using folder = await temporary();
    const earlier = await openStateFolder(join(folder.path, 'state'));
    await earlier.write('preheat.env', "export PREHEAT_STATE='warm'\n");
    await earlier.writeRecord('publication', {});
    await mkdir(join(earlier.directory, 'images'));
    await writeFile(join(earlier.directory, 'records', 'mine.json'), '');
    await openStateFolder(earlier.directory);
    assert.deepEqual((await readdir(earlier.directory)).toSorted(), ['.gitignore', 'images', 'records']);
    assert.deepEqual(await readdir(join(earlier.directory, 'records')), ['mine.json']);
  });

  it('writes whole files only', async () => {
    await using folder = await temporary();
    const state = await openStateFolder(folder.path);
    await mkdir(join(folder.path, 'report.html'));
    await assert.rejects(state.write('report.html', 'x'), /cannot write .*report\.html/);
    assert.deepEqual(
      (await readdir(folder.path)).filter((name) => name.includes('partial')),
      [],
    );
  });

  it('says clearly when it cannot be made', async () => {
    await using folder = await temporary();
    await writeFile(join(folder.path, 'file'), '');
    await assert.rejects(
      openStateFolder(join(folder.path, 'file', 'state')),
      (thrown) =>
        thrown instanceof PreheatError &&
        /^cannot write the state folder .*: ENOTDIR/.test(thrown.message) &&
        /--state/.test(thrown.hint ?? ''),
    );
  });

  it('gives folders that go again', async () => {
    await using folder = await temporary();
    const state = await openStateFolder(folder.path);
    let path = '';
    {
      await using staging = await state.temporaryFolder('staging');
      ({ path } = staging);
      await writeFile(join(path, 'blob'), 'x');
      assert.ok((await stat(path)).isDirectory());
    }
    await assert.rejects(stat(path), { code: 'ENOENT' });
  });

  it('removes what killed runs left, but not what a run in another container may be using', async () => {
    await using folder = await temporary();
    const { pid: dead } = spawnSync('true');
    const [killed, elsewhere, alive] = [
      `staging.${pidNamespace()}.${dead}-abcdef`,
      `staging.${pidNamespace() + 1}.${dead}-abcdef`,
      `staging.${pidNamespace()}.${process.pid}-abcdef`,
    ];
    for (const name of [killed, elsewhere, alive]) await mkdir(join(folder.path, name));
    await openStateFolder(folder.path);
    assert.deepEqual((await readdir(folder.path)).toSorted(), ['records', elsewhere, alive].toSorted());
  });
});
