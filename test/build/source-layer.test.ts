import assert from 'node:assert/strict';
import { lstatSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openSourceTree } from '../../src/adapters/git/source-tree.ts';
import { openStaging } from '../../src/adapters/layout/staging-layout.ts';
import type { LaidCheckout } from '../../src/observe/keyframe.ts';
import { makeSourceLayer, type SourceLayer, type SourceLayerRequest } from '../../src/build/source-layer.ts';
import type { CheckoutEntry, SourceTree } from '../../src/build/source-tree.ts';
import {
  createRepository,
  gitEnv,
  ODD_FILES,
  run,
  temporaryFolder,
  untilLong,
  type TestRepository,
} from '../adapters/git/git-fixture.ts';

const TASK = { path: '/.preheat/tasks/1.sh', mode: 0o755, content: Buffer.from('echo hi\n') };
/** Nobody of this machine: the owner is another user than the one who runs git. */
const OWNER = { uid: 300_033, gid: 300_034 };
const SOURCE_MTIME = 631152000;

interface Made extends SourceLayer {
  /** The folder into which the layer was unpacked, as it would be at the root of an image. */
  readonly root: string;
}

async function makeIn(
  folder: string,
  sourceTree: SourceTree,
  request: Pick<SourceLayerRequest, 'checkout'> & Partial<SourceLayerRequest>,
): Promise<Made> {
  const staging = await openStaging(join(folder, 'staging'), untilLong());
  const whole = { location: '/workspace/app', owner: OWNER, files: [TASK], ...request };
  const made = await makeSourceLayer(whole, { sourceTree, staging }, untilLong());
  const root = join(folder, 'root');
  await mkdir(root, { recursive: true });
  const input = Buffer.concat(await Array.fromAsync(staging.readLayer(made.layer)));
  run(['tar', '--extract', '--gzip', '--preserve-permissions', '--numeric-owner', '--directory', root], {
    input,
  });
  return { ...made, root };
}

function checkoutOf(
  commit: string,
  more: Partial<SourceLayerRequest['checkout']> = {},
): SourceLayerRequest['checkout'] {
  return { commit, ref: { kind: 'branch', name: 'main' }, remoteUrl: undefined, historyDepth: 10, ...more };
}

/** Git as a developer in the workspace runs it, who may be another user than the owner of the files. */
function gitIn(top: string): (...args: readonly string[]) => string {
  const env = gitEnv({ GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'safe.directory', GIT_CONFIG_VALUE_0: '*' });
  return (...args) => run(['git', ...args], { cwd: top, env }).trimEnd();
}

