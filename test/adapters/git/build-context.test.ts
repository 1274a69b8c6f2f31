import assert from 'node:assert/strict';
import { readFile, readlink, stat } from 'node:fs/promises';
import { openBuildContext } from '../../../src/adapters/git/build-context.ts';
import { openContextTree } from '../../../src/adapters/git/context-tree.ts';
import { openObjectReaders } from '../../../src/adapters/git/object-readers.ts';
import { pathsOf } from '../../../src/kernel/tree-lookup.ts';
import { createRepository, ODD_FILES, rawPath, run, temporaryFolder, untilLong } from './git-fixture.ts';

describe('a build context', () => {
  for (const format of ['sha1', 'sha256'] as const) {
    it(`holds what a checkout of a ${format} repository holds`, async () => {
      await using repository = await createRepository(`--object-format=${format}`);
      const commit = await repository.commit(ODD_FILES);
      await using clone = await temporaryFolder();
      run(['git', 'clone', '--quiet', '--no-local', repository.path, clone.path]);
      const entries = (await openContextTree(repository.path).list(commit, '', untilLong())) ?? [];
      assert.deepEqual(entries.map(({ path }) => path).toSorted(), Object.keys(ODD_FILES).toSorted());
      const files = entries.map(({ path }) => path);
      const request = { commit, context: '', files, folders: [] };
      await using laid = await openBuildContext(repository.path).layDown(request, untilLong());
      const seen = laid.files.filter(({ kind }) => kind !== 'directory');
      assert.equal(seen.length, files.length);
      for (const file of seen) {
        const path = rawPath(clone.path, file.path);
        if (file.kind === 'symlink') {
          assert.equal(file.target, (await readlink(path, { encoding: 'buffer' })).toString('latin1'));
          continue;
        }
        const content = await readFile(path);
        assert.deepEqual(Buffer.concat(await Array.fromAsync(file.open())), content, file.path);
        assert.equal(file.size, content.length);
        assert.equal(file.executable, ((await stat(path)).mode & 0o100) !== 0);
      }
    });
  }

  it('is nothing but the files that are asked for and their folders', async () => {
    await using repository = await createRepository();
    const commit = await repository.commit({ 'sub/a/b': '1', 'sub/c': '2', 'a/b': '3' });
    const request = { commit, context: 'sub', files: ['a/b'], folders: ['left', 'a'] };
    await using laid = await openBuildContext(repository.path).layDown(request, untilLong());
    assert.deepEqual(
      laid.files.map(({ path, kind }) => [path, kind]),
      [
        ['a', 'directory'],
        ['a/b', 'file'],
        ['left', 'directory'],
      ],
    );
    await using empty = await openBuildContext(repository.path).layDown(
      { ...request, files: [], folders: [] },
      untilLong(),
    );
    assert.deepEqual(empty.files, []);
  });
});

describe('the tree of a context', () => {
  it('lists a partial clone too, some of whose files are not to be had', async () => {
    await using repository = await createRepository();
    const commit = await repository.commit({ a: 'a', 'd/b': 'b' });
    repository.git('config', 'uploadpack.allowFilter', 'true');
    await using clone = await temporaryFolder();
    const words = ['clone', '--quiet', '--filter=blob:none', '--no-checkout'] as const;
    run(['git', ...words, `file://${repository.path}`, clone.path]);
    run(['git', 'remote', 'set-url', 'origin', 'file:///none'], { cwd: clone.path });
    const tree = openContextTree(clone.path);
    for (let time = 0; time < 2; time++) {
      const listing = await tree.listAll(commit, untilLong());
      assert.deepEqual([...pathsOf(listing)], ['a', 'd/b']);
    }
  });

  it('tells attributes that change a checkout, of the commit and not of the clone', async () => {
    await using repository = await createRepository();
    const commit = await repository.commit({
      '.gitattributes':
        '*.txt text eol=crlf\n*.bin -text filter=lfs\n*.md diff=x\n[attr]odd ident\n*.id odd\n',
      'a.txt': '',
      'd/.gitattributes': '*.txt !eol\n',
      'd/a.txt': '',
    });
    await repository.write({ '.git/info/attributes': '* text\n', '.gitattributes': '' });
    const tree = openContextTree(repository.path);
    const paths = ['a.txt', 'd/a.txt', 'x.bin', 'x.md', 'x.id', '\xff.id'];
    const found = await tree.attributes(commit, paths, untilLong());
    assert.deepEqual(Object.fromEntries(found), {
      'a.txt': 'text=set eol=crlf',
      'd/a.txt': 'text=set',
      'x.bin': 'text=unset filter=lfs',
      'x.id': 'ident=set',
      '\xff.id': 'ident=set',
    });
  });

  it('reads text by its path in the commit, through links that stay there', async () => {
    await using repository = await createRepository();
    const commit = await repository.commit({
      'd/file': 'text \u00e9\n',
      link: { link: 'd/file' },
      folder: { link: 'd' },
      out: { link: '../../x' },
    });
    const read = async (path: string) =>
      await openContextTree(repository.path).readText(commit, path, untilLong());
    assert.equal(await read('d/file'), 'text \u00e9\n');
    assert.equal(await read('link'), 'text \u00e9\n');
    assert.equal(await read('folder/../d/./file'), 'text \u00e9\n');
    assert.equal(await read('folder/file'), 'text \u00e9\n');
    for (const path of ['d', 'none', 'out', '../x', '/etc/passwd', 'd/file/x', 'a\nb']) {
      assert.equal(await read(path), undefined, path);
    }
  });

  it('reads what git finds at a path by following links', async () => {
    await using repository = await createRepository();
    const commit = await repository.commit({
      file: 'top',
      'd/file': 'below',
      'd/up': { link: '../file' },
      'd/e/far': { link: '../../chain' },
      chain: { link: 'd/up' },
      loop: { link: 'loop' },
      dangling: { link: 'none' },
      folder: { link: 'd' },
      absolute: { link: '/etc/passwd' },
    });
    await using readers = openObjectReaders();
    const tree = openContextTree(repository.path, { readers });
    const names = ['file', 'd', 'up', 'e', 'far', 'chain', 'loop', 'dangling', 'folder', 'absolute', 'none'];
    const paths = names.flatMap((name) => [name, ...names.map((other) => `${name}/${other}`), `d/e/${name}`]);
    const input = paths.map((path) => `${commit}:${path}\n`).join('');
    const words = ['cat-file', '--batch-check=%(objectname) %(objecttype)', '--follow-symlinks'] as const;
    const listed = run(['git', ...words], { cwd: repository.path, input });
    // A path that leads nowhere is told in two lines.
    const told = listed
      .replaceAll(/^(dangling|loop|notdir|symlink) \d+\n.*$/gm, '$1')
      .trimEnd()
      .split('\n');
    assert.equal(told.length, paths.length);
    for (const [at, path] of paths.entries()) {
      const [, id] = /^([0-9a-f]+) blob$/.exec(told[at] ?? '') ?? [];
      const expected = id === undefined ? undefined : repository.git('cat-file', 'blob', id);
      assert.equal(await tree.readText(commit, path, untilLong()), expected, path);
    }
  });
});
