import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { cloneAsPipelines, listingOf, ORIGIN, serveRepository } from '../adapters/git/pipelines-clone.ts';
import { startFakeBitbucket, type FakeBitbucket } from '../fakes/bitbucket.ts';
import { temporaryFolder } from '../adapters/git/git-fixture.ts';
import { preheat, readOutcome } from '../support/preheat.ts';
import { makeTaskImage } from '../support/task-image.ts';

/** What Pipelines sets in a step of a pull request whose branch is main. */
const stepIn = (
  clone: string,
  commit: string,
  proxy: string,
  bitbucket?: FakeBitbucket,
): Readonly<Record<string, string>> => ({
  CI: 'true',
  BITBUCKET_PIPELINE_UUID: '{11111111-2222-3333-4444-555555555555}',
  BITBUCKET_CLONE_DIR: clone,
  BITBUCKET_COMMIT: commit.slice(0, 12),
  BITBUCKET_BRANCH: 'main',
  BITBUCKET_PR_ID: '7',
  BITBUCKET_PR_DESTINATION_BRANCH: 'develop',
  BITBUCKET_WORKSPACE: 'team',
  BITBUCKET_REPO_SLUG: 'app',
  BITBUCKET_GIT_HTTP_ORIGIN: ORIGIN,
  STEP_PROXY: proxy,
  ...(bitbucket && { BITBUCKET_API: bitbucket.baseUrl, BITBUCKET_ACCESS_TOKEN: 'token' }),
});

describe('preheat build of what Pipelines cloned', () => {
  it('makes one image of a commit, however it was cloned, and sweeps what it fetched', async () => {
    await using image = await makeTaskImage();
    await using served = await serveRepository({ commits: 60 });
    const task = 'test "$(cat a)" = "file a" && echo made > made';
    const commit = await served.source.commit({
      '.gitpod.yml': `image: ${image.name}\ntasks:\n  - init: ${task}\n`,
    });
    await served.source.commit({ 'moved/on': 'since then\n' });
    // What is told Bitbucket would go through the proxy without a token.
    await using bitbucket = await startFakeBitbucket({
      repositories: { 'team/app': [commit] },
      tokens: [{ authorization: 'Bearer token', scopes: ['repository', 'pullrequest'] }],
    });
    bitbucket.openPullRequest('team/app', { id: 7, branch: 'main', commit });
    await using folder = await temporaryFolder();
    const images = join(folder.path, 'images');
    const build = async (clone: string, ...words: readonly string[]) =>
      await preheat(['build', '--registry', `oci:${images}`, ...words], {
        cwd: folder.path,
        env: stepIn(clone, commit, served.proxy.url, bitbucket),
      });
    const none = join(folder.path, 'none');
    await mkdir(none);
    const first = await build(none);
    assert.equal(first.exitCode, 0, first.stderr);
    const { digest } = await readOutcome(none);
    assert.deepEqual((await readdir(none)).toSorted(), ['.preheat']);
    for (const args of [
      ['--depth=2'],
      ['--filter=blob:none', '--sparse', '--depth=50'],
      ['--filter=tree:0'],
      [],
    ]) {
      const clone = cloneAsPipelines(served, join(folder.path, `clone${args.join('')}`), { args, commit });
      const git = listingOf(join(clone, '.git'));
      const run = await build(clone);
      assert.equal(run.exitCode, 0, run.stderr);
      assert.equal((await readOutcome(clone)).digest, digest, args.join(' '));
      assert.equal(listingOf(join(clone, '.git')), git);
      assert.deepEqual(
        (await readdir(join(clone, '.preheat'))).filter((name) => /^(?:overlay|source|context)\./.test(name)),
        [],
      );
    }
  });

  it('ends a build whose sources cannot be had with what to change, and a plan likewise (30)', async () => {
    await using folder = await temporaryFolder();
    const env = stepIn(folder.path, 'c'.repeat(40), 'http://127.0.0.1:9/');
    for (const command of ['plan', 'build']) {
      const words = [command, '--registry', `oci:${join(folder.path, 'images')}`];
      const { exitCode, stderr } = await preheat(words, { cwd: folder.path, env });
      assert.equal(exitCode, 30, stderr);
      assert.match(stderr, /cannot fetch commit c{12} from http:\/\/bitbucket\.org\/team\/app: /);
      assert.match(
        stderr,
        /Write clone: \{ enabled: true, depth: full \} .* through http:\/\/127\.0\.0\.1:9\//,
      );
      assert.equal(existsSync(join(folder.path, '.preheat')), command === 'build');
    }
  });
});
