import assert from 'node:assert/strict';
import { mkdtempDisposable, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { execa } from 'execa';
import { Manifest } from '../../src/oci/manifest.ts';
import { startFakeBitbucket, type FakeBitbucket } from '../fakes/bitbucket.ts';
import { makeClone, type TestClone } from '../support/clone.ts';
import { preheat, readOutcome } from '../support/preheat.ts';
import { startRegistry, type TestRegistry } from '../support/registry.ts';
import { makeTaskImage, type TaskImage } from '../support/task-image.ts';

const PIPE = fileURLToPath(new URL('../../pipe/main.ts', import.meta.url));
const TOKEN = 'bitbucket-token-for-tests';
const PULL_REQUEST = { id: 12, branch: 'feature/login' };

const fileOf = (image: string, init: string): string => `image: ${image}
taskz: 1
tasks:
  # preheat: inputs=lock.txt
  - name: install
    init: ${init}
`;

const oras = async (...words: readonly string[]): Promise<string> =>
  (await execa('oras', [...words, '--plain-http'])).stdout;

describe('what pull requests are told of pushes', () => {
  let image: TaskImage;
  let registry: TestRegistry;
  let clone: TestClone;
  let bitbucket: FakeBitbucket;
  let commits: { readonly main: string; readonly docs: string; readonly broken: string };

  /** The pipe's step for the commit that is checked out. */
  const push = async (branch: string, more: Readonly<Record<string, string>> = {}) => {
    const { PATH = '', HOME = '', DOCKER_HOST } = process.env;
    const env = {
      PATH,
      HOME,
      ...(DOCKER_HOST !== undefined && { DOCKER_HOST }),
      CI: 'true',
      BITBUCKET_PIPELINE_UUID: '{11111111-2222-3333-4444-555555555555}',
      BITBUCKET_CLONE_DIR: clone.directory,
      BITBUCKET_COMMIT: await clone.git('rev-parse', 'HEAD'),
      BITBUCKET_BRANCH: branch,
      BITBUCKET_WORKSPACE: 'team',
      BITBUCKET_REPO_SLUG: 'app',
      BITBUCKET_GIT_HTTP_ORIGIN: 'http://bitbucket.org/team/app',
      BITBUCKET_BUILD_NUMBER: '7',
      BITBUCKET_ACCESS_TOKEN: TOKEN,
      BITBUCKET_API: bitbucket.baseUrl,
      DEFAULT_BRANCH: 'main',
      REGISTRY: `${registry.host}/app`,
      ...more,
    };
    return await execa(process.execPath, [PIPE], { env, extendEnv: false, reject: false, cwd: '/' });
  };
  const open = (commit: string): void => bitbucket.openPullRequest('team/app', { ...PULL_REQUEST, commit });
  const comments = (): readonly string[] => bitbucket.comments('team/app', 12).map(({ raw }) => raw);

  before(async () => {
    image = await makeTaskImage();
    registry = await startRegistry();
    clone = await makeClone({
      '.gitpod.yml': fileOf(image.name, 'cat lock.txt > made.txt'),
      'lock.txt': '1\n',
    });
    const main = await clone.git('rev-parse', 'HEAD');
    await clone.git('checkout', '--quiet', '-b', 'feature/login');
    const docs = await clone.commit({ 'README.md': 'docs\n' });
    const broken = await clone.commit({ '.gitpod.yml': fileOf(image.name, 'echo no luck; exit 3') });
    commits = { main, docs, broken };
    bitbucket = await startFakeBitbucket({
      repositories: { 'team/app': [main, docs, broken] },
      tokens: [{ authorization: `Bearer ${TOKEN}`, scopes: ['repository', 'pullrequest'] }],
    });
  });
  after(async () => {
    await bitbucket[Symbol.asyncDispose]();
    await clone[Symbol.asyncDispose]();
    await registry[Symbol.asyncDispose]();
    await image[Symbol.asyncDispose]();
  });

  it('is nothing of a push to the default branch but status and report', async () => {
    await clone.git('checkout', '--quiet', 'main');
    const { exitCode, stderr } = await push('main');
    assert.equal(exitCode, 0, stderr);
    const reports = [...bitbucket.reports('team/app', commits.main).values()];
    assert.deepEqual(
      reports.map(({ report }) => report.result),
      ['PASSED'],
    );
    assert.partialDeepStrictEqual(
      [...(reports[0]?.annotations.values() ?? [])],
      [{ path: '.gitpod.yml', line: 2, annotation_type: 'CODE_SMELL' }],
    );
    assert.ok(bitbucket.requests.length <= 8, `${bitbucket.requests.length} requests`);
  });

  it('is how to open it and what that costs, in one comment, however often the commit is built', async () => {
    open(commits.docs);
    await clone.git('checkout', '--quiet', commits.docs);
    for (let times = 0; times < 2; times++) {
      const asked = bitbucket.requests.length;
      const { exitCode, stderr } = await push('feature/login');
      assert.equal(exitCode, 0, stderr);
      assert.ok(bitbucket.requests.length - asked <= 8, `${bitbucket.requests.length - asked} requests`);
    }
    const [comment = '', ...more] = comments();
    assert.deepEqual(more, []);
    assert.match(comment, new RegExp(`✔ \`${commits.docs.slice(0, 12)}\` is \\*\\*warm\\*\\*`));
    assert.match(
      comment,
      /\| Price \| [\d.]+ k?B \(1 layer\), about [\d.]+ s, for whoever has the image of `main`; [\d.]+ MB in all \|/,
    );
    assert.match(comment, /\| `tasks` \| reused \| /);
  });

  it('is a page, an outcome and a history, kept beside the image too', async () => {
    const tag = `report-branch.feature-login.${await slugEnd()}-${commits.docs}`;
    const manifest = Manifest.parse(
      JSON.parse(await oras('manifest', 'fetch', `${registry.host}/app:${tag}`)),
    );
    const outcome = await readOutcome(clone.directory);
    assert.equal(manifest.subject?.digest, outcome.digest);
    await using folder = await mkdtempDisposable(join(tmpdir(), 'preheat-report-'));
    await oras('pull', '--output', folder.path, `${registry.host}/app:${tag}`);
    const page = gunzipSync(await readFile(join(folder.path, 'report.html.gz'))).toString();
    assert.match(page, /^<!doctype html>/);
    assert.match(page, new RegExp(commits.main.slice(0, 12)), 'the history has the run of main');
    const discovered = await oras('discover', '--format', 'json', `${registry.host}/app@${outcome.digest}`);
    assert.match(discovered, /application\/vnd\.preheat\.report\.v1/);
  });

  it('is told again from the outcome alone', async () => {
    const folder = join(clone.directory, '.preheat');
    const page = await readFile(join(folder, 'report.html'), 'utf8');
    const again = await preheat(['report', '--from', join(folder, 'outcome.json')], { cwd: clone.directory });
    assert.equal(again.exitCode, 0, again.stderr);
    assert.equal(await readFile(join(folder, 'report.html'), 'utf8'), page);
    assert.equal((await readFile(join(folder, 'comment.md'), 'utf8')).trim(), comments()[0]);
    assert.match(
      await readFile(join(folder, 'test-results', 'preheat.xml'), 'utf8'),
      /<testcase [^>]*name="tasks"/,
    );
    const none = await preheat(['report', '--from', join(folder, 'preheat.env')], { cwd: clone.directory });
    assert.equal(none.exitCode, 2);
    assert.match(none.stderr, /cannot read .*preheat\.env: /);
  });

  it('is which task failed and where, in the same comment, without failing the step', async () => {
    open(commits.broken);
    await clone.git('checkout', '--quiet', commits.broken);
    const { exitCode, stderr } = await push('feature/login');
    assert.equal(exitCode, 0, stderr);
    const [comment = '', ...more] = comments();
    assert.deepEqual(more, []);
    assert.match(
      comment,
      /is \*\*not warm\*\*: task "install" failed with exit code 3\. This blocks no merge by itself\./,
    );
    assert.match(comment, /line 6\.\n\n```\nno luck\n```/);
    assert.partialDeepStrictEqual(bitbucket.statuses('team/app', commits.broken), [{ state: 'STOPPED' }]);
    const [report] = bitbucket.reports('team/app', commits.broken).values();
    assert.partialDeepStrictEqual(report?.annotations.get('preheat-task'), { path: '.gitpod.yml', line: 6 });
    const xml = await readFile(join(clone.directory, '.preheat', 'test-results', 'preheat.xml'), 'utf8');
    assert.match(
      xml,
      /<failure message="task &quot;install&quot; failed with exit code 3">no luck<\/failure>/,
    );
  });

  it('adds up over time', async () => {
    const words = ['stats', '--registry', `${registry.host}/app`];
    const { stdout, stderr } = await preheat([...words, '--json'], { cwd: clone.directory });
    const { lines } = JSON.parse(stdout) as { readonly lines: readonly unknown[] };
    assert.partialDeepStrictEqual(
      lines,
      [
        { ref: 'feature/login', step: 'tasks', runs: 1, hits: 1 },
        { ref: 'main', step: 'tasks', runs: 1, hits: 0 },
      ],
      stderr,
    );
    const told = await preheat(words, { cwd: clone.directory });
    assert.match(told.stdout, /^2 runs from .*\n\nbranch +step +runs +hits +hit rate/);
  });

  /** The check digits of the branch's name in tags. */
  async function slugEnd(): Promise<string> {
    const tags = await oras('repo', 'tags', `${registry.host}/app`);
    return /^report-branch\.feature-login\.([0-9a-f]{12})-/m.exec(tags)?.[1] ?? '';
  }
});
