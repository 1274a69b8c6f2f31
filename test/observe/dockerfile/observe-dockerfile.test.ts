import assert from 'node:assert/strict';
import { chmod, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createRepository, type Content, type TestRepository } from '../../adapters/git/git-fixture.ts';
import { factsOf, keyOf, type ObserveOptions } from './dockerfile-repository.ts';

const DOCKERFILE = [
  'ARG TAG=12',
  'FROM debian:$TAG AS app',
  'COPY --from=tools:1 /bin/tool /bin/',
  'COPY src/ *.json Ünïcode /app/',
  'RUN <<EOF',
  'make',
  'EOF',
  '',
].join('\n');

const FILES: Readonly<Record<string, Content>> = {
  Dockerfile: DOCKERFILE,
  '.dockerignore': 'src/*.log\n!src/keep.log\n**/tmp\n',
  'src/main.c': 'int main;\n',
  'src/run.sh': { script: '#!/bin/sh\n' },
  'src/deep/er/file': 'deep\n',
  'src/skip.log': 'skipped\n',
  'src/keep.log': 'kept\n',
  'src/deep/tmp/x': 'skipped\n',
  'package.json': '{}\n',
  [Buffer.from('Ünïcode').toString('latin1')]: 'odd\n',
  'README.md': 'not copied\n',
  'lib/package.json': 'not copied\n',
};

/** One change to the repository or the world, and whether the image's key must change with it. */
interface Change {
  readonly name: string;
  readonly change?: (repository: TestRepository) => Promise<void>;
  readonly options?: ObserveOptions;
  readonly changes: boolean;
}

const write =
  (files: Readonly<Record<string, Content>>) =>
  async (repository: TestRepository): Promise<void> =>
    await repository.write(files);

const CHANGES: readonly Change[] = [
  { name: 'nothing', changes: false },
  { name: 'a copied file', change: write({ 'src/main.c': 'int man;\n' }), changes: true },
  {
    name: 'a file deep in a copied folder',
    change: write({ 'src/deep/er/file': 'deeper\n' }),
    changes: true,
  },
  { name: 'a file that a pattern copies', change: write({ 'package.json': '{ }\n' }), changes: true },
  { name: 'a new file that a pattern copies', change: write({ 'other.json': '' }), changes: true },
  {
    name: 'the name of a copied file',
    change: async ({ path }) => await rename(join(path, 'src/main.c'), join(path, 'src/nain.c')),
    changes: true,
  },
  {
    name: 'the mode of a copied file',
    change: async ({ path }) => await chmod(join(path, 'src/main.c'), 0o755),
    changes: true,
  },
  {
    name: 'a copied file that becomes a link to its copy',
    change: async ({ path }) => {
      await rename(join(path, 'src/main.c'), join(path, 'src/deep/main.c'));
      await symlink('deep/main.c', join(path, 'src/main.c'));
    },
    changes: true,
  },
  {
    name: 'a copied file that goes',
    change: async ({ path }) => await rm(join(path, 'src/main.c')),
    changes: true,
  },
  { name: 'a file that an exception copies', change: write({ 'src/keep.log': 'other\n' }), changes: true },
  { name: 'a file that is not copied', change: write({ 'README.md': 'other\n' }), changes: false },
  { name: 'a file of a copied name elsewhere', change: write({ 'lib/package.json': '1' }), changes: false },
  { name: 'an ignored file', change: write({ 'src/skip.log': 'other\n' }), changes: false },
  { name: 'a file in an ignored folder', change: write({ 'src/deep/tmp/x': '2' }), changes: false },
  {
    name: 'an ignore file that leaves more out',
    change: write({ '.dockerignore': 'src/*.log\n**/tmp\n' }),
    changes: true,
  },
  {
    name: 'an ignore file that means the same',
    change: write({ '.dockerignore': '# the same\nsrc/*.log\n!src/keep.log\n\n**/tmp/\n' }),
    changes: false,
  },
  {
    name: 'an ignore file for this Dockerfile, which wins',
    change: write({ 'Dockerfile.dockerignore': 'src/main.c\n' }),
    changes: true,
  },
  {
    name: 'line ends by .gitattributes alone',
    change: write({ '.gitattributes': '*.c text eol=crlf\n' }),
    changes: true,
  },
  {
    name: 'attributes of files that are not copied',
    change: write({ '.gitattributes': '*.md text eol=crlf\nsrc/** diff=x export-ignore\n' }),
    changes: false,
  },
  { name: 'where FROM points', options: { images: { 'debian:12': 'moved' } }, changes: true },
  { name: 'where COPY --from points', options: { images: { 'tools:1': 'moved' } }, changes: true },
  {
    name: 'a here-document',
    change: write({ Dockerfile: DOCKERFILE.replace('make\n', 'make all\n') }),
    changes: true,
  },
  { name: 'an argument', change: write({ Dockerfile: DOCKERFILE.replace('=12', '=13') }), changes: true },
  { name: 'the value of an argument that FROM uses', options: { args: { TAG: '13' } }, changes: true },
  { name: 'the value of an argument that nothing uses', options: { args: { OTHER: 'x' } }, changes: true },
  { name: 'the stage that is built', options: { target: 'app' }, changes: true },
  {
    name: 'a trigger of the FROM image that copies another file',
    options: { triggers: { 'docker.io/library/debian:12': ['COPY README.md /'] } },
    changes: true,
  },
  {
    name: 'the working tree only',
    change: async (repository) => {
      await repository.commit();
      await writeFile(join(repository.path, 'src/main.c'), 'not committed\n');
      await writeFile(join(repository.path, 'Dockerfile'), 'FROM other\n');
    },
    options: { commit: 'HEAD' },
    changes: false,
  },
  {
    name: 'attributes of the clone alone',
    change: async ({ path }) => await writeFile(join(path, '.git/info/attributes'), '* text eol=crlf\n'),
    changes: false,
  },
];

