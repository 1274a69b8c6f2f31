import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRightsExaminer } from '../adapters/bitbucket/examine-rights.ts';
import type { BitbucketRepository } from '../adapters/bitbucket/repository-url.ts';
import { createStepProxyExaminer } from '../adapters/bitbucket/step-proxy.ts';
import { createCloneExaminer } from '../adapters/git/examine-clone.ts';
import { openStaging } from '../adapters/layout/staging-layout.ts';
import { createRegistryTrial } from '../adapters/oras/registry-trial.ts';
import { createHostToolbox } from '../adapters/toolbox/host-toolbox.ts';
import { createOrasExaminer } from '../adapters/toolcache/examine-oras.ts';
import type { Toolbox } from '../build/toolbox.ts';
import type { ExaminationPorts, ExaminationRequest } from '../doctor/examine.ts';
import type { Tried } from '../doctor/tried.ts';
import type { PushEvent } from '../event/push-event.ts';
import type { CallOptions } from '../oci/content-store.ts';
import type { Staging } from '../oci/staging.ts';
import { credentialOf } from './bitbucket-credential.ts';
import type { Folders } from './folders.ts';
import { stepProxyFor } from './open-sources.ts';
import { openOutside, openTarget, toolCacheOf } from './ports.ts';
import type { Session } from './session.ts';

/** The adapters of a doctor, and what else it takes from outside. */
export interface DoctorPorts {
  readonly adapters: Omit<ExaminationPorts, 'readCommit' | 'trialContainer' | 'adviseMemory'>;
  readonly toolbox: Toolbox;
  readonly forge: ExaminationRequest['forge'];
}

/** A call that hangs is given up sooner than in a build, which has nobody waiting before it. */
const LIMITS = { callMs: 15_000, bytesPerSecond: 256 * 1024 };

/** Connects the adapters of a doctor. Nothing is contacted before it is used. */
export function openDoctorPorts(folders: Folders, event: Tried<PushEvent>, session: Session): DoctorPorts {
  const { environment } = session;
  const { docker, oras, originOf } = openOutside(folders, session, LIMITS);
  const { location } = folders;
  const repository = event.kind === 'done' ? bitbucketOf(event.value) : undefined;
  return {
    adapters: {
      engine: docker.examiner,
      clone: createCloneExaminer(folders.clone),
      oras: createOrasExaminer({ cacheDir: toolCacheOf(session), searchPath: environment['PATH'] ?? '' }),
      registry: {
        target: openTarget(location, oras),
        trial: location.kind === 'registry' ? createRegistryTrial(location, oras) : undefined,
        openStaging: async () => await openTrialStaging(session),
        credentialOrigin: originOf,
      },
      ...openForge(repository, event, session),
    },
    toolbox: createHostToolbox(),
    forge: {
      repository: repository && `${repository.bitbucketWorkspace}/${repository.repositorySlug}`,
      token: tokenOf(session),
    },
  };
}

function openForge(
  repository: BitbucketRepository | undefined,
  event: Tried<PushEvent>,
  session: Session,
): Pick<ExaminationPorts, 'forge' | 'stepProxy'> {
  if (repository === undefined) return { forge: undefined, stepProxy: undefined };
  const { settings, redactor } = session;
  const credential = credentialOf(settings);
  const baseUrl = settings['bitbucket-api'];
  const address = event.kind === 'done' ? stepProxyFor(event.value, session) : undefined;
  return {
    forge: credential && createRightsExaminer({ ...repository, baseUrl, credential, redactor }),
    stepProxy:
      address === undefined
        ? undefined
        : createStepProxyExaminer({ ...repository, baseUrl, address, redactor }),
  };
}

const TOKENS = { bearer: 'access token', basic: 'API token', 'app-password': 'app password' } as const;

function tokenOf({ settings }: Session): ExaminationRequest['forge']['token'] {
  const credential = credentialOf(settings);
  return credential && TOKENS[credential.kind];
}

/** In Pipelines its variables tell the repository, elsewhere the address of `origin` does. */
function bitbucketOf({ bitbucket, repository }: PushEvent): BitbucketRepository | undefined {
  if (bitbucket !== undefined) return bitbucket;
  const [, bitbucketWorkspace, repositorySlug] =
    /^(?:[a-z]+:\/\/)?(?:[^@/]*@)?bitbucket\.org(?::\d+)?[:/]([^/]+)\/([^/]+?)(?:\.git)?\/?$/.exec(
      repository.remoteUrl ?? '',
    ) ?? [];
  return bitbucketWorkspace && repositorySlug ? { bitbucketWorkspace, repositorySlug } : undefined;
}

async function openTrialStaging({ signal }: CallOptions): Promise<Staging & AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await mkdtempDisposable(join(tmpdir(), 'preheat-doctor-')));
  const staging = await openStaging(folder.path, { signal });
  const owned = stack.move();
  return { ...staging, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
