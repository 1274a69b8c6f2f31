import assert from 'node:assert/strict';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { openSourceTree } from '../../../src/adapters/git/source-tree.ts';
import type { CheckoutRequest } from '../../../src/build/source-tree.ts';
import { createRepository, ODD_FILES, rawPath, run, temporaryFolder, untilLong } from './git-fixture.ts';

const REMOTE = 'https://bitbucket.org/team/app.git';

interface Laid {
  readonly kind: string;
  readonly executable: boolean;
  readonly text: string;
}

/** Everything that a checkout has, by path; content and targets as latin1 text. */
async function lay(
  directory: string,
  request: Partial<CheckoutRequest> & { readonly commit: string },
): Promise<ReadonlyMap<string, Laid>> {
  const whole = {
    ref: { kind: 'branch', name: 'main' },
    remoteUrl: REMOTE,
    historyDepth: 50,
    ...request,
  } as const;
  await using checkout = await openSourceTree(directory).layDown(whole, untilLong());
  const laid = new Map<string, Laid>();
  for await (const entry of checkout.entries) {
    const content = Buffer.concat(await Array.fromAsync(entry.open()));
    assert.equal(entry.size, content.length);
    const { kind, executable } = entry;
    laid.set(entry.path, { kind, executable, text: entry.target ?? content.toString('latin1') });
  }
  return laid;
}

/** Writes a checkout's files and folders, but not its links, to a folder, in which git can then judge its `.git`. */
async function unpack(laid: ReadonlyMap<string, Laid>, top: string): Promise<void> {
  for (const [path, { kind, text }] of laid) {
    if (kind === 'directory') await mkdir(rawPath(top, path));
    if (kind === 'file') await writeFile(rawPath(top, path), text, 'latin1');
  }
}

function digestOf(laid: ReadonlyMap<string, Laid>): string {
  return createHash('sha256')
    .update(JSON.stringify([...laid]))
    .digest('hex');
}

/** What a fresh clone checks out, in the form of {@link lay}, without `.git`. */
function checkoutOf(top: string): ReadonlyMap<string, Laid> {
  const listing = run(
    ['find', '.', '-mindepth', '1', '-path', './.git', '-prune', '-o', '-printf', '%P\\0%y\\0%m\\0%l\\0'],
    { cwd: top },
  );
  const fields = listing.split('\0').slice(0, -1);
  const found = new Map<string, Laid>();
  for (let at = 0; at < fields.length; at += 4) {
    const [path = '', type = '', mode = '', target = ''] = fields.slice(at, at + 4);
    if (path === '.git') continue;
    const kind = type === 'd' ? 'directory' : type === 'l' ? 'symlink' : 'file';
    const file = Buffer.from(`${path}\n`, 'latin1');
    const text =
      kind === 'file' ? run(['sh', '-c', 'IFS= read -r f; cat "$f"'], { cwd: top, input: file }) : target;
    found.set(path, { kind, executable: kind === 'symlink' ? false : (Number(mode[0]) & 1) === 1, text });
  }
  return found;
}

