import type {
  BaseBuilder,
  BaseBuildOptions,
  BaseBuildOutcome,
  BaseBuildRequest,
  PinnedImage,
} from '../../../build/base-builder.ts';
import type { Engine } from '../../../build/engine.ts';
import { messageOf } from '../../../kernel/failure.ts';
import type { CallOptions } from '../../../oci/content-store.ts';
import type { EngineClient } from '../engine-client.ts';
import {
  labelsOfLeftover,
  LEFTOVER_PATTERN,
  leftoverRepository,
  withoutLeftoverNames,
} from './leftover-name.ts';
import { tagImage, untagImage } from './tag-image.ts';

export interface BaseBuilderOptions {
  /** Has the engine take an image in by its digest, with the credentials that its registry asks for. */
  readonly provideImage: Engine['provideImage'];
  /** Told, in one line, of a name that could not be taken away. */
  readonly warn: (text: string) => void;
}

/**
 * The `BaseBuilder` on Docker Engine's BuildKit. Each image that the Dockerfile names is taken in by its digest before,
 * gets a name of ours, and stands in the Dockerfile by that name: so the build can use nothing else, asks no registry,
 * and needs no credentials (docs/adr/0006).
 */
export function createBaseBuilder(client: EngineClient, options: BaseBuilderOptions): BaseBuilder {
  return {
    build: async (request, call) => await build(client, options, request, call),
    sweep: async (isDead, call) => await sweep(client, isDead, call),
  };
}

async function build(
  client: EngineClient,
  { provideImage, warn }: BaseBuilderOptions,
  request: BaseBuildRequest,
  options: BaseBuildOptions,
): Promise<BaseBuildOutcome> {
  const repository = leftoverRepository(request.labels);
  const drop = async (name: string): Promise<void> => {
    await untagImage(client, name).catch((thrown: unknown) =>
      warn(`image ${name} stays behind: ${messageOf(thrown)}`),
    );
  };
  await using pinned = new AsyncDisposableStack();
  const names = new Map<PinnedImage['digest'], string>();
  for (const part of request.dockerfile) {
    if (typeof part === 'string' || names.has(part.digest)) continue;
    const name = `${repository}:pin-${names.size}`;
    const id = await provideImage(part, options);
    await tagImage(client, id, name, options);
    pinned.defer(async () => await drop(name));
    names.set(part.digest, name);
  }
  const dockerfile = request.dockerfile
    .map((part) => (typeof part === 'string' ? part : (names.get(part.digest) ?? '')))
    .join('');
  const tag = `${repository}:built`;
  const pinNames = new Set(names.values());
  const asWritten = writtenNames(request.dockerfile, names);
  // Brings gRPC and protobuf, which nothing but a build from a Dockerfile needs.
  const { buildImage } = await import('./build-image.ts');
  const result = await buildImage(
    client,
    { request, dockerfile, pinNames, tag },
    {
      ...options,
      onProgress: (detail) => options.onProgress(asWritten(detail)),
      onOutput: (line) => options.onOutput(asWritten(line)),
    },
  );
  if (typeof result !== 'string') return { ...result, reason: asWritten(result.reason) };
  return { kind: 'built', image: { id: result, [Symbol.asyncDispose]: async () => await drop(tag) } };
}

/**
 * Puts the names that people know in place of ours. Where builds that run at once do the same on the same image, BuildKit
 * does it once and tells each of them of it in the words of the first (`mergeTo` in
 * https://github.com/moby/buildkit/blob/v0.13.2/solver/scheduler.go): names of another run's images arrive here too.
 */
function writtenNames(
  dockerfile: BaseBuildRequest['dockerfile'],
  names: ReadonlyMap<string, string>,
): (text: string) => string {
  const references = new Map(
    dockerfile.flatMap((part) => (typeof part === 'string' ? [] : [[part.digest, part.reference] as const])),
  );
  return (text) => {
    let readable = text;
    for (const [digest, name] of names) readable = readable.replaceAll(name, references.get(digest) ?? name);
    return withoutLeftoverNames(
      readable,
      references.size === 1 ? [...references.values()].join() : 'a base image',
    );
  };
}

async function sweep(
  client: EngineClient,
  isDead: (labels: Readonly<Record<string, string>>) => boolean,
  options: CallOptions,
): Promise<number> {
  const images = await client.call(
    'list images',
    async (docker, signal) =>
      await docker.listImages({ filters: { reference: [LEFTOVER_PATTERN] }, abortSignal: signal }),
    options,
  );
  const dead = images
    .flatMap(({ RepoTags }) => RepoTags ?? [])
    .filter((name) => {
      const labels = labelsOfLeftover(name);
      return labels !== undefined && isDead(labels);
    });
  for (const name of dead) await untagImage(client, name);
  return dead.length;
}
