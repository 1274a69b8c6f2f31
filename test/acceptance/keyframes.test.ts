import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { cp, lstat, mkdir, mkdtempDisposable, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { ImageIndex, Manifest } from '../../src/oci/manifest.ts';
import type { Outcome } from '../../src/report/outcome.ts';
import { differencesOf } from '../fidelity/compare-trees.ts';
import { cloneIn, makeClone, type TestClone } from '../support/clone.ts';
import { preheat, readOutcome } from '../support/preheat.ts';
import { publishedTree } from '../support/published-tree.ts';
import { runs } from '../support/runs.ts';
import { makeTaskImage, type TaskImage } from '../support/task-image.ts';

const gitpodYml = (image: string): string => `image: ${image}
tasks:
  # preheat: inputs=in/**
  - init: mkdir -p dist && cat in/* > dist/out.txt && echo more >> patched.txt
`;
/** So large, and random, that a delta of some small files takes no quarter of it. */
const BULK = randomBytes(60_000).toString('base64');
const FILES = {
  'in/a': 'a\n',
  'patched.txt': 'p\n',
  'dist/tracked': 'tracked\n',
  'docs/a': 'a\n',
  bulk: BULK,
  README: 'hello\n',
};
const PATHS = [
  'README',
  'docs',
  'docs/a',
  'docs/deep/b',
  'in/a',
  'in/c',
  'patched.txt',
  'dist/out.txt',
  'dist',
];
/** To a text, a link, or nothing. */
interface Edit {
  readonly path: string;
  readonly to: string | undefined;
}
const LINK = 'link';
const edit: fc.Arbitrary<Edit> = fc
  .record({ path: fc.constantFrom(...PATHS), to: fc.constantFrom(undefined, 'one\n', 'two\n', LINK) })
  // What is no file cannot be read by the task.
  .map(({ path, to }) => ({ path, to: to === LINK && path.startsWith('in/') ? 'three\n' : to }))
  // It makes a folder `dist`, and needs one input.
  .filter(({ path, to }) => (path !== 'in/a' || to !== undefined) && (path !== 'dist' || to === undefined));
const histories = fc.array(fc.array(edit, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 2 });

/** Makes the folder of a path, and takes away what lies there. */
async function makeWay(path: string): Promise<void> {
  const above = dirname(path);
  if (!(await lstat(above).catch(() => undefined))?.isDirectory()) {
    await makeWay(above);
    await mkdir(above);
  }
  await rm(path, { recursive: true, force: true });
}

describe('sources of pushes', () => {
  let image: TaskImage;
  let clone: TestClone;
  let folder: Awaited<ReturnType<typeof mkdtempDisposable>>;
  const layout = (name: string): string => join(folder.path, name);
  const build = async (into: string, { directory } = clone): Promise<Outcome & { readonly told: string }> => {
    const { exitCode, stderr } = await preheat(['build', '--registry', `oci:${layout(into)}`], {
      cwd: directory,
    });
    assert.equal(exitCode, 0, stderr);
    return { ...(await readOutcome(directory)), told: stderr };
  };
  const apply = async (changes: readonly Edit[]): Promise<void> => {
    for (const { path, to } of changes) {
      const at = join(clone.directory, path);
      await makeWay(at);
      if (to === LINK) await symlink('bulk', at);
      else if (to !== undefined) await clone.commit({ [path]: to });
    }
    await clone.commit({});
  };
  const rolesOf = ({ layers }: Outcome): readonly string[] =>
    layers
      .filter(({ role }) => role === 'source' || role === 'delta')
      .map(({ role, reused }) => `${role}${reused ? ' kept' : ''}`);
  const keyframes = async (of: string): Promise<readonly string[]> => {
    const index = ImageIndex.parse(JSON.parse(await readFile(join(layout(of), 'index.json'), 'utf8')));
    const tags = index.manifests.map(({ annotations }) => annotations?.['org.opencontainers.image.ref.name']);
    return tags
      .filter((tag) => tag?.startsWith('keyframe-'))
      .map(String)
      .toSorted();
  };

  before(async () => {
    image = await makeTaskImage();
    folder = await mkdtempDisposable(join(tmpdir(), 'preheat-keyframes-'));
    clone = await makeClone({ ...FILES, '.gitpod.yml': gitpodYml(image.name) });
    const first = await build('first');
    assert.deepEqual(rolesOf(first), ['source']);
    assert.match(first.told, /new keyframe: there is no keyframe yet/);
    assert.deepEqual(await keyframes('first'), [`keyframe-protected.main-1-${first.commit}`]);
    await clone.git('tag', 'first');
  });
  beforeEach(async () => {
    await clone.git('checkout', '--quiet', '-B', 'main', 'first');
    await cp(layout('first'), layout('own'), { recursive: true });
  });
  afterEach(() => rm(layout('own'), { recursive: true }));
  after(async () => {
    await clone[Symbol.asyncDispose]();
    await folder.remove();
    await image[Symbol.asyncDispose]();
  });

  it('are a delta upon the keyframe, whether tasks run or are reused', async () => {
    await clone.commit({ README: 'other\n' });
    const plan = await preheat(['plan', '--registry', `oci:${layout('own')}`], { cwd: clone.directory });
    assert.match(plan.stdout, /delta {2}sources: upon the keyframe of commit [0-9a-f]{12}/);
    const reused = await build('own');
    assert.deepEqual(rolesOf(reused), ['source kept', 'delta']);
    assert.partialDeepStrictEqual(reused.steps, [{ outcome: 'reused' }]);
    assert.ok(reused.uploaded.bytes < BULK.length / 4, `${reused.uploaded.bytes} bytes were sent`);
    await clone.commit({ 'in/a': 'other\n' });
    const ran = await build('own');
    assert.deepEqual(rolesOf(ran), ['source kept', 'delta']);
    assert.partialDeepStrictEqual(ran.steps, [{ outcome: 'ran' }]);
    assert.equal((await keyframes('own')).length, 1);
  });

  it('are a new keyframe where a delta would hide what a task made, or grew too large', async () => {
    await clone.commit({ 'dist/out.txt': 'tracked for now\n', bulk: randomBytes(80_000).toString('base64') });
    const tracked = await build('own');
    assert.match(tracked.told, /more than a quarter of the keyframe/);
    assert.equal((await keyframes('own')).length, 2);
    await clone.git('rm', '--quiet', '--cached', 'dist/out.txt');
    await rm(join(clone.directory, 'dist/out.txt'));
    await clone.commit({});
    const untracked = await build('own');
    assert.match(untracked.told, /a delta would hide \/workspace\/app\/dist\/out\.txt, which a task made/);
    assert.deepEqual(rolesOf(untracked), ['source']);
    const third = `keyframe-protected.main-3-${untracked.commit}`;
    assert.ok((await keyframes('own')).includes(third));
    await clone.commit({ README: 'more\n' });
    const after = await build('own');
    assert.match(after.told, new RegExp(`upon the keyframe of commit ${untracked.commit.slice(0, 12)}`));
    await clone.git('reset', '--quiet', '--hard', tracked.commit);
    await clone.commit({ README: 'from before\n' });
    const before = await build('own');
    assert.match(before.told, new RegExp(`upon the keyframe of commit ${tracked.commit.slice(0, 12)}`));
  });

  it('are a delta for history that was pushed over, and for a clone that lacks the keyframe’s commit', async () => {
    await clone.git('checkout', '--quiet', '--orphan', 'fresh');
    await clone.commit({ README: 'all new\n' });
    await clone.git('branch', '--force', 'main', 'fresh');
    await clone.git('checkout', '--quiet', 'main');
    assert.deepEqual(rolesOf(await build('own')), ['source kept', 'delta']);

    await clone.git('checkout', '--quiet', '-B', 'main', 'first');
    for (const text of ['1\n', '2\n']) await clone.commit({ 'docs/a': text });
    const shallow = cloneIn(join(folder.path, 'shallow'), join(folder.path, 'shallow', 'app'));
    const url = pathToFileURL(clone.directory).href;
    await clone.git('clone', '--quiet', '--depth=1', url, shallow.directory);
    await using owned = shallow;
    assert.deepEqual(rolesOf(await build('own', owned)), ['source kept', 'delta']);
  });

  it('are laid whole under a patch that takes packs of git away, and told to later builds', async () => {
    const init = 'rm .git/objects/pack/*.idx';
    const task = `tasks:\n  # preheat: inputs=in/**\n  - init: ${init}\n`;
    await clone.commit({ '.gitpod.yml': `image: ${image.name}\n${task}` });
    const ran = await build('own');
    assert.deepEqual(rolesOf(ran), ['source']);
    assert.match(ran.told, /new keyframe: the tasks changed packs of git, of which a keyframe has others/);
    await clone.commit({ '.gitpod.yml': `image: ${image.name}\nports:\n  - port: 8080\n${task}` });
    const again = await build('own');
    assert.match(again.told, /whole {2}sources: as a new keyframe|the tasks changed packs of git/);
    const tree = await publishedTree(layout('own'), again.digest ?? '');
    const packs = [...tree.keys()].filter((path) => path.includes('.git/objects/pack/'));
    assert.deepEqual(
      packs.filter((path) => path.endsWith('.idx')),
      [],
    );
    assert.equal(packs.filter((path) => path.endsWith('.pack')).length, 1);
  });

  it('are laid whole where the keyframe is damaged or of a newer version, with one line', async () => {
    await clone.commit({ README: 'other\n' });
    const blob = (of: string): string => join(layout('own'), 'blobs', ...of.split(':'));
    const index = ImageIndex.parse(JSON.parse(await readFile(join(layout('own'), 'index.json'), 'utf8')));
    const entry = index.manifests.find(({ annotations }) =>
      annotations?.['org.opencontainers.image.ref.name']?.startsWith('keyframe-'),
    );
    const { config } = Manifest.parse(JSON.parse(await readFile(blob(entry?.digest ?? ''), 'utf8')));
    await rm(blob(config.digest));
    const { told, layers } = await build('own');
    assert.equal(told.match(/cannot use the keyframe .*: its config has gone/g)?.length, 1);
    assert.ok(layers.every(({ role }) => role !== 'delta'));
    await writeFile(blob(entry?.digest ?? ''), 'no manifest');
    await clone.commit({ README: 'yet another\n' });
    assert.deepEqual(rolesOf(await build('own')), ['source kept', 'delta']);
  });

  it('stack to what they are when they are laid whole', async () => {
    let deltas = 0;
    await fc.assert(
      fc.asyncProperty(histories, async (history) => {
        await clone.git('checkout', '--quiet', '-B', 'main', 'first');
        await cp(layout('first'), layout('upon'), { recursive: true });
        try {
          for (const changes of history) {
            await apply(changes);
            const upon = await build('upon');
            deltas += rolesOf(upon).filter((role) => role === 'delta').length;
            const [tree, expected] = await Promise.all(
              [['upon', upon] as const, ['whole', await build('whole')] as const].map(([of, { digest }]) =>
                publishedTree(layout(of), digest ?? ''),
              ),
            );
            assert.ok(tree && expected);
            const isCompared = (path: string): boolean => !path.includes('/objects/pack/');
            const differences = differencesOf(expected, tree, isCompared);
            // What tasks write has the time of their run.
            assert.deepEqual(
              differences.filter(({ what }) => what !== 'time'),
              [],
            );
            await rm(layout('whole'), { recursive: true });
          }
        } finally {
          await rm(layout('upon'), { recursive: true });
          await rm(layout('whole'), { recursive: true, force: true });
        }
      }),
      { numRuns: runs(4) },
    );
    assert.ok(deltas > 0);
  }).timeout(600_000);
});