describe("the key of a Dockerfile's image", () => {
  for (const { name, change, options = {}, changes } of CHANGES) {
    it(`${changes ? 'changes' : 'stays'} with ${name}`, async () => {
      await using repository = await createRepository();
      const commit = await repository.commit(FILES);
      const before = await keyOf(repository, { commit });
      await change?.(repository);
      if (options.commit === undefined) await repository.commit();
      const after = await keyOf(repository, options);
      assert.equal(after !== before, changes);
    });
  }

  it('follows a trigger into the context', async () => {
    await using repository = await createRepository();
    const triggers = { 'docker.io/library/a:latest': ['COPY . /app'] };
    await repository.commit({ Dockerfile: 'FROM a\n', file: 'one' });
    const before = await keyOf(repository, { triggers });
    await repository.commit({ file: 'two' });
    assert.notEqual(await keyOf(repository, { triggers }), before);
    assert.equal(await keyOf(repository), await keyOf(repository, { commit: 'HEAD~1' }));
  });

  it('follows links that COPY follows', async () => {
    await using repository = await createRepository();
    const Dockerfile = 'FROM a\nCOPY link/file /\n';
    await repository.commit({ Dockerfile, link: { link: 'folder' }, 'folder/file': 'one' });
    const before = await keyOf(repository);
    await repository.commit({ 'folder/file': 'two' });
    assert.notEqual(await keyOf(repository), before);
  });

  it('knows a context below the root, and a Dockerfile elsewhere', async () => {
    await using repository = await createRepository();
    const source = { file: 'docker/Base', context: 'sub/dir' };
    await repository.commit({
      'docker/Base': 'FROM a\nCOPY file /\n',
      'sub/dir/file': 'one',
      'sub/dir/.dockerignore': 'other\n',
      '.gitattributes': 'file text\n',
      file: 'root',
    });
    const before = await keyOf(repository, source);
    await repository.commit({ file: 'other', 'docker/file': 'x' });
    assert.equal(await keyOf(repository, source), before);
    await repository.commit({ '.gitattributes': 'sub/dir/* text eol=crlf\n' });
    const crlf = await keyOf(repository, source);
    assert.notEqual(crlf, before);
    await repository.commit({ 'sub/dir/.dockerignore': 'file\n' });
    assert.notEqual(await keyOf(repository, source), crlf);
    assert.deepEqual(
      (await factsOf(repository, source)).images.map(({ reference }) => reference),
      ['docker.io/library/a:latest'],
    );
  });
});

