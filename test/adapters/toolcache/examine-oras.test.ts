import assert from 'node:assert/strict';
import { mkdtempDisposable, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { execa } from 'execa';
import { createOrasExaminer } from '../../../src/adapters/toolcache/examine-oras.ts';
import { patience } from '../../support/engine.ts';

describe('the examiner of oras', () => {
  it('tells where on the PATH it stands, and its version', async () => {
    const searchPath = process.env['PATH'] ?? '';
    const found = await createOrasExaminer({ cacheDir: '/nonexistent', searchPath }).find(patience());
    assert.equal(found.isInstalled, true);
    assert.ok(searchPath.split(delimiter).some((folder) => join(folder, 'oras') === found.program));
    assert.ok((await execa(found.program, ['version'])).stdout.includes(found.version));
  });

  it('tells the path that it was given', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'preheat-oras-'));
    const program = join(folder.path, 'oras');
    const { stdout: own } = await execa('which', ['oras']);
    await symlink(own, program);
    const options = { cacheDir: '/nonexistent', searchPath: '', program };
    assert.partialDeepStrictEqual(await createOrasExaminer(options).find(patience()), {
      program,
      isInstalled: true,
    });
  });

  it('says that there is none to be had', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'preheat-oras-'));
    const release = { version: '9.9.9', url: 'http://127.0.0.1:9', checksums: {} };
    const options = { cacheDir: folder.path, searchPath: '', program: 'no-such-oras', release };
    await assert.rejects(createOrasExaminer(options).find(patience()), {
      name: 'PreheatError',
      phase: 'publish',
    });
  });
});
