import type { ContainerCreateOptions } from 'dockerode';
import type { ContainerSpec, Engine, EngineImage } from '../../build/engine.ts';
import { PreheatError } from '../../kernel/failure.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import { parseDigest } from '../../oci/digest.ts';
import { formatPlatform } from '../../oci/platform.ts';
import { formatReference, parseReference, type Reference } from '../../oci/reference.ts';
import { createContainer } from './create-container.ts';
import type { CredentialSource } from '../../oci/credential-source.ts';
import { dockerContainer } from './docker-container.ts';
import type { EngineClient } from './engine-client.ts';
import { findImage, type FoundImage } from './find-image.ts';
import { listImages } from './list-images.ts';
import { pullImage, type PullContext } from './pull-image.ts';
import { removeContainer } from './remove-container.ts';

/** The label that every container of a run carries, with the run's ID. */
const RUN_LABEL = 'dev.preheat.run';

export interface DockerEngineOptions {
  readonly credentials: CredentialSource;
  readonly warn: (text: string) => void;
}

/** The build stage's `Engine` on Docker Engine. */
export function createDockerEngine(client: EngineClient, { credentials, warn }: DockerEngineOptions): Engine {
  return {
    provideImage: async (image, options) =>
      provideImage(image, { client, credentials, phase: 'build' }, options),
    createContainer: async (spec, options) =>
      dockerContainer(client, await createContainer(client, createOptions(spec), options), warn),
    sweep: async (isDead, options) => sweep(client, isDead, options),
  };
}

async function provideImage(
  image: EngineImage,
  context: PullContext,
  options: Parameters<Engine['provideImage']>[1],
): Promise<string> {
  if (image.source === 'engine') return fitting(await ownImage(context.client, image, options), image);
  const present = await pinnedImage(context.client, image, options);
  // One digest of an index may stand for the image of another platform.
  if (present !== undefined && fits(present, image)) return present.Id;
  const { platform, reference: label } = image;
  const more = { ...options, label, ...(platform === undefined ? {} : { platform }) };
  return fitting(await pullImage(pinned(image), context, more), image);
}

function fits({ RootFS }: FoundImage, { diffIds }: EngineImage): boolean {
  const has = RootFS?.Layers ?? [];
  return (
    diffIds === undefined || (has.length === diffIds.length && has.every((id, at) => id === diffIds[at]))
  );
}

function fitting(found: FoundImage, image: EngineImage): string {
  if (fits(found, image)) return found.Id;
  const { reference, digest, platform } = image;
  const asked = platform === undefined ? '' : ` for ${formatPlatform(platform)}`;
  throw new PreheatError(
    `cannot use image ${reference}${asked}: the engine has other layers under ${digest}`,
    {
      phase: 'build',
      code: 'engine',
      hint: 'Run the build with an engine of the same platform, or name the platform with --platform.',
    },
  );
}

async function ownImage(
  client: EngineClient,
  { reference, digest }: EngineImage,
  options: CallOptions,
): Promise<FoundImage> {
  const image = await findImage(client, digest, options);
  if (image !== undefined) return image;
  throw new PreheatError(`cannot use image ${reference}: the engine has no image ${digest}`, {
    phase: 'build',
    code: 'not-found',
    hint: `Build or pull ${reference} on this engine again.`,
  });
}

/** An image that the engine has under this digest, whatever its repository. */
async function pinnedImage(
  client: EngineClient,
  wanted: EngineImage,
  options: CallOptions,
): Promise<FoundImage | undefined> {
  const named = await findImage(client, formatReference(pinned(wanted)), options);
  if (named !== undefined) return named;
  const images = await listImages(client, { digests: true }, options);
  const isWanted = (name: string): boolean => name.endsWith(`@${wanted.digest}`);
  const found = images.find(({ RepoDigests }) => RepoDigests?.some(isWanted));
  return found === undefined ? undefined : findImage(client, found.Id, options);
}

function pinned({ reference, digest }: EngineImage): Reference {
  return { ...parseReference(reference), tag: undefined, digest: parseDigest(digest) };
}

/**
 * Nothing that the Docker of Bitbucket Pipelines refuses: no mounts, privileges, security options or capabilities.
 * The image's health check does not run, since it would work beside the tasks and write into their layer. The main
 * program runs as root at `/`: an image's own user may be unknown in it, and its folder may be missing, which the
 * engine would make, or no folder at all.
 */
function createOptions(spec: ContainerSpec): ContainerCreateOptions {
  return {
    Image: spec.image,
    Entrypoint: [...spec.entrypoint],
    User: '0:0',
    WorkingDir: '/',
    Labels: { ...spec.labels },
    OpenStdin: false,
    Tty: false,
    Healthcheck: { Test: ['NONE'] },
    HostConfig: {
      Init: true,
      NetworkMode: spec.network,
      ...(spec.extraHosts !== undefined && { ExtraHosts: [...spec.extraHosts] }),
      ...(spec.memoryLimit !== undefined && { Memory: spec.memoryLimit, MemorySwap: spec.memoryLimit }),
    },
  };
}

async function sweep(
  client: EngineClient,
  isDead: (labels: Readonly<Record<string, string>>) => boolean,
  options: CallOptions,
): Promise<number> {
  const containers = await client.call(
    'list containers',
    async (docker, signal) =>
      docker.listContainers({ all: true, filters: { label: [RUN_LABEL] }, abortSignal: signal }),
    options,
  );
  const dead = containers.filter(({ Labels }) => isDead(Labels));
  for (const { Id } of dead) await removeContainer(client, Id);
  return dead.length;
}