/** The tracked files that `git status` opens, by what strace saw of it. */
function openedBy(top: string, traceFile: string, tracked: readonly string[]): readonly string[] {
  const env = gitEnv({ GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'safe.directory', GIT_CONFIG_VALUE_0: '*' });
  const strace = ['strace', '-f', '-xx', '-s', '8192', '-e', 'trace=open,openat', '-o', traceFile] as const;
  assert.equal(run([...strace, 'git', 'status', '--porcelain'], { cwd: top, env }), '');
  const opened = [
    ...readFileSync(traceFile, 'latin1').matchAll(/open(?:at)?\((?:AT_FDCWD, )?"((?:\\x[0-9a-f]{2})*)"/g),
  ];
  const names = new Set(
    opened.map(([, hex = '']) => Buffer.from(hex.replaceAll(String.raw`\x`, ''), 'hex').toString('latin1')),
  );
  assert.ok(
    names.has('.git/HEAD') || [...names].some((name) => name.endsWith('/.git/HEAD')),
    'strace saw git',
  );
  return tracked.filter((path) => names.has(path) || names.has(`${top}/${path}`));
}

async function oddRepository(): Promise<TestRepository> {
  const source = await createRepository();
  for (let at = 0; at < 3; at++) await source.commit({ 'history.txt': `${at}\n` });
  source.git('switch', '--quiet', '--create', 'side', 'HEAD~1');
  await source.commit({ side: 'side\n' });
  source.git('switch', '--quiet', 'main');
  source.git('merge', '--quiet', '--no-edit', 'side');
  await source.commit(ODD_FILES);
  return source;
}

function recordOf(commit: string): LaidCheckout {
  const mode = { submodules: 'recursive', lfs: 'pointers' } as const;
  return { commit, cut: [], mode, submodules: [], gitFiles: [], gitFolders: [], packs: [], sizes: [] };
}

describe('makeSourceLayer', () => {
  it('unpacks to a clean checkout in which git status reads no tracked file', async () => {
    await using source = await oddRepository();
    await using folder = await temporaryFolder();
    const made = await makeIn(folder.path, openSourceTree(source.path), {
      checkout: checkoutOf(source.git('rev-parse', 'HEAD')),
    });
    const top = join(made.root, 'workspace', 'app');
    const git = gitIn(top);
    assert.equal(git('status', '--porcelain', '--ignored'), '');
    const tracked = git('ls-files', '-z')
      .split('\0')
      .filter((path) => path !== '');
    assert.equal(tracked.length, Object.keys(ODD_FILES).length + 2);
    // Its rules are asked for each untracked file, so git always reads it.
    assert.deepEqual(openedBy(top, join(folder.path, 'trace'), tracked), ['.gitignore']);
    // Without the setting git has to read the files: the trace would show it.
    git('config', '--unset', 'core.checkStat');
    assert.ok(openedBy(top, join(folder.path, 'trace'), tracked).length > 5);
  });

  it('still shows each change of a file, a mode and a link', async () => {
    await using source = await oddRepository();
    await using folder = await temporaryFolder();
    const made = await makeIn(folder.path, openSourceTree(source.path), {
      checkout: checkoutOf(source.git('rev-parse', 'HEAD')),
    });
    const top = join(made.root, 'workspace', 'app');
    run(
      [
        'sh',
        '-c',
        'echo x > README.md; chmod -x bin/run.sh; ln -sf else dangling; rm empty; echo u > untracked',
      ],
      { cwd: top },
    );
    const expected = [' M README.md', ' M bin/run.sh', ' M dangling', ' D empty', '?? untracked'];
    assert.deepEqual(gitIn(top)('status', '--porcelain').split('\n'), expected);
  });

  it('holds a repository that is sound, has its history and can be deepened', async () => {
    await using source = await oddRepository();
    await using folder = await temporaryFolder();
    const checkout = checkoutOf(source.git('rev-parse', 'HEAD'), {
      remoteUrl: `file://${source.path}`,
      historyDepth: 2,
    });
    const made = await makeIn(folder.path, openSourceTree(source.path), { checkout });
    const git = gitIn(join(made.root, 'workspace', 'app'));
    git('fsck', '--strict', '--full');
    assert.equal(
      git('log', '--format=%s', '--first-parent'),
      source.git('log', '--format=%s', '--first-parent', '-2'),
    );
    git('fetch', '--quiet', '--deepen=1');
    assert.equal(
      git('log', '--format=%s', '--first-parent'),
      source.git('log', '--format=%s', '--first-parent', '-3'),
    );
    git('fetch', '--quiet', '--unshallow');
    assert.equal(git('log', '--format=%H'), source.git('log', '--format=%H'));
    git('fsck', '--strict', '--full');
    assert.equal(git('status', '--porcelain'), '');
    assert.match(git('status'), /up to date with 'origin\/main'/);
  });

  it('gives everything its mode, its owner and one time, and the index a later one', async () => {
    await using source = await oddRepository();
    await using folder = await temporaryFolder();
    const made = await makeIn(folder.path, openSourceTree(source.path), {
      checkout: checkoutOf(source.git('rev-parse', 'HEAD')),
    });
    const owner = process.getuid?.() === 0 ? OWNER : { uid: process.getuid?.(), gid: process.getgid?.() };
    const expected = [
      ['workspace', 0o40755, SOURCE_MTIME],
      ['workspace/app', 0o40755, SOURCE_MTIME],
      ['workspace/app/README.md', 0o100644, SOURCE_MTIME],
      ['workspace/app/bin/run.sh', 0o100755, SOURCE_MTIME],
      ['workspace/app/dangling', 0o120777, SOURCE_MTIME],
      ['workspace/app/.git/HEAD', 0o100644, SOURCE_MTIME],
      ['workspace/app/.git/index', 0o100644, SOURCE_MTIME + 86_400],
    ] as const;
    for (const [path, mode, mtime] of expected) {
      const found = lstatSync(join(made.root, path));
      assert.deepEqual(
        [found.mode, found.mtimeMs / 1000, found.uid, found.gid],
        [mode, mtime, owner.uid, owner.gid],
        path,
      );
    }
    const task = lstatSync(join(made.root, TASK.path));
    assert.deepEqual(
      [task.mode, task.uid, task.gid, task.mtimeMs / 1000],
      [0o100755, process.getuid?.(), process.getgid?.(), SOURCE_MTIME],
    );
    assert.equal(readFileSync(join(made.root, TASK.path), 'utf8'), 'echo hi\n');
  });

  it('says what it carries: exactly what was unpacked', async () => {
    await using source = await oddRepository();
    await using folder = await temporaryFolder();
    const made = await makeIn(folder.path, openSourceTree(source.path), {
      checkout: checkoutOf(source.git('rev-parse', 'HEAD')),
    });
    const listing = run(['find', '.', '-mindepth', '1', '-printf', '%P\\0%y\\0'], { cwd: made.root })
      .split('\0')
      .slice(0, -1);
    const found = listing.flatMap((path, at) =>
      at % 2 === 0 ? [[path, listing[at + 1] === 'd' ? 'directory' : 'leaf'] as const] : [],
    );
    assert.deepEqual(
      new Map(found),
      new Map(made.carried.keys().map((path) => [path, made.carried.get(path)])),
    );
    assert.equal(made.layer.role, 'source');
  });

  it('has one diff ID for a request, whichever clone it comes from, and another for another branch', async () => {
    await using source = await oddRepository();
    await using folder = await temporaryFolder();
    const checkout = checkoutOf(source.git('rev-parse', 'HEAD'), { historyDepth: 3 });
    const diffIdOf = async (
      name: string,
      clone: string,
      request: Partial<SourceLayerRequest> = {},
    ): Promise<string> =>
      (await makeIn(join(folder.path, name), openSourceTree(clone), { checkout, ...request })).layer.diffId;
    const shallow = join(folder.path, 'clone');
    run(['git', 'clone', '--quiet', '--depth=3', `file://${source.path}`, shallow]);
    await Promise.all(['a', 'b', 'c', 'd', 'e'].map(async (name) => await mkdir(join(folder.path, name))));
    const diffId = await diffIdOf('a', source.path);
    assert.equal(await diffIdOf('b', shallow), diffId);
    const branch = checkoutOf(checkout.commit, { historyDepth: 3, ref: { kind: 'branch', name: 'other' } });
    const others = [
      await diffIdOf('c', source.path, { checkout: branch }),
      await diffIdOf('d', source.path, { owner: { uid: 1, gid: 1 } }),
      await diffIdOf('e', source.path, { location: '/workspace/other' }),
    ];
    assert.equal(new Set([diffId, ...others]).size, 4);
  });

  it('asks for files one by one while the layer is written', async () => {
    let unread = 0;
    let mostUnread = 0;
    const content = async function* (): AsyncGenerator<Uint8Array> {
      unread--;
      yield Buffer.alloc(100, 'x');
    };
    const entries = async function* (): AsyncGenerator<CheckoutEntry> {
      for (let at = 0; at < 1000; at++) {
        mostUnread = Math.max(mostUnread, ++unread);
        yield { path: `f${at}`, kind: 'file', executable: false, size: 100, open: content };
      }
    };
    let disposed = false;
    const sourceTree: SourceTree = {
      layDown: async () => ({
        entries: entries(),
        record: async () => recordOf('0'.repeat(40)),
        [Symbol.asyncDispose]: async () => {
          disposed = true;
        },
      }),
    };
    await using folder = await temporaryFolder();
    const made = await makeIn(folder.path, sourceTree, { checkout: checkoutOf('0'.repeat(40)) });
    assert.deepEqual([made.carried.size, mostUnread, unread, disposed], [1000 + 2 + 3, 1, 0, true]);
  });
});
