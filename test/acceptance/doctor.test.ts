import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { z } from 'zod';
import type { Mark } from '../../src/doctor/finding.ts';
import { startFakeBitbucket } from '../fakes/bitbucket.ts';
import { startStepProxy } from '../support/step-proxy.ts';
import { makeClone } from '../support/clone.ts';
import { preheat } from '../support/preheat.ts';
import { ACCOUNT, startRegistry } from '../support/registry.ts';
import { pushFromEngine } from '../support/push-from-engine.ts';

const TOKEN = 'bitbucket-token-for-tests';
const SECRET = { REGISTRY_USERNAME: ACCOUNT.username, REGISTRY_PASSWORD: ACCOUNT.password };
const PIPELINE = {
  CI: 'true',
  BITBUCKET_PIPELINE_UUID: '{11111111-2222-3333-4444-555555555555}',
  BITBUCKET_BRANCH: 'main',
  BITBUCKET_WORKSPACE: 'team',
  BITBUCKET_REPO_SLUG: 'app',
};
const MEMORY = 'definitions:\n  services:\n    docker:\n      memory: 3072\n';

const Told = z.object({
  schemaVersion: z.literal(1),
  exitCode: z.number(),
  findings: z.array(
    z.object({ check: z.string(), mark: z.enum(['good', 'warning', 'bad']), found: z.string() }).loose(),
  ),
});

/** The checks of each mark, in their order. */
function checksOf(stdout: string): Partial<Record<Mark, readonly string[]>> {
  const { findings } = Told.parse(JSON.parse(stdout));
  return Object.fromEntries(
    [...Map.groupBy(findings, ({ mark }) => mark)].map(([mark, all]) => [
      mark,
      all.map(({ check }) => check),
    ]),
  );
}

