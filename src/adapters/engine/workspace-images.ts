import { Readable } from 'node:stream';
import pMap from 'p-map';
import * as z from 'zod';
import type { CallOptions } from '../../oci/content-store.ts';
import type { DiffId } from '../../oci/digest.ts';
import { parseReference } from '../../oci/reference.ts';
import type { WorkspaceImages } from '../../start/workspace-engine.ts';
import type { CredentialSource } from '../../oci/credential-source.ts';
import { getJson } from './dial.ts';
import type { EngineClient } from './engine-client.ts';
import { findImage } from './find-image.ts';
import { listImages } from './list-images.ts';
import { progressLines } from './progress-lines.ts';
import { pullImage } from './pull-image.ts';

const INSPECTIONS_AT_ONCE = 4;

/** The start stage's `WorkspaceImages` on Docker Engine. */
export function createWorkspaceImages(client: EngineClient, credentials: CredentialSource): WorkspaceImages {
  return {
    pull: async (image, options) => {
      const context = { client, credentials, phase: 'start' } as const;
      return (await pullImage(parseReference(image), context, { ...options, label: image })).Id;
    },
    find: async (image, options) => (await findImage(client, image, options))?.Id,
    countPresentLayers: async (diffIds, options) =>
      (await keepsBareLayers(client, options)) ? countPresentLayers(client, diffIds, options) : 0,
    load: async (archive, options) => load(client, archive, options),
  };
}

const EngineFacts = z.object({ DriverStatus: z.array(z.array(z.string())).nullish() });
const EngineRelease = z.object({ Components: z.array(z.object({ Name: z.string() })).nullish() });

/**
 * Whether the engine finds a layer by its chain ID, without the blob it came as, so that `docker load` does without it:
 * Docker's own store does; Docker on containerd's store wants every blob, and so does Podman.
 */
async function keepsBareLayers(client: EngineClient, options: CallOptions): Promise<boolean> {
  return client.call(
    'learn how the engine keeps images',
    async (docker, signal) => {
      const facts = await getJson(docker, '/info', EngineFacts, signal);
      const release = await getJson(docker, '/version', EngineRelease, signal);
      const isContainerd = facts.DriverStatus?.some(([, value]) =>
        value?.startsWith('io.containerd.snapshotter'),
      );
      const isPodman = release.Components?.some(({ Name }) => Name.startsWith('Podman'));
      return isContainerd !== true && isPodman !== true;
    },
    options,
  );
}

async function countPresentLayers(
  client: EngineClient,
  diffIds: readonly DiffId[],
  options: CallOptions,
): Promise<number> {
  const images = await listImages(client, { all: true }, options);
  const ids = new Set(images.map(({ Id }) => Id));
  const counts = await pMap(
    ids,
    async (id) => sharedPrefix(diffIds, (await findImage(client, id, options))?.RootFS?.Layers ?? []),
    { concurrency: INSPECTIONS_AT_ONCE, signal: options.signal },
  );
  return Math.max(0, ...counts);
}

function sharedPrefix(wanted: readonly string[], present: readonly string[]): number {
  const difference = wanted.findIndex((diffId, index) => diffId !== present[index]);
  return difference < 0 ? wanted.length : difference;
}

async function load(
  client: EngineClient,
  archive: AsyncIterable<Uint8Array>,
  options: CallOptions,
): Promise<void> {
  const doing = 'load the workspace image into the engine';
  const body = Readable.from(archive, { objectMode: false });
  try {
    const answer = await client.open(
      doing,
      async (docker, signal) => docker.loadImage(body, { abortSignal: signal }),
      options,
    );
    for await (const line of client.read(doing, answer, progressLines, options)) void line;
  } finally {
    body.destroy();
  }
}
