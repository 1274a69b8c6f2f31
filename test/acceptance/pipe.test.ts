import assert from 'node:assert/strict';
import { access, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toldStates } from '../support/told-states.ts';
import { openPipeWorld, type PipeWorld } from '../support/pipelines/pipe-world.ts';
import { REPOSITORY } from '../support/pipelines/step-variables.ts';
import { readPublishedFile } from '../support/published-file.ts';

const FILES = {
  '.gitpod.yml': 'image: BASE\ntasks:\n  - init: cp README.md made.txt && ls -A > listing.txt\n',
  '.gitignore': 'made.txt\nlisting.txt\n',
  'README.md': 'main\n',
};
const NAME = `${REPOSITORY.bitbucketWorkspace}/${REPOSITORY.slug}`;
const push = { kind: 'push', branch: 'main' } as const;

describe('the pipe, run as Pipelines runs it', function () {
  this.timeout(300_000);
  let world: PipeWorld;
  const readInImage = (commitTag: string, path: string) =>
    readPublishedFile(world.registry.host, 'team/app', commitTag, path);

  before(async () => {
    world = await openPipeWorld(FILES);
  });
  after(() => world[Symbol.asyncDispose]());

  for (const [runtime, branch] of [
    ['v2', 'main'],
    ['v3', 'third'],
  ] as const) {
    it(`makes a pushed commit warm under runtime ${runtime}, says so in its last line and to Bitbucket, and asks for nothing that is refused`, async () => {
      await world.repository.git('switch', '--quiet', '--force-create', branch);
      await using bitbucket = await world.startBitbucket();
      const run = await world.run({ event: { kind: 'push', branch }, runtime, bitbucket });
      assert.equal(run.exitCode, 0, run.log);
      assert.equal(run.lines.at(-1), `✔ ${run.commit.slice(0, 12)} is warm`);
      assert.deepEqual(run.refusals, []);
      assert.deepEqual(toldStates(bitbucket), ['INPROGRESS', 'SUCCESSFUL']);
      assert.equal(bitbucket.statuses(NAME, run.commit).length, 1);
      assert.equal(run.outcome?.result, 'warm');
      assert.doesNotMatch(run.log, /Warning|deprecat/i);
      await world.repository.git('switch', '--quiet', 'main');
    });
  }

  it('runs nothing for the same commit again, under each runtime', async () => {
    const first = await world.run({ event: push });
    for (const runtime of ['v2', 'v3'] as const) {
      await world.registry.takeRequests();
      const again = await world.run({ event: push, runtime });
      assert.equal(again.exitCode, 0, again.log);
      assert.equal(again.outcome?.digest, first.outcome?.digest);
      assert.equal(again.outcome?.uploaded.blobs, 0);
      const requests = await world.registry.takeRequests();
      assert.ok(requests.length <= 12, `${requests.length} requests`);
      assert.deepEqual(
        requests.filter(({ path, method }) => method === 'GET' && path.includes('/blobs/')),
        [],
      );
    }
  });

  it('keeps what pipes store in the clone out of keys and layers', async () => {
    const event = { kind: 'push', branch: 'storage' } as const;
    await world.repository.git('switch', '--quiet', '--create', 'storage');
    await world.repository.commit({ 'README.md': 'storage\n' });
    const first = await world.run({ event });
    assert.equal(first.exitCode, 0, first.log);
    const tag = `commit-branch.storage-${first.commit}`;
    const listing = await readInImage(tag, 'workspace/app/listing.txt');
    assert.deepEqual(
      listing?.split('\n').toSorted(),
      ['', '.git', '.gitignore', '.gitpod.yml', 'README.md', 'listing.txt', 'made.txt'].toSorted(),
    );
    const again = await world.run({
      event,
      prepare: async (clone) =>
        writeFile(
          join(clone, '.bitbucket/pipelines/generated/pipeline/pipes/preheat/preheat-pipe/kept.txt'),
          'otherwise\n',
        ),
    });
    assert.equal(again.outcome?.digest, first.outcome?.digest);
    assert.equal(again.outcome?.uploaded.blobs, 0);
  });

  it('takes the commit of a pull request, not the merge that its clone holds', async () => {
    await world.repository.git('switch', '--quiet', '--create', 'feature', 'main');
    const commit = await world.repository.commit({ 'README.md': 'feature\n' });
    await world.repository.git('switch', '--quiet', 'main');
    await world.repository.commit({ 'NEW.md': 'only on main\n' });
    const event = { kind: 'pull-request', id: 12, branch: 'feature', into: 'main' } as const;
    let merged = '';
    await using bitbucket = await world.startBitbucket();
    const run = await world.run({
      event,
      bitbucket,
      prepare: async (clone) => {
        merged = await readFile(join(clone, 'NEW.md'), 'utf8');
      },
    });
    assert.equal(run.exitCode, 0, run.log);
    assert.equal(merged, 'only on main\n', 'the clone holds no merge');
    assert.equal(run.outcome?.commit, commit);
    assert.equal(run.outcome.pullRequest, 12);
    const tag = `commit-pr.12-${commit}`;
    assert.equal(await readInImage(tag, 'workspace/app/made.txt'), 'feature\n');
    assert.equal(await readInImage(tag, 'workspace/app/NEW.md'), undefined);
    assert.equal(bitbucket.statuses(NAME, commit).length, 1);
  });

  it('builds a tag, a custom pipeline on a branch, and one on a commit alone', async () => {
    const { repository } = world;
    await repository.git('switch', '--quiet', 'main');
    const released = await repository.commit({ 'README.md': 'released\n' });
    await repository.git('tag', 'v1.0.0');
    const tagged = await world.run({ event: { kind: 'tag', tag: 'v1.0.0' } });
    assert.equal(tagged.exitCode, 0, tagged.log);
    assert.equal(tagged.outcome?.ref, 'v1.0.0');
    // Without a token, through the step's proxy.
    assert.partialDeepStrictEqual(tagged.reports, [{ report: { result: 'PASSED' } }]);
    assert.match(tagged.log, /no build status, no comment: BITBUCKET_ACCESS_TOKEN is not given/);
    const custom = await world.run({ event: { kind: 'custom', branch: 'main' } });
    assert.equal(custom.exitCode, 0, custom.log);
    assert.equal(custom.outcome?.ref, 'main');
    const alone = await world.run({ event: { kind: 'custom-commit', commit: released } });
    assert.equal(alone.exitCode, 0, alone.log);
    assert.deepEqual([alone.outcome?.ref, alone.outcome?.commit], ['', released]);
  });

  it('lets two runs of one commit agree on one image', async () => {
    await world.repository.git('switch', '--quiet', '--create', 'twice', 'main');
    await world.repository.commit({ 'README.md': 'twice\n' });
    const event = { kind: 'push', branch: 'twice' } as const;
    const runs = await Promise.all([world.run({ event }), world.run({ event })]);
    for (const run of runs) assert.equal(run.exitCode, 0, run.log);
    const [one, other] = runs.map(({ outcome }) => outcome?.digest);
    assert.ok(one !== undefined && one === other, `${one} and ${other}`);
    const later = await world.run({ event });
    assert.equal(later.outcome?.digest, one);
  });

  it('tells all variables that are wrong at once, under their own names', async () => {
    const variables = { LFS: 'some', COMMAND: 'destroy', FAIL_ON_TASK: 'perhaps', HISTORY_DEPTH: '-1' };
    const run = await world.run({ event: push, variables });
    assert.equal(run.exitCode, 2, run.log);
    for (const name of Object.keys(variables)) assert.match(run.log, new RegExp(`^ {2}${name}: `, 'm'));
    assert.equal(run.lines.at(-1), '✖ cannot read the variables: 4 are wrong');
  });

  it('trusts none of the variables of Pipelines, which a user may override', async () => {
    const variables = {
      BITBUCKET_BRANCH: 'a branch; touch /tmp/hit',
      BITBUCKET_COMMIT: '$(touch /tmp/hit)',
      BITBUCKET_REPO_SLUG: '../../other',
    };
    const run = await world.run({ event: push, variables });
    assert.equal(run.exitCode, 10, run.log);
    for (const name of Object.keys(variables)) assert.ok(run.log.includes(name), name);
    assert.match(
      run.lines.at(-1) ?? '',
      /^✖ the commit is not warm: cannot read the push from the variables/,
    );
    await assert.rejects(access('/tmp/hit'));
  });

  it('takes a list, tells more when asked to, and can only plan', async () => {
    const variables = {
      PROTECTED_BRANCHES_COUNT: '2',
      PROTECTED_BRANCHES_0: 'release',
      PROTECTED_BRANCHES_1: 'main',
      DEFAULT_BRANCH: 'trunk',
      COMMAND: 'plan',
      DEBUG: 'true',
    };
    const run = await world.run({ event: push, variables });
    assert.equal(run.exitCode, 0, run.log);
    assert.match(run.log, /scope {2}protected branch main/);
    assert.equal(run.lines.at(-1), `✔ ${run.commit.slice(0, 12)} is planned; nothing was changed`);
    const plain = await world.run({ event: push, variables: { ...variables, DEBUG: 'false' } });
    assert.ok(run.lines.length > plain.lines.length, 'DEBUG tells nothing more');
  });

  it('checks all that a build needs, and tells nobody', async () => {
    await world.repository.git('switch', '--quiet', 'main');
    await using bitbucket = await world.startBitbucket();
    const run = await world.run({ event: push, bitbucket, variables: { COMMAND: 'doctor' } });
    assert.equal(run.exitCode, 0, run.log);
    assert.match(run.lines.at(-1) ?? '', /^✔ ready: \d+ checks, 1 to look at \(pipelines\)$/);
    for (const what of ['container', 'push', 'delete', 'statuses', 'step proxy'])
      assert.match(run.log, new RegExp(`^✔ ${what} `, 'm'));
    // It asks for what Pipelines refuses, to tell whether it is refused.
    assert.equal(run.refusals.length, 3, run.refusals.join('\n'));
    assert.deepEqual([toldStates(bitbucket), run.reports], [[], []]);
  });

  it('cleans up what a branch has left that is gone, where it is told to', async () => {
    const { repository } = world;
    await repository.git('switch', '--quiet', '--create', 'gone', 'main');
    await repository.commit({ 'README.md': 'gone\n' });
    const built = await world.run({ event: { kind: 'push', branch: 'gone' } });
    assert.equal(built.exitCode, 0, built.log);
    await repository.git('switch', '--quiet', 'main');
    await repository.git('branch', '--quiet', '-D', 'gone');
    const kept = await world.run({ event: push });
    assert.equal(kept.exitCode, 0, kept.log);
    const read = async (
      { commit }: { readonly commit: string },
      scope: string,
    ): Promise<string | undefined> =>
      await readInImage(`commit-${scope}-${commit}`, 'workspace/app/made.txt');
    const mains = await read(kept, 'protected.main');
    const variables = { COMMAND: 'prune', OLDER_THAN: '0h' };
    const shown = await world.run({ event: push, variables });
    assert.equal(shown.exitCode, 0, shown.log);
    assert.ok(shown.log.includes(`commit-branch.gone-${built.commit}`), shown.log);
    assert.equal(shown.lines.at(-1), 'Nothing was deleted: --apply (APPLY) does it.');
    assert.equal(await read(built, 'branch.gone'), 'gone\n');
    const done = await world.run({ event: push, variables: { ...variables, APPLY: 'true' } });
    assert.equal(done.exitCode, 0, done.log);
    await assert.rejects(read(built, 'branch.gone'), /: 404$/);
    assert.equal(await read(kept, 'protected.main'), mains);
    assert.notEqual(mains, undefined);
  });

  it('ends its build status when the step is stopped', async () => {
    await world.repository.git('switch', '--quiet', '--create', 'slow', 'main');
    await world.repository.commit({ '.gitpod.yml': `image: ${world.base}\ntasks:\n  - init: sleep 300\n` });
    await using bitbucket = await world.startBitbucket();
    const stop = new AbortController();
    const run = await world.run({
      event: { kind: 'push', branch: 'slow' },
      bitbucket,
      signal: stop.signal,
      onLine: (line) => line.includes('✔ container') && stop.abort(),
    });
    assert.equal(run.exitCode, 130, run.log);
    assert.match(run.lines.at(-1) ?? '', /^✖ \S+ is not warm: the run was interrupted$/);
    assert.deepEqual(toldStates(bitbucket), ['INPROGRESS', 'STOPPED']);
  });

  it('goes on when a task fails, unless FAIL_ON_TASK says otherwise', async () => {
    await world.repository.git('switch', '--quiet', '--create', 'failing', 'main');
    await world.repository.commit({ '.gitpod.yml': `image: ${world.base}\ntasks:\n  - init: exit 3\n` });
    const event = { kind: 'push', branch: 'failing' } as const;
    for (const [failOnTask, exitCode, state] of [
      ['false', 0, 'STOPPED'],
      ['true', 51, 'FAILED'],
    ] as const) {
      await using bitbucket = await world.startBitbucket();
      const variables = { FAIL_ON_TASK: failOnTask };
      const run = await world.run({ event, bitbucket, variables });
      assert.equal(run.exitCode, exitCode, run.log);
      assert.match(run.lines.at(-1) ?? '', /^✖ \S+ is not warm: task "Task 1" failed with exit code 3$/);
      assert.deepEqual(toldStates(bitbucket), ['INPROGRESS', state]);
    }
  });
});