/** A step of Pipelines in which nothing is amiss. */
async function openStep(files: Readonly<Record<string, string>> = { 'bitbucket-pipelines.yml': MEMORY }) {
  await using stack = new AsyncDisposableStack();
  const registry = stack.use(await startRegistry({ password: true }));
  const image = await pushFromEngine('busybox:1.36', `${registry.host}/base/busybox:1.36`, SECRET);
  const clone = stack.use(await makeClone({ '.gitpod.yml': `image: ${image}\n`, ...files }));
  const commit = await clone.git('rev-parse', 'HEAD');
  const bitbucket = stack.use(
    await startFakeBitbucket({
      repositories: { 'team/app': [commit] },
      tokens: [
        { authorization: `Bearer ${TOKEN}`, scopes: ['repository', 'pullrequest'] },
        { authorization: 'Bearer step', scopes: ['repository'] },
      ],
    }),
  );
  const { host } = new URL(bitbucket.baseUrl);
  const upstreams = { [host]: { host, authorization: 'Bearer step' } };
  const proxy = stack.use(await startStepProxy({ upstreams }));
  const env = {
    ...PIPELINE,
    ...SECRET,
    BITBUCKET_COMMIT: commit,
    BITBUCKET_API: bitbucket.baseUrl,
    BITBUCKET_ACCESS_TOKEN: TOKEN,
    STEP_PROXY: proxy.url,
    REGISTRY: `${registry.host}/team/app`,
    NETWORK: 'host',
  };
  const owned = stack.move();
  return { registry, clone, bitbucket, env, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

describe('preheat doctor', () => {
  it('finds nothing amiss in a step where nothing is, and leaves nothing behind', async () => {
    await using step = await openStep();
    const { directory } = step.clone;
    const before = await readdir(directory);
    const run = await preheat(['doctor', '--json'], { cwd: directory, env: step.env });
    assert.equal(run.exitCode, 0, run.stdout);
    assert.deepEqual(checksOf(run.stdout), {
      good: [
        'git',
        'clone',
        'configuration',
        'engine',
        'BuildKit',
        'container',
        'pipelines',
        'oras',
        'credentials',
        'registry',
        'push',
        'pull',
        'mount',
        'referrers',
        'delete',
        'Bitbucket',
        'statuses',
        'pull requests',
        'step proxy',
      ],
    });
    assert.deepEqual(await readdir(directory), before);
    assert.deepEqual(
      step.bitbucket.requests.filter(({ method }) => method !== 'GET'),
      [],
    );
    for (const secret of [TOKEN, ACCOUNT.password]) assert.ok(!`${run.stdout}${run.stderr}`.includes(secret));
  });

  it('tells people what is so, why it matters, what to change and what to paste', async () => {
    await using step = await openStep({});
    const { BITBUCKET_ACCESS_TOKEN: _, ...env } = step.env;
    const { exitCode, stdout, stderr } = await preheat(['doctor'], { cwd: step.clone.directory, env });
    assert.equal(exitCode, 0, stdout);
    assert.match(stdout, /^✔ git +git \d+\.\d+\S*\n +why: it reads the commit/);
    assert.match(stdout, /^! pipelines +in Pipelines the docker service has 1024 MB, the default/m);
    assert.match(stdout, /^ +change: Give the docker service 3072 MB, or let the tasks use less\.$/m);
    assert.ok(stdout.includes(`\n${MEMORY}\n`), stdout);
    assert.match(stdout, /^! Bitbucket +no token for team\/app is given$/m);
    assert.match(stderr, /✔ ready: \d+ checks, 2 to look at \(pipelines, Bitbucket\)$/);
  });

  it('tells all at once where everything is wrong', async () => {
    await using clone = await makeClone({ '.gitpod.yml': 'image: [\n' });
    const commit = await clone.git('rev-parse', 'HEAD');
    await using bitbucket = await startFakeBitbucket({ repositories: {}, tokens: [] });
    const env = {
      ...PIPELINE,
      BITBUCKET_COMMIT: commit,
      BITBUCKET_API: bitbucket.baseUrl,
      BITBUCKET_ACCESS_TOKEN: TOKEN,
      STEP_PROXY: 'http://127.0.0.1:9',
      REGISTRY: '127.0.0.1:9/team/app',
      DOCKER_HOST: 'tcp://127.0.0.1:9',
    };
    const { exitCode, stdout, stderr } = await preheat(['doctor', '--json'], { cwd: clone.directory, env });
    assert.deepEqual(checksOf(stdout), {
      good: ['git', 'clone', 'oras', 'credentials', 'Bitbucket'],
      warning: ['pipelines', 'pull requests', 'step proxy'],
      bad: ['configuration', 'engine', 'registry', 'statuses'],
    });
    assert.equal(exitCode, 20, stdout);
    assert.match(stderr, /"lines":\["✖ not ready: configuration, engine, registry, statuses"\]/);
  });

  it('asks for the other repositories that the configuration names', async () => {
    await using other = await makeClone({ a: 'a' });
    await using clone = await makeClone({});
    const examine = async (yaml: string) => {
      await clone.commit({ '.gitpod.yml': `image: debian:bookworm\n${yaml}` });
      return await preheat(['doctor', '--registry', 'oci:images'], { cwd: clone.directory });
    };
    const listed = (url: string): string =>
      `additionalRepositories:\n  - { url: ${url}, checkoutLocation: lib }\n`;
    const there = await examine(listed(`file://${other.directory}`));
    assert.match(there.stdout, /^✔ repositories +the other one can be read$/m);
    const gone = await examine(listed('file:///nowhere/lib'));
    assert.match(
      gone.stdout,
      /^✖ repositories +cannot read the branches of repository file:\/\/\/nowhere\/lib: /m,
    );
    assert.equal(gone.exitCode, 30);
    const main = await examine('mainConfiguration: file:///nowhere/config\n');
    assert.match(main.stdout, /^✖ repositories +cannot read .*\/nowhere\/config/m);
  });

  it('ends with the code of what fails first', async () => {
    await using clone = await makeClone({ '.gitpod.yml': 'image: debian:bookworm\n' });
    const registry = ['--registry', '127.0.0.1:9/team/app'];
    const unreachable = await preheat(['doctor', ...registry], { cwd: clone.directory });
    assert.equal(unreachable.exitCode, 30, unreachable.stdout);
    const nowhere = await preheat(['doctor', '--repository', '/nonexistent'], { cwd: '/' });
    assert.equal(nowhere.exitCode, 10, nowhere.stdout);
    assert.match(nowhere.stdout, /^✖ clone/m);
  });
});
