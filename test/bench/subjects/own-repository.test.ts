import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { ownRepository } from '../../../bench/subjects/own-repository.ts';
import { makeClone, type TestClone } from '../../support/clone.ts';

const CONFIG = 'image: debian:bookworm\ntasks:\n  - init: make\n';
const FILES = { '.gitpod.yml': CONFIG, 'README.md': 'one\n', 'main.c': 'int x;\n' };
const nameOf = (base: string): string => `127.0.0.1:5000/base/${base}`;

describe('a repository of one’s own', () => {
  let origin: TestClone;
  beforeEach(async () => {
    origin = await makeClone(FILES, 'mine');
  });
  afterEach(() => origin[Symbol.asyncDispose]());

  it('is pushed at the commit before its last one, then at that, then with a change of each kind', async () => {
    await origin.commit({ 'main.c': 'int y;\n' });
    const kind = await ownRepository(origin.directory);
    assert.deepEqual(kind.bases, ['debian:bookworm']);
    assert.deepEqual(kind.changes, ['last-commit', 'docs-only', 'source-only']);
    await using subject = await kind.make(nameOf);
    const show = (path: string): Promise<string> => subject.clone.git('show', `HEAD:${path}`);
    assert.equal(await show('main.c'), 'int x;');
    assert.match(await show('.gitpod.yml'), /^image: 127\.0\.0\.1:5000\/base\/debian:bookworm$/m);
    await subject.change('last-commit');
    assert.equal(await show('main.c'), 'int y;');
    assert.match(await show('.gitpod.yml'), /^image: 127\.0\.0\.1:5000/m);
    for (const [change, path] of [
      ['docs-only', 'README.md'],
      ['source-only', 'main.c'],
    ] as const) {
      await subject.change(change);
      assert.equal(await subject.clone.git('diff', '--name-only', 'HEAD~1'), path);
    }
    const { base, init, folder, parts } = await subject.recipe();
    assert.deepEqual(
      { base, init, folder, parts },
      {
        base: 'FROM 127.0.0.1:5000/base/debian:bookworm',
        init: 'make',
        folder: '/workspace/mine',
        parts: undefined,
      },
    );
  });

  it('stays as it is, and its copy goes', async () => {
    const before = await origin.git('rev-parse', 'HEAD');
    const kind = await ownRepository(origin.directory);
    const subject = await kind.make(nameOf);
    await subject.change('docs-only');
    await subject[Symbol.asyncDispose]();
    assert.ok(!existsSync(subject.clone.directory));
    assert.equal(await origin.git('rev-parse', 'HEAD'), before);
    assert.equal(await origin.git('status', '--porcelain'), '');
  });

  it('may have a Dockerfile, which a push changes too', async () => {
    const config = 'image:\n  file: .gitpod.Dockerfile\ntasks:\n  - init: make\n';
    await origin.commit({ '.gitpod.yml': config, '.gitpod.Dockerfile': 'FROM debian:bookworm\nRUN true\n' });
    const kind = await ownRepository(origin.directory);
    assert.deepEqual(kind.changes, ['last-commit', 'docs-only', 'source-only', 'dockerfile']);
    await using subject = await kind.make(nameOf);
    await subject.change('last-commit');
    await subject.change('dockerfile');
    const { base } = await subject.recipe();
    assert.equal(base, 'FROM 127.0.0.1:5000/base/debian:bookworm\nRUN true\n\nRUN true');
  });

  it('needs a .gitpod.yml that can be built', async () => {
    await origin.commit({ '.gitpod.yml': 'image: [1]\n' });
    await assert.rejects(ownRepository(origin.directory), /cannot read \.gitpod\.yml: /);
    const context = 'image:\n  file: a/Dockerfile\n  context: a\n';
    await origin.commit({ '.gitpod.yml': context, 'a/Dockerfile': 'FROM debian:bookworm\n' });
    await assert.rejects(ownRepository(origin.directory), /its context is not the whole repository/);
  });
});
