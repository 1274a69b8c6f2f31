import { mebibytesOf } from '../kernel/amounts.ts';
import type { MemoryAdvice, MemoryLimit } from '../build/memory-advisor.ts';
import type { PipelinesMemory } from '../config/pipelines-memory.ts';
import type { CallOptions } from '../oci/content-store.ts';
import type { Platform } from '../oci/platform.ts';
import type { CloneExaminer } from './clone-examiner.ts';
import type { ContainerTrialRequest, EngineExaminer } from './engine-examiner.ts';
import type {
  CloneExamination,
  EngineExamination,
  Examination,
  ForgeExamination,
  MemoryExamination,
} from './examination.ts';
import { examineRegistry, type RegistryPorts } from './examine-registry.ts';
import type { ForgeExaminer, StepProxyExaminer } from './forge-examiner.ts';
import type { OrasExaminer } from './oras-examiner.ts';
import type { NamedBase } from './registry-trial.ts';
import { tried, type Tried } from './tried.ts';

/** What is known of a push before anything is asked. */
export interface ExaminationRequest {
  readonly platform: Platform;
  /** The tag of the trial image. */
  readonly tag: string;
  readonly isInPipelines: boolean;
  readonly forge: Pick<ForgeExamination, 'repository' | 'token'>;
}

/** What the commit says that a build would take. */
export interface CommitReading {
  readonly id: string;
  /** The name of the workspace's configuration, or what is wrong with it. */
  readonly config: Tried<string>;
  /** How many other repositories the configuration names, or why not all can be asked; absent where it names none. */
  readonly others?: Tried<number>;
  /** What `.gitpod.yml` names; absent where it names no image or cannot be read. */
  readonly base?: NamedBase;
  /** What `bitbucket-pipelines.yml` says, in Pipelines or where there is such a file. */
  readonly pipelines?: PipelinesMemory;
}

export interface ExaminationPorts {
  readonly engine: EngineExaminer;
  /** What is started for a trial. */
  readonly trialContainer: (options: CallOptions) => Promise<ContainerTrialRequest>;
  readonly clone: CloneExaminer;
  readonly readCommit: (options: CallOptions) => Promise<CommitReading>;
  readonly oras: OrasExaminer;
  readonly registry: RegistryPorts;
  /** Absent where there is no repository of Bitbucket's or no token. */
  readonly forge: ForgeExaminer | undefined;
  /** Absent outside Pipelines. */
  readonly stepProxy: StepProxyExaminer | undefined;
  readonly adviseMemory: (
    limit: MemoryLimit | undefined,
    pipelines: PipelinesMemory | undefined,
  ) => MemoryAdvice;
}

const ANSWER_MS = 20_000;
/** What a clone lacks of the commit is fetched, as a build does it. */
const COMMIT_MS = 180_000;
/** A container and an image come and go. */
const CONTAINER_MS = 60_000;
/** oras may have to be downloaded. */
const ORAS_MS = 120_000;

/** Asks everything at the same time that does not need the answer of another, each for a bounded time. */
export async function examine(
  request: ExaminationRequest,
  ports: ExaminationPorts,
  { signal }: CallOptions,
): Promise<Examination> {
  const reading = tried('read the commit', ports.readCommit, { signal, deadlineMs: COMMIT_MS });
  const [commit, engine, clone, store, forge] = await Promise.all([
    reading,
    examineEngine(request, ports, { signal }),
    examineClone(ports.clone, { signal }),
    examineStore(request, reading, ports, { signal }),
    reading.then(async (known) => await examineForge(request, known, ports, { signal })),
  ]);
  return {
    engine,
    memory: memoryOf(request, commit, engine, ports),
    clone: { ...clone, ...sourcesOf(commit) },
    ...store,
    forge,
  };
}

function sourcesOf(commit: Tried<CommitReading>): Pick<CloneExamination, 'commit' | 'config' | 'others'> {
  if (commit.kind === 'failed') return { commit };
  const { id, config, others } = commit.value;
  return { commit: { ...commit, value: id }, config, ...(others && { others }) };
}

