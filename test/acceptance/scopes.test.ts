import assert from 'node:assert/strict';
import { execa } from 'execa';
import { makeClone, type TestClone } from '../support/clone.ts';
import { removeImagesOf } from '../support/containers.ts';
import { hasSaid, preheat, readOutcome, startPreheat } from '../support/preheat.ts';
import { pushFromEngine } from '../support/push-from-engine.ts';
import { startRegistry, type TestRegistry } from '../support/registry.ts';
import { makeTaskImage } from '../support/task-image.ts';

const gitpodYml = (image: string, init: string): string =>
  `image: ${image}\ntasks:\n  # preheat: inputs=lock.txt\n  - init: ${init}\n`;
/** Runs as long as somebody lets it. */
const SLOW = 'while ! test -e /workspace/go; do sleep 0.1; done';

describe('records and hints of scopes, in a registry', () => {
  let registry: TestRegistry;
  let clone: TestClone;
  let base: string;

  before(async () => {
    registry = await startRegistry();
    await using image = await makeTaskImage();
    base = await pushFromEngine(image.name, `${registry.host}/base/small:1`);
    clone = await makeClone({ '.gitpod.yml': gitpodYml(base, 'cat lock.txt > out.txt'), 'lock.txt': '0\n' });
  });
  after(async () => {
    await removeImagesOf(registry.host);
    await clone[Symbol.asyncDispose]();
    await registry[Symbol.asyncDispose]();
  });

  const words = (command: string): readonly string[] => {
    const where = ['--registry', `${registry.host}/team/app`, '--step-proxy', 'none'];
    return [command, '--default-branch', 'main', ...where];
  };
  /** What became of the tasks at a commit, and why. */
  const build = async (env: Readonly<Record<string, string>> = {}) => {
    const { exitCode, stderr } = await preheat(words('build'), { cwd: clone.directory, env });
    assert.equal(exitCode, 0, stderr);
    const { steps, digest } = await readOutcome(clone.directory);
    const [step] = steps;
    assert.ok(step !== undefined);
    return { ...step, digest };
  };
  const buildAt = async (branch: string, files: Readonly<Record<string, string>>) => {
    await clone.git('checkout', '--quiet', '-B', branch);
    await clone.commit(files);
    return await build();
  };
  const pullRequest =
    (id: number, branch: string, into: string) => async (files: Readonly<Record<string, string>>) => {
      await clone.git('checkout', '--quiet', '-B', branch);
      const commit = await clone.commit(files);
      return await build({
        CI: 'true',
        BITBUCKET_PIPELINE_UUID: '{11111111-2222-3333-4444-555555555555}',
        BITBUCKET_CLONE_DIR: clone.directory,
        BITBUCKET_COMMIT: commit.slice(0, 12),
        BITBUCKET_BRANCH: branch,
        BITBUCKET_WORKSPACE: 'team',
        BITBUCKET_REPO_SLUG: 'app',
        BITBUCKET_GIT_HTTP_ORIGIN: 'http://bitbucket.org/team/app',
        BITBUCKET_PR_ID: String(id),
        BITBUCKET_PR_DESTINATION_BRANCH: into,
      });
    };
  const digestOf = async (tag: string): Promise<string> =>
    (await execa('oras', ['resolve', '--plain-http', `${registry.host}/team/app:${tag}`])).stdout;

  it('a branch reads its own and those of the default branch, which never reads a branch’s', async () => {
    assert.equal((await buildAt('main', { README: '1\n' })).outcome, 'ran');
    const onBranch = await buildAt('feature', { README: '2\n' });
    assert.equal(onBranch.outcome, 'reused');
    assert.match(onBranch.reason, /^protected branch main ran it/);

    assert.equal((await buildAt('feature', { 'lock.txt': '1\n' })).outcome, 'ran');
    const again = await buildAt('feature', { README: '3\n' });
    assert.equal(again.outcome, 'reused');
    assert.match(again.reason, /^branch feature ran it/);

    assert.equal(
      (await buildAt('other', { README: '4\n' })).outcome,
      'ran',
      'of another branch it knows nothing',
    );
    const onMain = await buildAt('main', { README: '5\n' });
    assert.equal(onMain.outcome, 'ran');
    assert.match(onMain.reason, /^lock\.txt: .* → .* \(since commit [0-9a-f]{12} of protected branch main\)/);
  });

  it('a pull request reads its own, its branch’s, its destination’s', async () => {
    const ofPull = pullRequest(7, 'topic', 'main');
    assert.equal((await buildAt('topic', { 'lock.txt': 'topic\n' })).outcome, 'ran');
    const ofBranch = await ofPull({ README: '6\n' });
    assert.equal(ofBranch.outcome, 'reused');
    assert.match(ofBranch.reason, /^branch topic ran it/);

    assert.equal((await ofPull({ 'lock.txt': 'pull\n' })).outcome, 'ran');
    assert.match((await ofPull({ README: '7\n' })).reason, /^pull request 7 ran it/);
    assert.equal(
      (await buildAt('topic', { README: '8\n' })).outcome,
      'ran',
      'a branch reads no pull request’s',
    );

    const ofDestination = await ofPull({ 'lock.txt': '1\n' });
    assert.equal(ofDestination.outcome, 'reused');
    assert.match(ofDestination.reason, /^protected branch main ran it/);
    const foreign = pullRequest(8, 'fork', 'main');
    assert.equal((await foreign({ 'lock.txt': 'pull\n' })).outcome, 'ran', 'nor another pull request');
  });

  it('two pushes that end in the wrong order leave the newer image under the branch', async () => {
    await clone.git('checkout', '--quiet', '-B', 'race');
    const older = await clone.commit({ '.gitpod.yml': gitpodYml(base, SLOW) });
    const slow = startPreheat(
      [...words('build'), '--commit', older, '--branch', 'race', '--state', '.older'],
      {
        cwd: clone.directory,
      },
    );
    await using ended = new AsyncDisposableStack();
    ended.defer(async () => void (slow.kill(), await slow));
    await hasSaid(slow, 'container');
    const newer = await buildAt('race', { '.gitpod.yml': gitpodYml(base, "'true'") });
    assert.equal(await digestOf('branch-race'), newer.digest);
    const filter = [
      '--filter',
      'label=dev.preheat.run',
      '--format',
      '{{.ID}} {{.Label "dev.preheat.owner"}}',
    ];
    const { stdout } = await execa('docker', ['ps', ...filter]);
    const container = stdout.split('\n').find((line) => line.endsWith(`/${slow.pid}`)) ?? '';
    await execa('docker', ['exec', container.split(' ')[0] ?? '', 'touch', '/workspace/go']);
    const { exitCode, stderr } = await slow;
    assert.equal(exitCode, 0, stderr);
    assert.match(stderr, /branch-race stays on a newer commit/);
    assert.equal(await digestOf('branch-race'), newer.digest);
    assert.notEqual(await digestOf(`commit-branch.race-${older}`), newer.digest);
  });

  it('costs few requests: three where nothing changed, and at most twelve to look up anything', async () => {
    const reads = async (): Promise<number> => {
      const requests = await registry.takeRequests();
      return requests.filter(({ method }) => method === 'GET' || method === 'HEAD').length;
    };
    await buildAt('quiet', { 'lock.txt': '1\n' });
    await reads();
    await build();
    assert.equal(await reads(), 3);
    for (const files of [{ README: '9\n' }, { 'lock.txt': 'quiet\n' }] as const) {
      await clone.commit(files);
      const { exitCode, stderr } = await preheat(words('plan'), { cwd: clone.directory });
      assert.equal(exitCode, 0, stderr);
      assert.ok((await reads()) <= 12);
    }
  });
});
