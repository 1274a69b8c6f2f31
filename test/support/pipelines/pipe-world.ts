import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startFakeBitbucket, type FakeBitbucket } from '../../fakes/bitbucket.ts';
import { programLayer, repositoryWriter } from '../base-image.ts';
import { makeClone, type TestClone } from '../clone.ts';
import { removeImagesOf } from '../containers.ts';
import { readOutcome } from '../preheat.ts';
import { ACCOUNT, startRegistry, type TestRegistry } from '../registry.ts';
import type { Outcome } from '../../../src/report/outcome.ts';
import { loopbackAddress } from './loopback.ts';
import { makePipeImage } from './pipe-image.ts';
import { runPipeStep, type EndedStep, type PipeStep } from './pipe-step.ts';
import { fillStepClone, type CloneOptions } from './step-clone.ts';
import type { StepEvent } from './step-event.ts';
import { REPOSITORY } from './step-variables.ts';

const TOKEN = 'bitbucket-token-for-tests';

/** A step to be run in a {@link PipeWorld}. */
export interface WorldStep extends Partial<Omit<PipeStep, 'image' | 'clone' | 'commit' | 'event'>> {
  readonly event: StepEvent;
  readonly cloneOptions?: CloneOptions;
  /** Told of the clone's folder before the step begins. */
  readonly prepare?: (clone: string) => Promise<void>;
}

/** How a step of a {@link PipeWorld} ended. */
export interface WorldRun extends EndedStep {
  /** What the step left in the clone's state folder; absent where it did not get so far. */
  readonly outcome: Outcome | undefined;
  readonly commit: string;
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
      return startFakeBitbucket({
        repositories: { [`${REPOSITORY.bitbucketWorkspace}/${REPOSITORY.slug}`]: commits },
        tokens: [{ authorization: `Bearer ${TOKEN}`, scopes: ['repository'] }],
      });
    },
    run: async ({ cloneOptions = {}, prepare, ...step }) => {
      await using folder = await mkdtempDisposable(join(tmpdir(), 'preheat-step-'));
      const clone = join(folder.path, 'build');
      const commit = await fillStepClone(clone, repository.directory, step.event, cloneOptions);
      await prepare?.(clone);
      const ended = await runPipeStep({
        host: loopbackAddress(),
        ...step,
        image: image.name,
        clone,
        commit,
        variables: { ...registryVariables, ...step.variables },
      });
      const outcome = await readOutcome(clone).catch(() => undefined);
      return { ...ended, outcome, commit };
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** The variables by which a step reports to a fake Bitbucket. */
export function bitbucketVariables({ baseUrl }: FakeBitbucket) {
  return { BITBUCKET_API: baseUrl, BITBUCKET_ACCESS_TOKEN: TOKEN };
}

function withBase(files: Readonly<Record<string, string>>, base: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(files).map(([path, text]) => [
      path,
      path === '.gitpod.yml' ? text.replaceAll('BASE', base) : text,
    ]),
  );
}