async function examineEngine(
  { platform: wanted, isInPipelines }: ExaminationRequest,
  { engine, trialContainer }: ExaminationPorts,
  { signal }: CallOptions,
): Promise<EngineExamination> {
  const described = await tried('ask the engine', async (call) => await engine.describe(call), {
    signal,
    deadlineMs: ANSWER_MS,
  });
  if (described.kind === 'failed') return { wanted, isInPipelines, engine: described };
  const container = await tried(
    'start a container',
    async (call) => await engine.tryContainer(await trialContainer(call), call),
    { signal, deadlineMs: CONTAINER_MS },
  );
  return { wanted, isInPipelines, engine: described, container };
}

function memoryOf(
  { isInPipelines }: ExaminationRequest,
  commit: Tried<CommitReading>,
  { engine, container }: EngineExamination,
  { adviseMemory }: ExaminationPorts,
): MemoryExamination {
  const read = commit.kind === 'done' ? commit.value.pipelines : undefined;
  const limit = container?.kind === 'done' ? container.value.memory : machineOf(engine);
  const service = read && {
    memory:
      isInPipelines && limit?.of === 'group'
        ? { ...read, megabytes: mebibytesOf(limit.bytes), isStated: true }
        : read,
    advice: adviseMemory(isInPipelines ? limit : undefined, read),
  };
  return {
    ...(service && { service }),
    ...(limit && !isInPipelines && { engine: { limit, advice: adviseMemory(limit, undefined) } }),
  };
}

function machineOf(engine: EngineExamination['engine']): MemoryLimit | undefined {
  return engine.kind === 'done' ? { bytes: engine.value.memoryBytes, of: 'machine' } : undefined;
}

async function examineClone(
  clone: CloneExaminer,
  { signal }: CallOptions,
): Promise<Omit<CloneExamination, 'commit' | 'config'>> {
  const bounded = { signal, deadlineMs: ANSWER_MS };
  const git = await tried('run git', async (call) => await clone.gitVersion(call), bounded);
  if (git.kind === 'failed') return { git };
  return { git, clone: await tried('read the clone', async (call) => await clone.describe(call), bounded) };
}

/** The registry is asked by oras, so that oras comes first. */
async function examineStore(
  { tag, platform }: ExaminationRequest,
  reading: Promise<Tried<CommitReading>>,
  ports: ExaminationPorts,
  { signal }: CallOptions,
): Promise<Pick<Examination, 'oras' | 'registry'>> {
  const oras = await tried('find oras', async (call) => await ports.oras.find(call), {
    signal,
    deadlineMs: ORAS_MS,
  });
  if (oras.kind === 'failed') return { oras };
  const commit = await reading;
  const base = commit.kind === 'done' ? commit.value.base : undefined;
  return { oras, registry: await examineRegistry({ tag, platform, base }, ports.registry, { signal }) };
}

async function examineForge(
  { forge: known }: ExaminationRequest,
  commit: Tried<CommitReading>,
  { forge, stepProxy }: ExaminationPorts,
  { signal }: CallOptions,
): Promise<ForgeExamination> {
  const bounded = { signal, deadlineMs: ANSWER_MS };
  const id = commit.kind === 'done' ? commit.value.id : undefined;
  const [statuses, pullRequests, reports] = await Promise.all([
    forge && id && tried('read build statuses', async (call) => await forge.readStatuses(id, call), bounded),
    forge && tried('read pull requests', async (call) => await forge.readPullRequests(call), bounded),
    stepProxy && id && tried('read reports', async (call) => await stepProxy.readReports(id, call), bounded),
  ]);
  return {
    ...known,
    ...(statuses && { statuses }),
    ...(pullRequests && { pullRequests }),
    ...(stepProxy && reports && { proxy: { address: stepProxy.address, reports } }),
  };
}
