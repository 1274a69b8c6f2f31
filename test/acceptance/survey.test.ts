import assert from 'node:assert/strict';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ImageInspection } from '../../src/survey/image-inspection.ts';
import { WarmList } from '../../src/survey/warm-list.ts';
import { makeClone, type TestClone } from '../support/clone.ts';
import { preheat, readOutcome } from '../support/preheat.ts';
import { makeTaskImage, type TaskImage } from '../support/task-image.ts';

const gitpodYml = (image: string): string => `image: ${image}
tasks:
  # preheat: inputs=lock.txt
  - name: install
    init: cat lock.txt > made.txt; echo x >> README
  - command: sleep 1
`;

describe('ls, inspect and explain', () => {
  let image: TaskImage;
  let clone: TestClone;
  let folder: Awaited<ReturnType<typeof mkdtempDisposable>>;
  let commits: readonly [first: string, second: string];
  const run = async (...words: readonly string[]) =>
    await preheat([...words, '--registry', `oci:${join(folder.path, 'images')}`], { cwd: clone.directory });
  const told = async (...words: readonly string[]): Promise<string> => {
    const { exitCode, stdout, stderr } = await run(...words);
    assert.equal(exitCode, 0, stderr);
    return stdout;
  };

  before(async () => {
    image = await makeTaskImage();
    folder = await mkdtempDisposable(join(tmpdir(), 'preheat-survey-'));
    clone = await makeClone({ '.gitpod.yml': gitpodYml(image.name), 'lock.txt': '1\n', README: 'r\n' });
    assert.match(await told('ls'), /^nothing is warm in oci:/);
    await told('build');
    const first = await clone.git('rev-parse', 'HEAD');
    await clone.git('checkout', '--quiet', '-b', 'feature/x');
    commits = [first, await clone.commit({ other: 'file\n' })];
    await told('build');
    assert.partialDeepStrictEqual((await readOutcome(clone.directory)).steps, [{ outcome: 'reused' }]);
  });
  after(async () => {
    await clone[Symbol.asyncDispose]();
    await folder.remove();
    await image[Symbol.asyncDispose]();
  });

  it('ls lists branches and commits with age and size', async () => {
    const warm = WarmList.parse(JSON.parse(await told('ls', '--json')));
    assert.deepEqual([warm.commits, warm.records], [2, 1]);
    const [first, second] = commits;
    assert.deepEqual(
      warm.images
        .map(({ kind, name, commit }) => `${kind} ${name.replace(/\.[0-9a-f]{12}$/, '')} ${commit}`)
        .toSorted((a, b) => (a < b ? -1 : 1)),
      [
        `branch feature-x ${second}`,
        `branch main ${first}`,
        `commit branch.feature-x ${second}`,
        `commit protected.main ${first}`,
      ],
    );
    assert.ok(warm.images.every(({ bytes, committedAt }) => bytes > 1_000_000 && committedAt));
    assert.deepEqual(new Set(warm.images.map(({ layers }) => layers)), new Set([5, 6]));
    assert.match(
      await told('ls'),
      new RegExp(`^branches\n  \\S+ +[0-9a-f]{12}  (?:just now|\\d+ min old) +[\\d.]+ MB in [56] layers`),
    );
  });

  it('inspect tells whose run made the layers, and that it was reused', async () => {
    const [first, second] = commits;
    const reused = ImageInspection.parse(JSON.parse(await told('inspect', '--json')));
    assert.partialDeepStrictEqual(reused, {
      commit: second,
      run: { commit: first, scope: 'protected branch main', rule: 'declared', reused: true },
    });
    assert.deepEqual(
      reused.layers.map(({ role, madeBy }) => [role, madeBy]),
      [
        ['base', reused.layers[0]?.madeBy],
        ['task', `tasks at commit ${first.slice(0, 12)}`],
        ['runtime', 'preheat'],
        ['source', `commit ${first.slice(0, 12)}`],
        ['delta', `commit ${second.slice(0, 12)}`],
        ['patch', `tasks at commit ${first.slice(0, 12)}`],
      ],
    );
    const own = ImageInspection.parse(JSON.parse(await told('inspect', 'main', '--json')));
    assert.partialDeepStrictEqual(own, { commit: first, run: { commit: first, reused: false } });
    assert.deepEqual(
      ImageInspection.parse(JSON.parse(await told('inspect', own.digest, '--json'))).layers,
      own.layers,
    );
    assert.match(
      await told('inspect', 'branch-main'),
      /tasks +ran at commit [0-9a-f]{12} of protected branch main/,
    );
  });

  it('inspect of what is not there says so', async () => {
    const { exitCode, stderr } = await run('inspect', `sha256:${'0'.repeat(64)}`);
    assert.equal(exitCode, 30);
    assert.match(stderr, /cannot inspect sha256:0+: no image of it is kept in oci:/);
  });

  it('explain names the rule, what differs, whose run is nearest and what it took', async () => {
    await clone.commit({ 'lock.txt': '2\n' });
    const text = await told('explain', 'install');
    assert.match(text, /^install: declares lock\.txt; all 2 tasks are one step\n/);
    assert.match(text, /\nmiss +lock\.txt: [0-9a-f]{7}… → [0-9a-f]{7}… \(since commit/);
    assert.match(
      text,
      /\nnearest run +commit [0-9a-f]{12} of protected branch main, (?:just now|\d+ min old)\n/,
    );
    assert.match(text, /\nexpected +[\d.]+ s of tasks, \d+ B of layers\n/);
    assert.match(text, /\ninputs\n {2}lock\.txt: file 100644 [0-9a-f]{12}$/m);
    assert.equal(await told('explain', '1'), text);
    const { steps } = JSON.parse(await told('explain', '--json')) as { steps: readonly unknown[] };
    assert.partialDeepStrictEqual(steps, [
      {
        rule: 'declared',
        decision: {
          kind: 'miss',
          nearest: { commit: commits[0], change: { path: 'lock.txt', how: 'content' } },
        },
      },
    ]);
    await clone.git('reset', '--quiet', '--hard', 'HEAD~1');
    assert.match(await told('explain'), /\nkept +the image of commit/);
  });

  it('explain refuses a task that is not there', async () => {
    const { exitCode, stderr } = await run('explain', 'instal');
    assert.equal(exitCode, 2);
    assert.match(stderr, /cannot explain "instal": \.gitpod\.yml has no such task/);
  });

  it('a build tells in outcome.json what it rested on', async () => {
    await clone.commit({ 'lock.txt': '3\n' });
    await told('build');
    const { steps } = await readOutcome(clone.directory);
    assert.partialDeepStrictEqual(steps, [
      {
        outcome: 'ran',
        rule: 'declared',
        changes: 1,
        change: { path: 'lock.txt', how: 'content' },
        evidence: { commit: commits[0], scope: 'protected branch main' },
      },
    ]);
  });
});
