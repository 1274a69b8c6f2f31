import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join, posix } from 'node:path';
import { openRepository } from '../../../src/adapters/git/repository.ts';
import {
  createRepository,
  gitEnv,
  run,
  temporaryFolder,
  untilLong,
  type TestRepository,
} from './git-fixture.ts';
import { filesOf, unpackCheckout } from './unpacked-checkout.ts';

const LOCAL = {
  GIT_CONFIG_COUNT: '1',
  GIT_CONFIG_KEY_0: 'protocol.file.allow',
  GIT_CONFIG_VALUE_0: 'always',
};

/** Git as users run it who trust the folders of their own machine. */
function trusting(cwd: string, ...args: readonly string[]): string {
  return run(['git', ...args], { cwd, env: gitEnv(LOCAL) }).trimEnd();
}

/** Adds a gitlink, and what `.gitmodules` says of it. */
async function link(
  source: TestRepository,
  commit: string,
  {
    name,
    path,
    ...values
  }: Readonly<Record<string, string>> & { readonly name: string; readonly path: string },
): Promise<void> {
  source.git('update-index', '--add', '--cacheinfo', `160000,${commit},${path}`);
  for (const [key, value] of Object.entries({ path, ...values }))
    source.git('config', '--file', '.gitmodules', `submodule.${name}.${key}`, value);
  source.git('add', '.gitmodules');
}

function commitIndex(source: TestRepository): string {
  source.git('commit', '--quiet', '--message', 'submodules');
  return source.git('rev-parse', 'HEAD');
}

interface Family extends AsyncDisposable {
  readonly app: TestRepository;
  readonly lib: TestRepository;
  readonly nested: TestRepository;
}

