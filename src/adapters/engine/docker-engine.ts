import type { ContainerCreateOptions } from 'dockerode';
import type { ContainerSpec, Engine } from '../../build/engine.ts';
import { PreheatError } from '../../kernel/failure.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import { parseDigest } from '../../oci/digest.ts';
import { formatReference, parseReference, type Reference } from '../../oci/reference.ts';
import { createContainer } from './create-container.ts';
import type { CredentialSource } from './credential-source.ts';
import { dockerContainer } from './docker-container.ts';
import type { EngineClient } from './engine-client.ts';
import { findImage } from './find-image.ts';
import { pullImage } from './pull-image.ts';
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
      image.source === 'engine'
        ? ownImage(client, image, options)
        : ((await pinnedImage(client, image, options)) ??
          pullImage(
            pinned(image),
            { client, credentials, phase: 'build' },
            { ...options, label: image.reference },
          )),
    createContainer: async (spec, options) =>
      dockerContainer(client, await createContainer(client, createOptions(spec), options), warn),
    sweep: async (isDead, options) => sweep(client, isDead, options),
  };
}

interface WantedImage {
  readonly reference: string;
  readonly digest: string;
}

async function ownImage(
  client: EngineClient,
  { reference, digest }: WantedImage,
  options: CallOptions,
): Promise<string> {
  const image = await findImage(client, digest, options);
  if (image !== undefined) return image.Id;
  throw new PreheatError(`cannot use image ${reference}: the engine has no image ${digest}`, {
    phase: 'build',
    code: 'not-found',
    hint: `Build or pull ${reference} on this engine again.`,
  });
}

/** An image that the engine has under this digest, whatever its repository. */
async function pinnedImage(
  client: EngineClient,
  wanted: WantedImage,
  options: CallOptions,
): Promise<string | undefined> {
  const named = await findImage(client, formatReference(pinned(wanted)), options);
  if (named !== undefined) return named.Id;
  const images = await client.call(
    'list images',
    async (docker, signal) => docker.listImages({ digests: true, abortSignal: signal }),
    options,
  );
  return images.find(({ RepoDigests }) => RepoDigests?.some((name) => name.endsWith(`@${wanted.digest}`)))
    ?.Id;
}

function pinned({ reference, digest }: WantedImage): Reference {
  return { ...parseReference(reference), tag: undefined, digest: parseDigest(digest) };
}

/**
 * Nothing that the Docker of Bitbucket Pipelines refuses: no mounts, privileges, security options or capabilities.
 * The image's health check does not run, since it would work beside the tasks and write into their layer.
 */
function createOptions(spec: ContainerSpec): ContainerCreateOptions {
  return {
    Image: spec.image,
    Entrypoint: [...spec.entrypoint],
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