describe('openSourceTree', () => {
  it('lays what a fresh clone checks out, in the order of bytes, attributes applied', async () => {
    await using source = await createRepository();
    await source.commit({ old: 'gone later\n' });
    source.git('rm', '--quiet', 'old');
    const { ['dir with space/new\nline']: _unreadable, ...files } = ODD_FILES;
    const commit = await source.commit(files);
    await using folder = await temporaryFolder();
    run(['git', 'clone', '--quiet', source.path, folder.path]);
    const laid = await lay(source.path, { commit });
    assert.deepEqual([...laid.keys()], [...laid.keys()].toSorted());
    const tracked = new Map([...laid].filter(([path]) => path !== '.git' && !path.startsWith('.git/')));
    assert.deepEqual(tracked, new Map([...checkoutOf(folder.path)].toSorted(([a], [b]) => (a < b ? -1 : 1))));
    assert.equal(laid.get('win.crlf')?.text, 'one\r\ntwo\r\n');
    assert.match(laid.get('keyword.id')?.text ?? '', /\$Id: [0-9a-f]{40} \$/);
    assert.equal(laid.get('version.txt')?.text, '$Format:%H$\n');
  });

  it('gives equal bytes from clones that are packed, loose, shallow, configured or a worktree', async () => {
    await using source = await createRepository();
    for (let at = 0; at < 6; at++)
      await source.commit({ 'big.txt': `line ${at}\n`.repeat(400), [`f${at}`]: `${at}` });
    source.git('switch', '--quiet', '--create', 'side', 'HEAD~3');
    await source.commit({ side: 'side\n' });
    source.git('switch', '--quiet', 'main');
    source.git('merge', '--quiet', '--no-edit', 'side');
    const commit = await source.commit(ODD_FILES);
    const request = { commit, historyDepth: 4 };
    const loose = digestOf(await lay(source.path, request));
    await using folder = await temporaryFolder();
    const clone = (name: string, ...args: readonly string[]): string => {
      run(['git', 'clone', '--quiet', ...args, `file://${source.path}`, join(folder.path, name)]);
      return join(folder.path, name);
    };
    assert.equal(digestOf(await lay(clone('shallow', '--depth=4'), request)), loose);
    assert.equal(digestOf(await lay(clone('deeper: "x"', '--depth=6'), request)), loose);
    assert.equal(digestOf(await lay(clone('bare', '--bare'), request)), loose);
    const configured = clone('configured');
    const settings = {
      'core.autocrlf': 'true',
      'core.eol': 'crlf',
      'pack.threads': '4',
      'pack.window': '0',
      'index.version': '4',
      'core.compression': '0',
    };
    for (const [key, value] of Object.entries(settings))
      run(['git', 'config', key, value], { cwd: configured });
    await writeFile(join(configured, '.git', 'info', 'attributes'), '* text eol=crlf\n');
    run(['git', 'repack', '-a', '-d', '--quiet', '--write-bitmap-index'], { cwd: configured });
    run(['git', 'commit-graph', 'write'], { cwd: configured });
    assert.equal(digestOf(await lay(configured, request)), loose);
    run(['git', 'worktree', 'add', '--quiet', '--detach', join(folder.path, 'worktree')], {
      cwd: configured,
    });
    assert.equal(digestOf(await lay(join(folder.path, 'worktree'), request)), loose);
    assert.notEqual(
      digestOf(await lay(source.path, { ...request, ref: { kind: 'branch', name: 'other' } })),
      loose,
    );
    assert.notEqual(digestOf(await lay(source.path, { ...request, historyDepth: 5 })), loose);
    assert.notEqual(digestOf(await lay(source.path, { ...request, remoteUrl: undefined })), loose);
  });

  it('makes a .git that git finds sound, on the branch, with its upstream and a cut history', async () => {
    for (const format of ['sha1', 'sha256']) {
      await using source = await createRepository(`--object-format=${format}`);
      for (let at = 0; at < 5; at++) await source.commit({ a: `${at}\n` });
      const commit = source.git('rev-parse', 'HEAD');
      source.git('tag', 'v1');
      await using folder = await temporaryFolder();
      const name = 'feature/"odd"#1';
      await unpack(
        await lay(source.path, { commit, historyDepth: 3, ref: { kind: 'branch', name } }),
        folder.path,
      );
      const git = (...args: readonly string[]): string =>
        run(['git', ...args], { cwd: folder.path }).trimEnd();
      git('fsck', '--strict', '--full');
      assert.equal(git('rev-list', '--count', 'HEAD'), '3');
      assert.equal(git('rev-parse', '--is-shallow-repository'), 'true');
      assert.equal(git('symbolic-ref', 'HEAD'), `refs/heads/${name}`);
      assert.equal(git('rev-parse', '--symbolic-full-name', '@{upstream}'), `refs/remotes/origin/${name}`);
      assert.equal(git('config', 'remote.origin.url'), REMOTE);
      assert.equal(
        git('for-each-ref', '--format=%(objectname) %(refname)'),
        [`${commit} refs/heads/${name}`, `${commit} refs/remotes/origin/${name}`].join('\n'),
      );
      assert.equal(
        git('count-objects', '-v')
          .split('\n')
          .find((line) => line.startsWith('packs')),
        'packs: 1',
      );
      assert.deepEqual((await readdir(join(folder.path, '.git'))).toSorted(), [
        'HEAD',
        'config',
        'hooks',
        'index',
        'info',
        'objects',
        'packed-refs',
        'refs',
        'shallow',
      ]);
    }
  });

  it('detaches HEAD for tags and lone commits, and has no refs then', async () => {
    await using source = await createRepository();
    const commit = await source.commit({ a: 'a\n' });
    for (const ref of [{ kind: 'tag', name: 'v1' }, { kind: 'detached' }] as const) {
      await using folder = await temporaryFolder();
      await unpack(await lay(source.path, { commit, ref, remoteUrl: undefined }), folder.path);
      const git = (...args: readonly string[]): string =>
        run(['git', ...args], { cwd: folder.path }).trimEnd();
      git('fsck', '--strict', '--full');
      assert.equal(git('rev-parse', '--abbrev-ref', 'HEAD'), 'HEAD');
      assert.deepEqual([git('rev-parse', 'HEAD'), git('for-each-ref'), git('remote')], [commit, '', '']);
      assert.equal(git('rev-parse', '--is-shallow-repository'), 'false');
    }
  });

  it('lays down the empty tree, and a submodule as an empty folder', async () => {
    await using source = await createRepository();
    const empty = await source.commit();
    const laid = await lay(source.path, { commit: empty });
    assert.deepEqual(
      [...laid.keys()].filter((path) => !path.startsWith('.git')),
      [],
    );
    source.git('update-index', '--add', '--cacheinfo', `160000,${empty},modules/sub`);
    source.git('commit', '--quiet', '--message', 'submodule');
    const withModule = await lay(source.path, { commit: source.git('rev-parse', 'HEAD') });
    assert.equal(withModule.get('modules/sub')?.kind, 'directory');
    assert.equal([...withModule.keys()].filter((path) => path.startsWith('modules/sub/')).length, 0);
  });

  it('does not change the clone, and leaves no trace of it or of its own folder', async () => {
    await using source = await createRepository();
    const commit = await source.commit(ODD_FILES);
    const listing = ['find', '.', '-printf', '%p %s %T@ %C@\\n'] as const;
    const before = run(listing, { cwd: source.path });
    const laid = await lay(source.path, { commit });
    assert.equal(run(listing, { cwd: source.path }), before);
    const traces = [source.path, 'preheat-source-', run(['hostname']).trim()];
    for (const trace of traces) assert.equal(JSON.stringify([...laid]).includes(trace), false, trace);
  });

  it('removes its folder when it is disposed of, when it fails and when it is aborted', async () => {
    await using source = await createRepository();
    const commit = await source.commit({ a: 'a\n' });
    await using folder = await temporaryFolder();
    const url = JSON.stringify(new URL('../../../src/adapters/git/source-tree.ts', import.meta.url).href);
    const script = `
      import { openSourceTree } from ${url};
      const tree = openSourceTree(${JSON.stringify(source.path)});
      const request = { commit: '${commit}', ref: { kind: 'detached' }, remoteUrl: undefined, historyDepth: 1 };
      const signal = AbortSignal.timeout(60000);
      { await using checkout = await tree.layDown(request, { signal }); for await (const entry of checkout.entries) break; }
      await tree.layDown({ ...request, commit: '${'1'.repeat(40)}' }, { signal }).then(() => process.exit(3), () => {});
      for (const after of [0, 20, 60]) {
        await tree.layDown(request, { signal: AbortSignal.timeout(after) }).then((late) => late[Symbol.asyncDispose](), () => {});
      }`;
    run([process.execPath, '--input-type=module', '--eval', script], {
      env: { PATH: process.env['PATH'], TMPDIR: folder.path },
    });
    assert.deepEqual(await readdir(folder.path), []);
  });

  it('says that a partial clone lacks objects, and what to do', async () => {
    await using source = await createRepository();
    await source.commit({ a: 'one\n' });
    const commit = await source.commit({ a: 'two\n' });
    source.git('config', 'uploadpack.allowFilter', 'true');
    await using folder = await temporaryFolder();
    run(['git', 'clone', '--quiet', '--filter=blob:none', `file://${source.path}`, folder.path]);
    await assert.rejects(lay(folder.path, { commit, historyDepth: 2 }), {
      phase: 'build',
      message: /^cannot pack the history of commit .{12}: the clone is a partial one/,
      hint: /^Clone without --filter/,
    });
  });

  it('refuses abbreviated commits and impossible branches, and says what a broken clone lacks', async () => {
    await using source = await createRepository();
    const commit = await source.commit({ a: 'a\n' });
    await assert.rejects(lay(source.path, { commit: commit.slice(0, 12) }), {
      phase: 'build',
      message: `cannot lay down commit "${commit.slice(0, 12)}": it is not a full object id`,
    });
    await assert.rejects(lay(source.path, { commit, ref: { kind: 'branch', name: 'a..b\n' } }), {
      phase: 'build',
      message: String.raw`cannot lay down branch "a..b\n": git allows no such name`,
    });
    const blob = source.git('rev-parse', 'HEAD:a');
    run(['rm', '-f', `${source.path}/.git/objects/${blob.slice(0, 2)}/${blob.slice(2)}`]);
    await assert.rejects(lay(source.path, { commit }), {
      phase: 'build',
      message: /^cannot pack the history of commit .{12}: .*/,
    });
  });
});
