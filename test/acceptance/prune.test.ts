import assert from 'node:assert/strict';
import { mkdtempDisposable, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { readTag } from '../../src/oci/known-tag.ts';
import { PruneResult } from '../../src/prune/prune-result.ts';
import { WarmList } from '../../src/survey/warm-list.ts';
import { makeClone, type TestClone } from '../support/clone.ts';
import { preheat, readOutcome } from '../support/preheat.ts';
import { startRegistry, type TestRegistry } from '../support/registry.ts';
import { makeTaskImage, type TaskImage } from '../support/task-image.ts';
import { assertWholeLayout } from '../support/workshop.ts';

const gitpodYml = (image: string): string => `image: ${image}
tasks:
  # preheat: inputs=lock.txt
  - name: install
    init: cat lock.txt > made.txt; head -c 200000 /dev/urandom > large.bin
`;

/** Nothing here is older than a minute. */
const AT_ONCE = ['--older-than', '0h'];

/** A clone with an origin of its own, in which `main` and `feature/x` were built. */
async function buildBoth(image: string, words: readonly string[]) {
  await using stack = new AsyncDisposableStack();
  const origin = stack.use(await mkdtempDisposable(join(tmpdir(), 'preheat-origin-')));
  const clone = stack.use(await makeClone({ '.gitpod.yml': gitpodYml(image), 'lock.txt': '1\n' }));
  await clone.git('init', '--quiet', '--bare', origin.path);
  await clone.git('remote', 'add', 'origin', origin.path);
  const build = async (): Promise<void> => {
    const { exitCode, stderr } = await preheat(['build', ...words], { cwd: clone.directory });
    assert.equal(exitCode, 0, stderr);
  };
  await build();
  await clone.git('checkout', '--quiet', '-b', 'feature/x');
  await clone.commit({ 'lock.txt': '2\n' });
  await build();
  await clone.git('push', '--quiet', 'origin', 'main', 'feature/x');
  await clone.git('checkout', '--quiet', 'main');
  const owned = stack.move();
  return { clone, build, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

async function pruned(clone: TestClone, words: readonly string[]): Promise<PruneResult> {
  const { exitCode, stdout, stderr } = await preheat(['prune', '--json', ...words], { cwd: clone.directory });
  assert.equal(exitCode, 0, stderr);
  return PruneResult.parse(JSON.parse(stdout));
}

async function warmNames(clone: TestClone, words: readonly string[]): Promise<readonly string[]> {
  const { stdout } = await preheat(['ls', '--json', ...words], { cwd: clone.directory });
  const names = WarmList.parse(JSON.parse(stdout)).images.map(({ kind, name }) => `${kind} ${name}`);
  return names.map((name) => name.replace(/\.[0-9a-f]{12}$/, '')).toSorted();
}

/** An image that was there. */
const KEPT = { result: 'warm', uploaded: { blobs: 0, bytes: 0 } } as const;
const BOTH = ['branch feature-x', 'branch main', 'commit branch.feature-x', 'commit protected.main'];
const MAIN = ['branch main', 'commit protected.main'];

describe('prune', () => {
  let image: TaskImage;
  before(async () => {
    image = await makeTaskImage();
  });
  after(async () => await image[Symbol.asyncDispose]());

  describe('in a registry', () => {
    let registry: TestRegistry;
    let words: readonly string[];
    let world: Awaited<ReturnType<typeof buildBoth>>;
    before(async () => {
      registry = await startRegistry();
      words = ['--registry', `${registry.host}/team/app`];
      world = await buildBoth(image.name, words);
    });
    after(async () => {
      await world[Symbol.asyncDispose]();
      await registry[Symbol.asyncDispose]();
    });

    it('deletes nothing while the branch is there, and shows what would go when it is gone', async () => {
      const { clone } = world;
      assert.deepEqual((await pruned(clone, [...words, ...AT_ONCE, '--apply'])).going, []);
      await clone.git('push', '--quiet', 'origin', '--delete', 'feature/x');
      assert.deepEqual((await pruned(clone, [...words, '--apply'])).going, [], 'it is young');
      const { stdout, exitCode } = await preheat(['prune', ...words, ...AT_ONCE], { cwd: clone.directory });
      assert.equal(exitCode, 0);
      assert.match(stdout, /^would delete from 127\.0\.0\.1:\d+\/team\/app\n/);
      assert.match(stdout, /\n {2}1 image: its branch is gone\n {4}branch-feature-x\.[0-9a-f]{12}\n/);
      assert.match(stdout, /\nNothing was deleted: --apply \(APPLY\) does it\.$/);
      assert.deepEqual(await warmNames(clone, words), BOTH);
    });

    it('deletes what the branch left, and main stays warm: kept, reused, pulled after a garbage collection', async () => {
      const { clone, build } = world;
      const { going, applied } = await pruned(clone, [...words, ...AT_ONCE, '--apply']);
      assert.equal(applied, true);
      const kinds = new Set(
        going.flatMap(({ tags }) => tags.map((tag) => readTag(tag)?.kind ?? 'referrers')),
      );
      assert.deepEqual(
        [...kinds].toSorted(),
        ['branch', 'commit', 'hint', 'referrers', 'report', 'step'].toSorted(),
      );
      assert.ok(going.every(({ tags }) => tags.every((tag) => !/main/.test(tag))));
      assert.deepEqual(await warmNames(clone, words), MAIN);
      await execa('docker-registry', ['garbage-collect', join(registry.storage, '..', 'config.yml')]);
      await build();
      assert.partialDeepStrictEqual(await readOutcome(clone.directory), KEPT);
      const name = `${registry.host}/team/app:branch-main`;
      await execa('docker', ['pull', '--quiet', name]);
      const ran = await execa('docker', [
        'run',
        '--rm',
        '--network',
        'none',
        '--entrypoint',
        'cat',
        name,
        'made.txt',
      ]);
      assert.equal(ran.stdout, '1');
      await execa('docker', ['rmi', '--force', name]);
      await clone.commit({ other: 'file\n' });
      await build();
      assert.partialDeepStrictEqual((await readOutcome(clone.directory)).steps, [{ outcome: 'reused' }]);
    });

    it('keeps the newest images of main', async () => {
      const { clone } = world;
      await clone.git('push', '--quiet', 'origin', 'main');
      const one = ['--keep', '1'];
      const { going } = await pruned(clone, [...words, ...AT_ONCE, ...one, '--apply']);
      assert.deepEqual(
        going.map(({ kind }) => kind),
        ['image', 'referrers', 'report'],
      );
      const { stdout, exitCode } = await preheat(['plan', '--json', ...words], { cwd: clone.directory });
      assert.equal(exitCode, 0);
      assert.match(stdout, /"image":\{"kind":"hit"/);
    });
  });

  it('in a folder of this machine keeps branches that nobody has pushed, and frees what it deletes', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'preheat-prune-'));
    const images = join(folder.path, 'images');
    const words = ['--registry', `oci:${images}`];
    await using world = await buildBoth(image.name, words);
    const { clone, build } = world;
    await clone.git('push', '--quiet', 'origin', '--delete', 'feature/x');
    assert.deepEqual((await pruned(clone, [...words, ...AT_ONCE, '--apply'])).going, []);
    await clone.git('branch', '--quiet', '-D', 'feature/x');
    const before = (await readdir(join(images, 'blobs', 'sha256'))).length;
    const { going, sweptBytes = 0, freedBytes } = await pruned(clone, [...words, ...AT_ONCE, '--apply']);
    assert.ok(going.length >= 4);
    assert.ok(sweptBytes >= freedBytes && freedBytes > 200_000, `${sweptBytes} of ${freedBytes}`);
    assert.ok((await readdir(join(images, 'blobs', 'sha256'))).length <= before - 2 * going.length);
    await assertWholeLayout(images);
    assert.deepEqual(await warmNames(clone, words), MAIN);
    await build();
    assert.partialDeepStrictEqual(await readOutcome(clone.directory), KEPT);
  });

  it('refuses where the origin cannot be asked', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'preheat-prune-'));
    const words = ['--registry', `oci:${join(folder.path, 'images')}`, ...AT_ONCE, '--apply'];
    await using world = await buildBoth(image.name, words.slice(0, 2));
    const { clone } = world;
    const origin = await clone.git('config', '--get', 'remote.origin.url');
    await execa('mv', [origin, `${origin}.away`]);
    const unasked = await preheat(['prune', ...words], { cwd: clone.directory });
    await execa('mv', [`${origin}.away`, origin]);
    assert.equal(unasked.exitCode, 30, unasked.stderr);
    assert.match(unasked.stderr, /cannot ask \S+ which branches there are: /);
    assert.match(unasked.stderr, /Make "origin" of the clone reachable from here/);
    assert.deepEqual(await warmNames(clone, words.slice(0, 2)), BOTH);
  });
});