describe('observeDockerfile', () => {
  it('names each image once, sorted', async () => {
    await using repository = await createRepository();
    await repository.commit({
      Dockerfile: 'FROM z AS x\nFROM z:latest\nCOPY --from=b --from=a / /\nCOPY --from=x / /\n',
    });
    const { images, uncached } = await factsOf(repository);
    assert.deepEqual(
      images.map(({ reference }) => reference),
      ['docker.io/library/a:latest', 'docker.io/library/z:latest'],
    );
    assert.equal(uncached, undefined);
  });

  it('says what no key covers, in triggers too', async () => {
    await using repository = await createRepository();
    await repository.commit({ Dockerfile: 'FROM a\n' });
    const triggers = { 'docker.io/library/a:latest': ['ADD https://example.org/x /'] };
    assert.match((await factsOf(repository, { triggers })).uncached ?? '', /^ADD https/);
  });

  const missing: readonly (readonly [name: string, files: Readonly<Record<string, Content>>, why: RegExp])[] =
    [
      [
        'no Dockerfile',
        { x: '' },
        /^cannot build the base image from Dockerfile: the commit has no such file$/,
      ],
      [
        'a link out of the repository',
        { Dockerfile: { link: '../Dockerfile' } },
        /the commit has no such file/,
      ],
      ['an absolute link', { Dockerfile: { link: '/etc/passwd' } }, /the commit has no such file/],
      ['a link to itself', { Dockerfile: { link: 'Dockerfile' } }, /the commit has no such file/],
      ['a folder', { 'Dockerfile/x': '' }, /the commit has no such file/],
      [
        'a text of which bytes would be lost',
        { Dockerfile: Buffer.from('FROM a\nRUN echo caf\xe9 > /x\n', 'latin1') },
        /from Dockerfile: it is no UTF-8 text$/,
      ],
    ];
  for (const [name, files, message] of missing) {
    it(`refuses ${name}`, async () => {
      await using repository = await createRepository();
      await repository.commit(files);
      await assert.rejects(factsOf(repository), { phase: 'config', code: 'config-invalid', message });
    });
  }

  it('refuses a context that is no folder', async () => {
    await using repository = await createRepository();
    await repository.commit({ Dockerfile: 'FROM a\n', file: '', link: { link: '/' } });
    for (const context of ['none', 'file', 'link', 'Dockerfile/x']) {
      await assert.rejects(factsOf(repository, { context }), {
        code: 'config-invalid',
        message: /its context is no folder/,
      });
    }
  });

  it('follows a link to a Dockerfile within the repository', async () => {
    await using repository = await createRepository();
    await repository.commit({
      'a/Real': 'FROM a\n',
      Dockerfile: { link: 'b/Link' },
      'b/Link': { link: '../a/Real' },
    });
    assert.equal((await factsOf(repository)).images.length, 1);
  });

  it('refuses a submodule that the build would see empty, and not one that it does not see', async () => {
    await using repository = await createRepository();
    await repository.commit({ Dockerfile: 'FROM a\nCOPY lib /lib\n' });
    const head = repository.git('rev-parse', 'HEAD');
    repository.git('update-index', '--add', '--cacheinfo', `160000,${head},lib/sub`);
    repository.git('commit', '--quiet', '--message', 'submodule');
    await assert.rejects(factsOf(repository), { message: /its context holds the submodule lib\/sub/ });
    await repository.write({ '.dockerignore': 'lib/sub\n' });
    repository.git('add', '.dockerignore');
    repository.git('commit', '--quiet', '--message', 'ignored');
    await factsOf(repository);
  });

  it('says where a build sees pointers of Git LFS, and refuses them where contents are wanted', async () => {
    await using repository = await createRepository();
    await repository.commit({
      Dockerfile: 'FROM a\nCOPY a.bin /\n',
      '.gitattributes': '*.bin filter=lfs -text\n',
      'a.bin': 'pointer',
    });
    const warned: string[] = [];
    await factsOf(repository, { warn: (text) => warned.push(text) });
    assert.deepEqual(warned, ['Dockerfile: 1 files of its context are Git LFS pointers, not their contents']);
    await assert.rejects(factsOf(repository, { lfs: 'contents' }), {
      code: 'config-invalid',
      message: /1 files of its context are kept by Git LFS/,
    });
  });

  it('refuses an ignore pattern that is none', async () => {
    await using repository = await createRepository();
    await repository.commit({ Dockerfile: 'FROM a\n', '.dockerignore': 'a\n!\n' });
    await assert.rejects(factsOf(repository), {
      code: 'config-invalid',
      message: /from \.dockerignore: "!" alone/,
    });
  });
});
