import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startFakeBitbucket, type FakeBitbucket } from '../../fakes/bitbucket.ts';
import type { StandingReport } from '../../fakes/bitbucket-reports.ts';
import { programLayer, repositoryWriter } from '../base-image.ts';
import { makeClone, type TestClone } from '../clone.ts';
import { removeImagesOf } from '../containers.ts';
import { startGitServer } from '../git-http-server.ts';
import { readOutcome } from '../preheat.ts';
import { ACCOUNT, startRegistry, type TestRegistry } from '../registry.ts';
import { startStepProxy, type StepRequest, type Upstream } from '../step-proxy.ts';
import type { Outcome } from '../../../src/report/outcome.ts';
import { loopbackAddress } from './loopback.ts';
import { makePipeImage } from './pipe-image.ts';
import { runPipeStep, type EndedStep, type PipeStep } from './pipe-step.ts';
import { fillStepClone, type CloneOptions } from './step-clone.ts';
import type { StepEvent } from './step-event.ts';
import { REPOSITORY } from './step-variables.ts';

const TOKEN = 'bitbucket-token-for-tests';
const STEP_CREDENTIAL = 'Bearer of-the-step';
const API_HOST = 'api.bitbucket.org';
const NAME = `${REPOSITORY.bitbucketWorkspace}/${REPOSITORY.slug}`;

/** A step to be run in a {@link PipeWorld}. */
export interface WorldStep extends Partial<Omit<PipeStep, 'image' | 'clone' | 'commit' | 'event' | 'host'>> {
  readonly event: StepEvent;
  readonly cloneOptions?: CloneOptions;
  /** The Bitbucket that the step reports to with a token. Without it a fake stands behind the step's proxy. */
  readonly bitbucket?: FakeBitbucket;
  /** Told of the clone's folder before the step begins. */
  readonly prepare?: (clone: string) => Promise<void>;
}

/** How a step of a {@link PipeWorld} ended. */
export interface WorldRun extends EndedStep {
  /** What the step left in the clone's state folder; absent where it did not get so far. */
  readonly outcome: Outcome | undefined;
  readonly commit: string;
  /** What was asked of the step's proxy, reports to Bitbucket without a token left out. */
  readonly proxied: readonly StepRequest[];
  /** The Code Insights reports of the commit. */
  readonly reports: readonly StandingReport[];
}

/** All that a pipe meets in Pipelines: repository, registry with a password, Bitbucket, and its own image. */
export interface PipeWorld extends AsyncDisposable {
  /** The repository on the server. */
  readonly repository: TestClone;
  readonly registry: TestRegistry;
  /** Name of a small base image in the registry. */
  readonly base: string;
  /** The fake that knows the commits that were there when it was started. */
  startBitbucket(): Promise<FakeBitbucket>;
  run(step: WorldStep): Promise<WorldRun>;
  /** What a step gives to the pipe to publish into the registry. */
  readonly registryVariables: Readonly<Record<string, string>>;
}

/** Makes a world around a repository with these files; `.gitpod.yml` names the base image as `BASE`. */
export async function openPipeWorld(files: Readonly<Record<string, string>>): Promise<PipeWorld> {
  await using stack = new AsyncDisposableStack();
  const registry = stack.use(await startRegistry({ password: true }));
  stack.defer(() => removeImagesOf(registry.host));
  await repositoryWriter(registry.host, 'base/tools', ACCOUNT).image({ layers: [await programLayer()] }, '1');
  const base = `${registry.host}/base/tools:1`;
  const repository = stack.use(await makeClone(withBase(files, base)));
  await repository.git('config', 'uploadpack.allowFilter', 'true');
  const server = stack.use(
    await startGitServer({ repositories: { [NAME]: join(repository.directory, '.git') } }),
  );
  const image = stack.use(await makePipeImage());
  const registryVariables = {
    REGISTRY: `${registry.host}/team/app`,
    REGISTRY_USERNAME: ACCOUNT.username,
    REGISTRY_PASSWORD: ACCOUNT.password,
  };
  const owned = stack.move();
  return {
    repository,
    registry,
    base,
    registryVariables,
    async startBitbucket() {
      const commits = (await repository.git('rev-list', '--all')).split('\n');
      return await startFake(commits);
    },
    run: async ({ cloneOptions = {}, prepare, bitbucket, ...step }) => {
      await using folder = await mkdtempDisposable(join(tmpdir(), 'preheat-step-'));
      const clone = join(folder.path, 'build');
      const commit = await fillStepClone(clone, repository.directory, step.event, cloneOptions);
      await prepare?.(clone);
      const host = loopbackAddress();
      await using own = await startFake([commit]);
      const reached = bitbucket ?? own;
      const upstreams = { 'bitbucket.org': server, ...apiUpstreams(reached) };
      await using proxy = await startStepProxy({ address: host, port: 29_418, upstreams });
      const ended = await runPipeStep({
        ...step,
        host,
        image: image.name,
        clone,
        commit,
        variables: { ...registryVariables, ...bitbucketVariables(bitbucket), ...step.variables },
      });
      const outcome = await readOutcome(clone).catch(() => undefined);
      const proxied = proxy.requests.filter(({ url }) => new URL(url).host !== API_HOST);
      const reports = [...reached.reports(NAME, commit).values()];
      return { ...ended, outcome, commit, proxied, reports };
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function startFake(commits: readonly string[]): Promise<FakeBitbucket> {
  return await startFakeBitbucket({
    repositories: { [NAME]: commits },
    tokens: [
      { authorization: `Bearer ${TOKEN}`, scopes: ['repository', 'pullrequest'] },
      { authorization: STEP_CREDENTIAL, scopes: ['repository'] },
    ],
  });
}

function bitbucketVariables(bitbucket: FakeBitbucket | undefined): Readonly<Record<string, string>> {
  return bitbucket === undefined ? {} : { BITBUCKET_API: bitbucket.baseUrl, BITBUCKET_ACCESS_TOKEN: TOKEN };
}

/** The proxy adds a credential of the step; a fake has another address than Bitbucket. */
function apiUpstreams({ baseUrl }: FakeBitbucket): Readonly<Record<string, Upstream>> {
  const { host } = new URL(baseUrl);
  const upstream = { host, authorization: STEP_CREDENTIAL };
  return { [host]: upstream, [API_HOST]: upstream };
}

function withBase(files: Readonly<Record<string, string>>, base: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(files).map(([path, text]) => [
      path,
      path === '.gitpod.yml' ? text.replaceAll('BASE', base) : text,
    ]),
  );
}