/** An application with submodules of all kinds; one of them has a submodule of its own. */
async function makeFamily(...initArgs: readonly string[]): Promise<Family> {
  const stack = new AsyncDisposableStack();
  const nested = stack.use(await createRepository(...initArgs));
  await nested.commit({ 'first.txt': 'first\n' });
  const nestedCommit = await nested.commit({
    'n.txt': 'nested\n',
    '.gitattributes': '*.txt text eol=crlf\n',
  });
  const lib = stack.use(await createRepository(...initArgs));
  await lib.commit({ 'lib.txt': 'old\n' });
  const old = lib.git('rev-parse', 'HEAD');
  await lib.commit({ 'lib.txt': 'new\n', 'tool.sh': { script: '#!/bin/sh\n' } });
  await link(lib, nestedCommit, { name: 'deep/er', path: 'vendor/nested', url: nested.path });
  const libCommit = commitIndex(lib);
  await lib.commit({ 'lib.txt': 'newer than any gitlink\n' });
  const app = stack.use(await createRepository(...initArgs));
  await app.commit({ 'README.md': 'app\n' });
  const relative = `../${lib.path.split('/').at(-1) ?? ''}`;
  await link(app, libCommit, { name: 'libs/a', path: 'libs/a', url: relative });
  await link(app, old, { name: 'before it moved', path: 'libs/moved here', url: `file://${lib.path}` });
  await link(app, nestedCommit, { name: 'off', path: 'libs/off', url: nested.path, update: 'none' });
  await writeFile(
    join(app.path, '.gitmodules'),
    `${await readFile(join(app.path, '.gitmodules'), 'utf8')}[submodule "libs/a"]\n\tpath = libs/a\n\turl = ${lib.path}\n` +
      '[submodule "removed"]\n\tpath = libs/removed\n\turl = ../removed\n',
  );
  app.git('add', '.gitmodules');
  commitIndex(app);
  return { app, lib, nested, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

function cloneOf(app: TestRepository, folder: string, ...args: readonly string[]): string {
  trusting('/', 'clone', '--quiet', ...args, `file://${app.path}`, folder);
  return folder;
}

describe('openSourceTree with submodules', () => {
  for (const format of ['sha1', 'sha256']) {
    it(`leaves what git submodule update --init --recursive leaves (${format})`, async () => {
      await using family = await makeFamily(`--object-format=${format}`);
      await using folder = await temporaryFolder();
      const clone = cloneOf(family.app, join(folder.path, 'clone'));
      const remoteUrl = `file://${family.app.path}`;
      await using laid = await unpackCheckout(clone, { remoteUrl });
      trusting(clone, 'submodule', '--quiet', 'update', '--init', '--recursive');
      assert.deepEqual(filesOf(laid.top), filesOf(clone));
      assert.ok(filesOf(laid.top).some((line) => line.startsWith('./libs/a/vendor/nested/n.txt f ')));
      const status = (cwd: string): string => run(['git', 'submodule', 'status', '--recursive'], { cwd });
      assert.equal(status(laid.top).replaceAll(/ \(.*\)$/gm, ''), status(clone).replaceAll(/ \(.*\)$/gm, ''));
      assert.equal(laid.git('status', '--porcelain', '--ignored'), '');
      assert.equal(
        laid.git(
          'submodule',
          '--quiet',
          'foreach',
          '--recursive',
          'git fsck --strict --full && git status -s',
        ),
        '',
      );
      for (const path of ['libs/a', 'libs/a/vendor/nested', 'libs/moved here']) {
        const told = (cwd: string, ...args: readonly string[]): string =>
          run(['git', ...args], { cwd: join(cwd, path) });
        for (const question of [
          ['rev-parse', 'HEAD'],
          ['config', 'remote.origin.url'],
          ['config', 'core.worktree'],
        ])
          assert.equal(told(laid.top, ...question), told(clone, ...question), question.join(' '));
        assert.equal(
          await readFile(join(laid.top, path, '.git'), 'latin1'),
          await readFile(join(clone, path, '.git'), 'latin1'),
        );
      }
      const settings = (cwd: string): string =>
        run(['git', 'config', '--local', '--get-regexp', '^submodule'], { cwd });
      assert.deepEqual(settings(laid.top).split('\n').toSorted(), settings(clone).split('\n').toSorted());
      assert.deepEqual(laid.told, []);
      // A later update finds nothing to do, and history can be had.
      trusting(laid.top, 'submodule', '--quiet', 'update', '--init', '--recursive');
      run(['git', 'fetch', '--quiet', '--unshallow'], { cwd: join(laid.top, 'libs/a') });
      assert.equal(laid.git('status', '--porcelain'), '');
    });
  }

  it('lays the same bytes, whether it fetches or the clone has the submodules, whole or shallow', async () => {
    await using family = await makeFamily();
    await using folder = await temporaryFolder();
    const request = { remoteUrl: `file://${family.app.path}` };
    const clones = [
      cloneOf(family.app, join(folder.path, 'bare of submodules')),
      cloneOf(family.app, join(folder.path, 'whole'), '--recurse-submodules'),
      cloneOf(
        family.app,
        join(folder.path, 'shallow'),
        '--depth=10',
        '--recurse-submodules',
        '--shallow-submodules',
      ),
    ];
    const diffIds = new Set<string>();
    for (const [at, clone] of clones.entries()) {
      if (at > 0)
        for (const source of [family.lib, family.nested])
          await rm(source.path, { recursive: true, force: true });
      await using laid = await unpackCheckout(clone, request);
      diffIds.add(laid.diffId);
    }
    assert.equal(diffIds.size, 1);
  });

  it('leaves a gitlink empty that .gitmodules does not describe, and says so', async () => {
    await using source = await createRepository();
    const commit = await source.commit({ a: 'a\n' });
    source.git('update-index', '--add', '--cacheinfo', `160000,${commit},lost`);
    commitIndex(source);
    await using laid = await unpackCheckout(source.path);
    assert.deepEqual(laid.told, ['lost stays empty: .gitmodules has no submodule with that path and a url']);
    assert.equal(laid.git('status', '--porcelain'), '');
    assert.ok(filesOf(laid.top).includes('./lost d '));
  });

  it('leaves all of them empty on demand', async () => {
    await using family = await makeFamily();
    await using laid = await unpackCheckout(family.app.path, {}, { submodules: 'none' });
    assert.deepEqual(laid.told, ['3 submodules stay empty (--submodules none)']);
    assert.ok(filesOf(laid.top).includes('./libs/a d '));
    assert.equal(laid.git('status', '--porcelain'), '');
  });

  it('takes relative addresses from the clone where there is no remote, and writes none of them', async () => {
    await using lib = await createRepository();
    const commit = await lib.commit({ 'lib.txt': 'library\n' });
    await using app = await createRepository();
    await link(app, commit, { name: 'lib', path: 'lib', url: `../${posix.basename(lib.path)}` });
    commitIndex(app);
    await using laid = await unpackCheckout(app.path);
    assert.equal(await readFile(join(laid.top, 'lib/lib.txt'), 'utf8'), 'library\n');
    assert.doesNotMatch(await readFile(join(laid.top, '.git/config'), 'utf8'), /url/);
    assert.equal(laid.git('status', '--porcelain'), '');
  });

  it('takes relative addresses from a remote that is a folder', async () => {
    await using lib = await createRepository();
    const commit = await lib.commit({ 'lib.txt': 'library\n' });
    await using app = await createRepository();
    await link(app, commit, { name: 'lib', path: 'lib', url: `../${posix.basename(lib.path)}` });
    commitIndex(app);
    await using folder = await temporaryFolder();
    const clone = cloneOf(app, join(folder.path, 'elsewhere/app'));
    for (const origin of [`file://${app.path}`, app.path, posix.relative(clone, app.path)]) {
      run(['git', 'config', 'remote.origin.url', origin], { cwd: clone });
      await using laid = await unpackCheckout(clone);
      assert.equal(await readFile(join(laid.top, 'lib/lib.txt'), 'utf8'), 'library\n', origin);
      assert.doesNotMatch(await readFile(join(laid.top, '.git/config'), 'utf8'), /url/);
    }
  });

  it('gives up a server that takes connections and never answers', async () => {
    await using app = await createRepository();
    const commit = await app.commit({ a: 'a\n' });
    const server = createServer((socket) => socket.resume()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    await using _closed = { [Symbol.asyncDispose]: async () => await server[Symbol.asyncDispose]() };
    const address = server.address();
    assert.ok(address !== null && typeof address === 'object');
    await link(app, commit, { name: 'lib', path: 'lib', url: `git://127.0.0.1:${address.port}/lib` });
    commitIndex(app);
    const request = { remoteUrl: 'https://bitbucket.org/team/app' };
    await assert.rejects(unpackCheckout(app.path, request, { fetchBoundMs: 500 }), {
      phase: 'build',
      code: 'unreachable',
      message: /^cannot lay down submodule lib: cannot fetch commit .*\/lib: it did not end within 0\.5 s$/,
    });
  });

  it('writes no password of an address, neither into the image nor into a message', async () => {
    await using lib = await createRepository();
    const commit = await lib.commit({ a: 'a\n' });
    await using app = await createRepository();
    await link(app, commit, { name: 'lib', path: 'lib', url: 'http://jane:s3cretword@127.0.0.1:9/lib.git' });
    commitIndex(app);
    await assert.rejects(
      unpackCheckout(app.path, { remoteUrl: 'https://bitbucket.org/team/app' }),
      (thrown: Error) => {
        assert.match(
          thrown.message,
          /^cannot lay down submodule lib: cannot fetch commit .* from http:\/\/127\.0\.0\.1:9\/lib\.git: /,
        );
        assert.doesNotMatch(thrown.message, /s3cretword/);
        return true;
      },
    );
    trusting(app.path, 'clone', '--quiet', '--bare', lib.path, join(app.path, '.git/modules/lib'));
    await using laid = await unpackCheckout(app.path, { remoteUrl: 'https://bitbucket.org/team/app' });
    assert.equal(run(['grep', '-rl', '127.0.0.1:9', laid.top]).split('\n').length, 4);
    assert.equal(run(['sh', '-c', 'grep -rl s3cretword .git || true'], { cwd: laid.top }), '');
  });

  const refusals = [
    { what: 'an option as address', values: { url: '-u./payload' }, why: /looks like an option/ },
    { what: 'a remote helper', values: { url: 'ext::sh -c id' }, why: /remote helper \("ext::"\)/ },
    {
      what: 'an option as host',
      values: { url: 'ssh://-oProxyCommand=id/x' },
      why: /host looks like an option/,
    },
    { what: 'an unknown scheme', values: { url: 'ftp://example.org/x' }, why: /nothing is fetched by "ftp"/ },
    { what: 'a folder of this machine', values: { url: '/etc' }, why: /its address is a folder/ },
    { what: 'a file address', values: { url: 'file:///etc' }, why: /its address is a folder/ },
    { what: 'a way above the host', values: { url: '../../../../x' }, why: /leads above its host/ },
    {
      what: 'a name that leads out',
      values: { name: '../../x', url: '../x' },
      why: /leads out of \.git\/modules/,
    },
    {
      what: 'an update that is a command',
      values: { update: '!id', url: '../x' },
      why: /its update is "!id"/,
    },
  ] as const;
  for (const { what, values, why } of refusals) {
    it(`refuses ${what}, and names it`, async () => {
      await using source = await createRepository();
      const commit = await source.commit({ a: 'a\n' });
      await link(source, commit, { name: 'sub', path: 'sub', ...values });
      commitIndex(source);
      await assert.rejects(unpackCheckout(source.path, { remoteUrl: 'https://bitbucket.org/team/app' }), {
        phase: 'build',
        message: why,
        hint: /--submodules none/,
      });
      await using none = await unpackCheckout(source.path, {}, { submodules: 'none' });
      assert.equal(none.told.length, 1);
    });
  }

  it('refuses a .gitmodules that is a link, and git folders within git folders', async () => {
    await using source = await createRepository();
    const commit = await source.commit({ other: '[submodule "a"]\n' });
    // Only git's plumbing still makes such a tree.
    const target = run(['git', 'hash-object', '-w', '--stdin'], { cwd: source.path, input: 'other' }).trim();
    const entries = `120000 blob ${target}\t.gitmodules\n160000 commit ${commit}\tsub\n`;
    const tree = run(['git', 'mktree', '--missing'], { cwd: source.path, input: entries }).trim();
    source.git('update-ref', 'refs/heads/main', source.git('commit-tree', '-m', 'link', tree));
    await assert.rejects(unpackCheckout(source.path), {
      message: /^cannot check out commit .*: invalid path '\.gitmodules'$/,
    });
    const facts = openRepository(source.path).resolveCommit('main', { ...untilLong(), historyDepth: 1 });
    await assert.rejects(facts, {
      phase: 'observe',
      message: /^cannot read \.gitmodules of commit .*: it is no regular file$/,
    });
    source.git('update-ref', 'refs/heads/main', commit);
    await link(source, commit, { name: 'a', path: 'a', url: source.path });
    await link(source, commit, { name: 'a/hooks', path: 'b', url: source.path });
    commitIndex(source);
    await assert.rejects(unpackCheckout(source.path), {
      message: /submodule b: its git folder "a\/hooks" would lie in that of "a"$/,
    });
  });

  it('refuses a commit that is gone and a repository that is not there, by the path of the submodule', async () => {
    await using lib = await createRepository();
    await lib.commit({ a: 'a\n' });
    await using app = await createRepository();
    await app.commit({ a: 'a\n' });
    await link(app, '1'.repeat(40), { name: 'lib', path: 'some/lib', url: lib.path });
    commitIndex(app);
    await assert.rejects(unpackCheckout(app.path), {
      phase: 'build',
      code: 'not-found',
      message:
        /^cannot lay down submodule some\/lib: cannot fetch commit 1{12} from \S+: it is not there any more/,
    });
    app.git('config', '--file', '.gitmodules', 'submodule.lib.url', '../nowhere');
    app.git('add', '.gitmodules');
    commitIndex(app);
    await assert.rejects(unpackCheckout(app.path), {
      phase: 'build',
      code: 'unreachable',
      message:
        /^cannot lay down submodule some\/lib: cannot fetch commit .*\/nowhere: .*does not (exist|appear)/,
      hint: /^Run git submodule update/,
    });
  });

  it('asks nothing of .gitmodules where all stay empty, as its hint promises', async () => {
    await using source = await createRepository();
    const ask = { ...untilLong(), historyDepth: 1 };
    for (const text of ['[submodule "unended\n', '[submodule "a"]\n\tpath = a\n\tupdate = !id\n']) {
      const commit = await source.commit({ '.gitmodules': text });
      await assert.rejects(openRepository(source.path).resolveCommit('HEAD', ask), {
        phase: 'observe',
        message: /^cannot read \.gitmodules of commit /,
        hint: /--submodules none/,
      });
      const none = openRepository(source.path, { submodules: 'none' });
      assert.equal((await none.resolveCommit('HEAD', ask))?.id, commit);
    }
  });

  it('tells layers apart that differ by what .git/config says of an empty submodule alone', async () => {
    await using app = await createRepository();
    const commit = await app.commit({ a: 'a\n' });
    await link(app, commit, { name: 'off', path: 'off', url: '../off', update: 'none' });
    commitIndex(app);
    const modes = ['recursive', 'none'] as const;
    const diffIds = new Set<string>();
    const facts = new Set<string>();
    for (const submodules of modes) {
      await using laid = await unpackCheckout(app.path, {}, { submodules });
      diffIds.add(laid.diffId);
      const ask = { ...untilLong(), historyDepth: 1 };
      facts.add(JSON.stringify(await openRepository(app.path, { submodules }).resolveCommit('HEAD', ask)));
    }
    assert.deepEqual([diffIds.size, facts.size], [2, 2]);
  });

  it('tells the facts which submodules are laid', async () => {
    await using family = await makeFamily();
    const { app } = family;
    const ask = { ...untilLong(), historyDepth: 5 };
    const facts = async (options = {}) => await openRepository(app.path, options).resolveCommit('HEAD', ask);
    const laid = (await facts())?.submodules?.map((each) => [each.path, each.laid]);
    assert.deepEqual(laid, [
      ['libs/a', true],
      ['libs/moved here', true],
      ['libs/off', false],
    ]);
    assert.equal((await facts())?.submodules?.[0]?.commit, app.git('rev-parse', 'HEAD:libs/a'));
    assert.equal((await facts({ submodules: 'none' }))?.submodules, undefined);
    assert.deepEqual((await facts({ lfs: 'contents' }))?.lfs, 'contents');
  });
});
