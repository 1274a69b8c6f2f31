import assert from 'node:assert/strict';
import { mkdir, mkdtempDisposable, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { createCloneExaminer } from '../../../src/adapters/git/examine-clone.ts';
import { makeClone } from '../../support/clone.ts';
import { patience } from '../../support/engine.ts';

describe('the examiner of a clone', () => {
  it('tells the version of git', async () => {
    const version = await createCloneExaminer('/').gitVersion(patience());
    assert.ok((await execa('git', ['version'])).stdout.includes(version));
    assert.match(version, /^\d+\.\d+/);
  });

  it('says that there is no git', async () => {
    await assert.rejects(createCloneExaminer('/', 'no-such-git').gitVersion(patience()), {
      message: 'cannot run git: there is no program "no-such-git"',
      hint: 'Install git 2.31 or newer.',
    });
  });

  it('finds a whole clone from any folder in it', async () => {
    await using clone = await makeClone({ 'a/b.txt': 'b' });
    const inside = join(clone.directory, 'a');
    assert.deepEqual(await createCloneExaminer(inside).describe(patience()), {
      directory: await realpath(clone.directory),
      isShallow: false,
    });
  });

  it('knows shallow and partial clones', async () => {
    await using clone = await makeClone({ 'a.txt': 'a' });
    await clone.commit({ 'a.txt': 'b' });
    await clone.git('config', 'uploadpack.allowFilter', 'true');
    await using folder = await mkdtempDisposable(join(tmpdir(), 'preheat-copies-'));
    const copy = async (name: string, ...words: readonly string[]) => {
      const directory = join(folder.path, name);
      await execa('git', ['clone', '--quiet', ...words, `file://${clone.directory}`, directory]);
      return await createCloneExaminer(directory).describe(patience());
    };
    assert.partialDeepStrictEqual(await copy('shallow', '--depth=1'), { isShallow: true });
    const partial = await copy('partial', '--filter=blob:none');
    assert.deepEqual([partial.isShallow, partial.filter], [false, 'blob:none']);
  });

  it('says where there is no clone', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'preheat-no-clone-'));
    await mkdir(join(folder.path, 'inside'));
    for (const directory of [folder.path, join(folder.path, 'inside'), join(folder.path, 'nowhere')]) {
      await assert.rejects(createCloneExaminer(directory).describe(patience()), {
        name: 'PreheatError',
        phase: 'event',
        hint: 'Run preheat inside a clone of the repository.',
      });
    }
  });
});
