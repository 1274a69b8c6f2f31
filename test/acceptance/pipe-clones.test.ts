import assert from 'node:assert/strict';
import { openPipeWorld, type PipeWorld } from '../support/pipelines/pipe-world.ts';
import type { CloneOptions } from '../support/pipelines/step-clone.ts';
import type { StepEvent } from '../support/pipelines/step-event.ts';

const COMMITS = 12;
const DEPTH = { HISTORY_DEPTH: '8' };
const push = { kind: 'push', branch: 'main' } as const;

describe('the pipe in a clone of any kind', function () {
  this.timeout(300_000);
  let world: PipeWorld;
  let digest: string | undefined;

  before(async () => {
    world = await openPipeWorld({
      '.gitpod.yml': 'image: BASE\ntasks:\n  - init: cp docs/changes.txt made.txt\n',
      '.gitignore': 'made.txt\n',
      'docs/changes.txt': '0\n',
      'src/main.c': 'int main(void) { return 0; }\n',
    });
    for (let at = 1; at < COMMITS; at++)
      await world.repository.commit({ 'docs/changes.txt': `${at}\n`, [`src/part${at}.c`]: `/* ${at} */\n` });
    const run = await world.run({ event: push, cloneOptions: { depth: 'full' }, variables: DEPTH });
    assert.equal(run.exitCode, 0, run.log);
    assert.deepEqual(run.proxied, [], 'a clone that has everything asks nobody');
    ({ digest } = run.outcome ?? {});
    assert.ok(digest);
  });
  after(() => world[Symbol.asyncDispose]());

  for (const [what, cloneOptions] of [
    ['of depth 1, whose ancestors come through the proxy', { depth: 1 }],
    ['without file contents', { depth: 'full', filter: 'blob:none' }],
    ['without trees', { depth: 'full', filter: 'tree:0' }],
    ['of depth 1, sparse and without file contents', { depth: 1, filter: 'blob:none', sparse: ['docs'] }],
    ['that was not made', { enabled: false }],
  ] as readonly (readonly [string, CloneOptions])[]) {
    it(`makes the same image in one ${what}`, async () => {
      const run = await world.run({ event: push, cloneOptions, variables: DEPTH });
      assert.equal(run.exitCode, 0, run.log);
      assert.equal(run.outcome?.digest, digest, run.log);
      assert.equal(run.outcome?.uploaded.blobs, 0);
      assert.ok(run.proxied.length > 0);
      assert.ok(run.proxied.every(({ url }) => url.startsWith('http://bitbucket.org/team/app/')));
    });
  }

  for (const [what, event] of [
    ['a pull request, whose commit is cut', { kind: 'pull-request', id: 3, branch: 'topic', into: 'main' }],
    ['a tag', { kind: 'tag', tag: 'v1' }],
    ['a custom pipeline on a commit', { kind: 'custom-commit', commit: 'topic' }],
  ] as readonly (readonly [string, StepEvent])[]) {
    it(`builds ${what} where no clone was made`, async () => {
      await world.repository.git('switch', '--quiet', '--force-create', 'topic', 'main');
      const commit = await world.repository.commit({ 'docs/changes.txt': `${what}\n` });
      await world.repository.git('tag', '--force', 'v1');
      await world.repository.git('switch', '--quiet', 'main');
      const run = await world.run({ event, cloneOptions: { enabled: false }, variables: DEPTH });
      assert.equal(run.exitCode, 0, run.log);
      assert.equal(run.outcome?.commit, commit);
    });
  }
});
