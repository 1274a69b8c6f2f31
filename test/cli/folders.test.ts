import assert from 'node:assert/strict';
import { mkdir, mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { foldersOf } from '../../src/cli/folders.ts';
import { testSession, type SessionChanges } from './test-session.ts';

const folders = (changes: SessionChanges) => foldersOf(testSession(changes));

describe('folders', () => {
  it('lie in the clone, unless options say otherwise', async () => {
    await using parent = await mkdtempDisposable(join(tmpdir(), 'preheat-folders-'));
    const clone = join(parent.path, 'app');
    await mkdir(join(clone, '.git'), { recursive: true });
    assert.deepEqual(folders({ environment: { REPOSITORY: clone } }), {
      clone,
      state: join(clone, '.preheat'),
      location: { kind: 'layout', directory: join(clone, '.preheat', 'images') },
    });
    const state = join(parent.path, 'state');
    assert.deepEqual(folders({ options: { repository: clone, state } }).location, {
      kind: 'layout',
      directory: join(state, 'images'),
    });
  });

  it('are the same wherever in the clone a command is given', async () => {
    await using clone = await mkdtempDisposable(join(tmpdir(), 'preheat-folders-'));
    await writeFile(join(clone.path, '.git'), 'gitdir: /of/a/worktree\n');
    const repository = join(clone.path, 'packages', 'web');
    await mkdir(repository, { recursive: true });
    assert.deepEqual(folders({ options: { repository } }), folders({ options: { repository: clone.path } }));
  });

  it('follow the option, then Pipelines, then the current folder', () => {
    const environment = { BITBUCKET_CLONE_DIR: '/opt/clone' };
    assert.equal(folders({ environment }).clone, '/opt/clone');
    assert.equal(folders({ environment, options: { repository: '/other' } }).clone, '/other');
    assert.equal(folders({ environment: { BITBUCKET_CLONE_DIR: '' } }).clone, folders({}).clone);
  });

  it('lie where Pipelines would have cloned, though a clone is above', async () => {
    await using above = await mkdtempDisposable(join(tmpdir(), 'preheat-folders-'));
    const clone = join(above.path, 'build');
    await mkdir(join(above.path, '.git'));
    assert.partialDeepStrictEqual(folders({ environment: { BITBUCKET_CLONE_DIR: clone } }), {
      clone,
      state: join(clone, '.preheat'),
    });
    assert.equal(folders({ options: { repository: above.path } }).clone, above.path);
  });

  it('leave a registry as it is, and make the path of a layout absolute', () => {
    assert.deepEqual(folders({ options: { registry: 'host.example/team/app' } }).location, {
      kind: 'registry',
      registry: 'host.example',
      repository: 'team/app',
    });
    assert.deepEqual(folders({ options: { registry: 'oci:images' } }).location, {
      kind: 'layout',
      directory: resolve('images'),
    });
  });
});
