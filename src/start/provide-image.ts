import { bytesText } from '../kernel/amounts.ts';
import { PreheatError } from '../kernel/failure.ts';
import type { Log, StepLog } from '../kernel/log.ts';
import type { CallOptions, ContentStore } from '../oci/content-store.ts';
import { shortDigest } from '../oci/digest.ts';
import { dockerArchive } from './docker-archive.ts';
import { engineName } from './engine-name.ts';
import type { LayoutBlobs } from './layout-blobs.ts';
import type { WarmImage } from './warm-image.ts';
import type { WorkspaceImages } from './workspace-engine.ts';

/** An image as it is kept in a registry or layout. */
export type KeptImage = Pick<WarmImage, 'image' | 'digest' | 'manifest' | 'config'>;

export interface ProvideImagePorts {
  readonly store: ContentStore;
  readonly images: WorkspaceImages;
  /** Blobs of the store's layout; needed only where the store is one. */
  readonly blobs: LayoutBlobs | undefined;
  readonly log: Log;
}

/**
 * Makes sure that the engine has a kept image and returns what the engine knows it by. What the engine has is not
 * fetched: nothing at all when it has the image, only the layers it lacks otherwise.
 */
export async function provideImage(
  warm: KeptImage,
  ports: ProvideImagePorts,
  options: CallOptions,
): Promise<string> {
  const { images, store, blobs, log } = ports;
  return log.step('image', async (step) => {
    const present = await findOnEngine(warm, ports, options);
    if (present !== undefined) {
      step.conclude(`${shortDigest(warm.digest)} is on the engine already`, 'reused');
      return present;
    }
    if (store.location.kind === 'registry') {
      const pulled = await images.pull(warm.image, {
        ...options,
        onProgress: (detail) => step.progress(detail),
      });
      step.conclude(`pulled ${shortDigest(warm.digest)}`);
      return pulled;
    }
    if (blobs === undefined) throw new TypeError('an OCI layout needs the port that reads its blobs');
    return loadFromLayout(warm, { images, store, blobs, step }, options);
  });
}

/**
 * By its config, whose digest is the image's ID in Docker's own store; Docker on containerd's store numbers images by
 * manifests, which it makes itself for what it loads, so that there only the name is left.
 */
async function findOnEngine(
  warm: KeptImage,
  { images, store }: Pick<ProvideImagePorts, 'images' | 'store'>,
  options: CallOptions,
): Promise<string | undefined> {
  const name = store.location.kind === 'layout' ? engineName(warm.digest) : warm.image;
  return (await images.find(warm.manifest.config.digest, options)) ?? (await images.find(name, options));
}

interface LoadPorts {
  readonly store: ContentStore;
  readonly images: WorkspaceImages;
  readonly blobs: LayoutBlobs;
  readonly step: StepLog;
}

async function loadFromLayout(warm: KeptImage, ports: LoadPorts, options: CallOptions): Promise<string> {
  const { images, step } = ports;
  const presentLayers = await images.countPresentLayers(warm.config.rootfs.diff_ids, options);
  await load(warm, presentLayers, ports, options);
  const loaded = await findOnEngine(warm, ports, options);
  if (loaded === undefined) throw lost(warm);
  const { length } = warm.manifest.layers;
  step.conclude(
    `loaded ${length - presentLayers} of ${length} layers, ${bytesText(sizeOf(warm, presentLayers))}`,
  );
  return loaded;
}

/** An engine whose store does not know layers by their chain may refuse a partial archive: then it gets a full one. */
async function load(
  warm: KeptImage,
  presentLayers: number,
  { images, blobs, step }: LoadPorts,
  options: CallOptions,
): Promise<void> {
  const archive = (present: number): AsyncIterable<Uint8Array> =>
    dockerArchive(
      { manifest: warm.manifest, presentLayers: present, repositoryTag: engineName(warm.digest) },
      blobs,
      options,
    );
  step.progress(`loading ${bytesText(sizeOf(warm, presentLayers))}`);
  try {
    await images.load(archive(presentLayers), options);
  } catch (thrown) {
    if (presentLayers === 0 || options.signal.aborted) throw thrown;
    step.progress('loading all layers, since the engine refused an archive of the missing ones');
    await images.load(archive(0), options);
  }
}

function sizeOf({ manifest }: KeptImage, presentLayers: number): number {
  return manifest.layers.slice(presentLayers).reduce((sum, { size }) => sum + size, 0);
}

function lost(warm: KeptImage): PreheatError {
  return new PreheatError(`cannot start ${warm.image}: the engine does not have it after it was loaded`, {
    phase: 'start',
    code: 'engine',
    hint: 'Check the free space of the engine with `docker system df`.',
  });
}
