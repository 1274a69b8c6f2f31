import { bytesText } from '../kernel/amounts.ts';
import { formatPlatform, platformMatches } from '../oci/platform.ts';
import type { ContainerTrial, EngineFacts } from './engine-examiner.ts';
import type { EngineExamination } from './examination.ts';
import { failed, type Finding } from './finding.ts';

const WHY = 'tasks run in its containers, and Dockerfiles are built by it';
/** https://support.atlassian.com/bitbucket-cloud/docs/global-options/#Docker */
const ADD_DOCKER = { file: 'bitbucket-pipelines.yml', yaml: 'options:\n  docker: true' };
/** The first Docker Engine whose API has all that is asked of it. */
const OLDEST_DOCKER = 20;

/** What an engine is, whether it builds for the platform that is wanted, and whether containers start. */
export function judgeEngine(examination: EngineExamination): readonly Finding[] {
  const { wanted, isInPipelines, engine, container } = examination;
  const about = { check: 'engine', why: WHY, phase: 'build' } as const;
  if (engine.kind === 'failed')
    return [{ ...failed(about, engine), ...(isInPipelines ? { remedy: ADD_DOCKER } : {}) }];
  const facts = engine.value;
  return [
    { ...about, ...judgeFacts(facts) },
    ...judgePlatform(facts, wanted),
    ...judgeBuildKit(facts),
    ...(container === undefined ? [] : judgeContainer(container, facts)),
  ];
}

function judgeFacts(facts: EngineFacts): Pick<Finding, 'mark' | 'found' | 'change'> {
  const { product, version, address, platform, storageDriver, processors, memoryBytes, freeDisk } = facts;
  const store = facts.isContainerdStore ? "containerd's store" : storageDriver;
  const size = `${processors} processors, ${bytesText(memoryBytes)} of memory${freeDisk === undefined ? '' : `, ${freeDisk} of disk free`}`;
  const found = `${product} ${version} at ${address}: ${formatPlatform(platform)}, ${store}, ${size}`;
  if (product !== 'Docker Engine' || Number.parseInt(version, 10) >= OLDEST_DOCKER)
    return { mark: 'good', found };
  return { mark: 'warning', found, change: `Use Docker Engine ${OLDEST_DOCKER}.10 or later.` };
}

function judgePlatform({ platform }: EngineFacts, wanted: EngineExamination['wanted']): readonly Finding[] {
  if (platformMatches(wanted, platform)) return [];
  return [
    {
      check: 'platform',
      mark: 'bad',
      found: `the engine is for ${formatPlatform(platform)}, the image is to be for ${formatPlatform(wanted)}`,
      why: 'tasks run on the engine itself, without emulation',
      change: 'Use an engine of that platform, or name its own with --platform.',
      phase: 'build',
    },
  ];
}

function judgeBuildKit({ hasBuildKit }: EngineFacts): readonly Finding[] {
  const about = {
    check: 'BuildKit',
    why: 'a base image from a Dockerfile is built by it',
    phase: 'build',
  } as const;
  return hasBuildKit
    ? [{ ...about, mark: 'good', found: 'the engine builds Dockerfiles' }]
    : [
        {
          ...about,
          mark: 'warning',
          found: 'the engine does not offer it',
          change:
            'Use Docker Engine 23 or later, or name the base image by "image:" instead of a Dockerfile.',
        },
      ];
}

function judgeContainer(
  container: NonNullable<EngineExamination['container']>,
  { plugins }: EngineFacts,
): readonly Finding[] {
  const why = 'a build starts one as here: without mounts, privileges or added capabilities';
  const about = { check: 'container', why, phase: 'build' } as const;
  if (container.kind === 'failed') return [failed(about, container)];
  return [
    { ...about, mark: 'good', found: 'one was made, started and removed' },
    ...judgeRefusals(container.value, plugins),
  ];
}

function judgeRefusals({ refusals }: ContainerTrial, plugins: readonly string[]): readonly Finding[] {
  if (refusals.length === 0) return [];
  const by = plugins.length === 0 ? 'the engine refuses' : `the plugin ${plugins.join(', ')} refuses`;
  return [
    {
      check: 'refusals',
      mark: 'good',
      found: `${by} ${refusals.map(({ what }) => what).join(', ')} (${refusals[0]?.words ?? ''})`,
      why: 'Bitbucket Pipelines does, and it does no harm: builds ask for nothing of that',
      phase: 'build',
    },
  ];
}
