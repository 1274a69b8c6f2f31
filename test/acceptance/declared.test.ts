import assert from 'node:assert/strict';
import { cp, mkdtempDisposable, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import type { Outcome } from '../../src/report/outcome.ts';
import { differencesOf } from '../fidelity/compare-trees.ts';
import { makeClone, type TestClone } from '../support/clone.ts';
import { preheat, readOutcome } from '../support/preheat.ts';
import { publishedTree } from '../support/published-tree.ts';
import { runs } from '../support/runs.ts';
import { makeTaskImage, type TaskImage } from '../support/task-image.ts';

const gitpodYml = (image: string): string => `image: ${image}
tasks:
  # preheat: inputs=in/**, lock.txt
  - init: |
      mkdir -p dist node_modules/x
      cat in/* lock.txt > dist/out.txt
      cp lock.txt node_modules/x/index.js
      echo generated >> patched.txt
      rm -f drop/old.txt
      echo '[alias] x = status' >> .git/config
      echo '#!/bin/sh' > .git/hooks/pre-commit
`;
const FILES = {
  'in/a': 'a\n',
  'lock.txt': 'lock\n',
  'patched.txt': 'p\n',
  'drop/old.txt': 'old\n',
  'docs/a': 'a\n',
  README: 'hello\n',
};
/** Paths outside the inputs; some are what the tasks make or change. */
const OUTSIDE = [
  'README',
  'docs/a',
  'docs/deep/b',
  'patched.txt',
  'drop/other.txt',
  'dist/out.txt',
  'dist/tracked',
  'node_modules',
  'node_modules/x/index.js',
];
const edits = fc.uniqueArray(
  fc.record({ path: fc.constantFrom(...OUTSIDE), text: fc.constantFrom(undefined, 'one\n', 'two\n') }),
  { minLength: 1, maxLength: 3, selector: ({ path }) => path },
);

describe('a build whose tasks declare their inputs', () => {
  let image: TaskImage;
  let clone: TestClone;
  let folder: Awaited<ReturnType<typeof mkdtempDisposable>>;
  let first: Outcome;
  const layout = (name: string): string => join(folder.path, name);
  const build = async (into: string): Promise<Outcome> => {
    const words = ['build', '--registry', `oci:${layout(into)}`];
    const { exitCode, stderr } = await preheat(words, { cwd: clone.directory });
    assert.equal(exitCode, 0, stderr);
    return await readOutcome(clone.directory);
  };
  const edit = async (changed: Readonly<Record<string, string | undefined>>): Promise<void> => {
    for (const path of Object.keys(changed))
      await rm(join(clone.directory, path), { recursive: true, force: true });
    const kept = Object.entries(changed).filter((entry): entry is [string, string] => entry[1] !== undefined);
    await clone.commit(Object.fromEntries(kept));
  };
  const stepOf = ({ steps }: Outcome) => steps.find(({ name }) => name === 'tasks');

  before(async () => {
    image = await makeTaskImage();
    folder = await mkdtempDisposable(join(tmpdir(), 'preheat-declared-'));
    clone = await makeClone({ ...FILES, '.gitpod.yml': gitpodYml(image.name) });
    first = await build('first');
    await clone.git('tag', 'first');
  });
  afterEach(() => clone.git('reset', '--quiet', '--hard', 'first'));
  after(async () => {
    await clone[Symbol.asyncDispose]();
    await folder.remove();
    await image[Symbol.asyncDispose]();
  });

  it('reuses them at a commit that changes none of these', async () => {
    await edit({ README: 'other\n', 'docs/new': 'new\n', 'docs/a': undefined });
    const { layers, steps } = await build('first');
    assert.partialDeepStrictEqual(steps, [{ name: 'tasks', outcome: 'reused' }]);
    assert.match(steps[0]?.reason ?? '', new RegExp(`same inputs at commit ${first.commit.slice(0, 12)}`));
    const made = (all: Outcome['layers']) =>
      all.filter(({ role }) => role === 'task' || role === 'patch').map(({ digest }) => digest);
    assert.deepEqual(made(layers), made(first.layers));
    assert.equal(made(layers).length, 2);
  });

  for (const [what, changed, reason] of [
    ['content', { 'lock.txt': 'other\n' }, /lock\.txt: [0-9a-f]{7}… → [0-9a-f]{7}…/],
    ['a new file', { 'in/deep/b': 'b\n' }, /in\/deep\/b: added/],
    ['a file less', { 'lock.txt': undefined }, /lock\.txt: gone/],
    [
      'attributes',
      { '.gitattributes': 'lock.txt text eol=crlf\n' },
      /lock\.txt: attributes none → text=set eol=crlf/,
    ],
  ] as const) {
    it(`runs them at a commit that changes an input: ${what}`, async () => {
      await edit(changed);
      const words = ['plan', '--json', '--registry', `oci:${layout('first')}`];
      const { stdout } = await preheat(words, { cwd: clone.directory });
      assert.match(stdout, /"kind":"miss"/);
      assert.match(stdout, reason);
    });
  }

  it('warns of names that match nothing, and where one task declares nothing of what it reads', async () => {
    const plan = async () =>
      await preheat(['plan', '--registry', `oci:${layout('first')}`], { cwd: clone.directory });
    const at = `image: ${image.name}\ntasks:\n  # preheat: inputs=no/*.such, nor.this, lock.txt\n  - init: cat lock.txt\n`;
    await edit({ '.gitpod.yml': at });
    const { stderr } = await plan();
    assert.match(stderr, /\.gitpod\.yml:3:21 warning inputs: no\/\*\.such matches nothing in this commit\n/);
    assert.match(stderr, /\.gitpod\.yml:3:32 warning inputs: nor\.this is not in this commit\n/);
    assert.match(stderr, /\n *> 3 \|   # preheat: inputs=no[^\n]*\n *\| {21}\^{9}\n/);
    assert.doesNotMatch(stderr, /inputs: lock/);
    await edit({ '.gitpod.yml': `${at}  - name: other\n    init: ls\n` });
    const whole = await plan();
    assert.equal(whole.stderr.match(/inputs: other declares none/g)?.length, 1);
    assert.match(whole.stdout, /\[whole-tree\]/);
    const words = ['plan', '--inputs', 'in,on', '--registry', `oci:${layout('first')}`];
    const forAll = await preheat(words, { cwd: clone.directory });
    assert.match(forAll.stdout, /\[declared\]/);
    assert.match(forAll.stderr, /⚠ inputs: on is not in this commit/);
  });

  it('makes at any other commit what it makes there from nothing', async () => {
    await fc.assert(
      fc.asyncProperty(edits, async (changes) => {
        await clone.git('reset', '--quiet', '--hard', 'first');
        await edit(Object.fromEntries(changes.map(({ path, text }) => [path, text])));
        await cp(layout('first'), layout('reused'), { recursive: true });
        try {
          const [reused, anew] = [await build('reused'), await build('anew')];
          assert.equal(stepOf(anew)?.outcome, 'ran');
          const [tree, expected] = await Promise.all([
            publishedTree(layout('reused'), reused.digest ?? ''),
            publishedTree(layout('anew'), anew.digest ?? ''),
          ]);
          // A delta's sources have other packs of git, with the same objects.
          const differences = differencesOf(expected, tree, (path) => !path.includes('/objects/pack/'));
          // What tasks write has the time of their run.
          assert.deepEqual(
            differences.filter(({ what }) => what !== 'time'),
            [],
            `${stepOf(reused)?.outcome}: ${stepOf(reused)?.reason}`,
          );
        } finally {
          await rm(layout('reused'), { recursive: true });
          await rm(layout('anew'), { recursive: true, force: true });
        }
      }),
      { numRuns: runs(5) },
    );
  }).timeout(600_000);
});
