import { messageOf, PreheatError } from '../kernel/failure.ts';
import type { Log } from '../kernel/log.ts';
import type { StepRecord } from '../observe/step-record.ts';
import { ANNOTATION } from '../oci/annotations.ts';
import type { CallOptions, ContentStore, StoredManifest } from '../oci/content-store.ts';
import type { Descriptor } from '../oci/descriptor.ts';
import type { Digest } from '../oci/digest.ts';
import { formatImage, formatLocation } from '../oci/location.ts';
import { findMissingBlob } from '../oci/missing-blob.ts';
import type { Platform } from '../oci/platform.ts';
import type { Staging } from '../oci/staging.ts';
import { keepKeyframe, type KeyframeRequest } from './keep-keyframe.ts';
import { keepStepHint, type StepHintRequest } from './keep-step-hint.ts';
import { moveHints, type HintMove } from './move-hints.ts';
import type { Publication } from './publication.ts';
import { stageRecord } from './record-manifest.ts';
import type { BaseImage, Transfer, Uploader } from './uploader.ts';

/** From where the target gets the base's blobs. */
export type BaseOrigin =
  /** Another repository or registry: mounted or copied, unless the target has its layers. */
  | ({ readonly kind: 'registry'; readonly layers: readonly Descriptor[] } & BaseImage)
  /** The staging layout, where an engine's image was imported under this tag. */
  | { readonly kind: 'staged'; readonly tag: string }
  /** The target has them. */
  | { readonly kind: 'present' };

export interface PublishRequest {
  readonly base: BaseOrigin;
  /**
   * Whether all steps were reused: then no other run can have come first that a look a moment ago has not seen, and the
   * target has the base, upon which it has the layers of the records.
   */
  readonly isReused?: boolean;
  /** The image's tag, in staging and in the target: the truth. */
  readonly commitTag: string;
  readonly manifest: Descriptor;
  readonly imageKey: Digest;
  readonly platform: Platform;
  /** What the step that ran leaves for later builds. */
  readonly record?: { readonly tag: string; readonly record: StepRecord };
  /** The image's source layer, where later builds may lay deltas upon it. */
  readonly keyframe?: Omit<KeyframeRequest, 'platform'>;
  /** How later builds find that, or tell why it does not serve them. */
  readonly hint?: Omit<StepHintRequest, 'platform'>;
  /** The tags that move, and how they know which image is newer. */
  readonly hints: Omit<HintMove, 'digest'>;
}

export interface PublishPorts {
  readonly staging: Staging;
  readonly target: ContentStore & Uploader;
  readonly log: Log;
}

export type PublishOptions = CallOptions & { readonly onProgress?: (detail: string) => void };

const NOTHING: Transfer = { blobs: 0, bytes: 0 };

/**
 * Publishes a staged image: base, image and commit tag, then its record and keyframe, hint tags last. Whatever is interrupted in
 * between leaves no tag on something incomplete. Before and after the upload the commit tag is read again: an image of the
 * same key that another run put there is adopted. A record, keyframe or hint that cannot be written costs time later and is told, no more.
 * Throws `PreheatError` (publish, or observe from reading).
 */
export async function publish(
  request: PublishRequest,
  ports: PublishPorts,
  options: PublishOptions,
): Promise<Publication> {
  const first = request.isReused ? undefined : await findPublished(request, ports.target, options);
  if (first !== undefined) return await adopt(first, request, ports, [NOTHING], options);
  const { base, image, other } = await sendUponBase(request, ports, options);
  if (other !== undefined) return await adopt(other, request, ports, [base, image], options);
  const { digest } = request.manifest;
  const record = await keepRecord(request, ports, options);
  const { hint, keyframe, platform } = request;
  const kept = keyframe && (await keepKeyframe({ ...keyframe, platform }, ports, options));
  if (hint !== undefined) await keepStepHint({ ...hint, platform }, ports, options);
  const hints = await moveHints({ ...request.hints, digest }, ports, options);
  const transfers = [base, image, record, ...(kept ? [kept] : [])];
  const later = await findLater(request, ports, options);
  if (later !== undefined) return await adopt(later, request, ports, transfers, options);
  return publicationOf(request, ports, digest, 'published', hints, transfers);
}

interface Sent {
  readonly image: Transfer;
  readonly other: Digest | undefined;
}

/** Where the base is there to all appearances, it is provided only once the target lacks something. */
async function sendUponBase(
  request: PublishRequest,
  ports: PublishPorts,
  options: PublishOptions,
): Promise<Sent & { readonly base: Transfer }> {
  if (request.isReused || (await hasLayersOf(request.base, ports.target, options))) {
    const sent = await uploadUnlessThere(request, ports, options).catch(unlessNotFound);
    if (sent !== undefined) return { ...sent, base: NOTHING };
  }
  const base = await provideBase(request.base, ports, options);
  return { ...(await uploadUnlessThere(request, ports, options)), base };
}

/** Where an earlier image upon the same base has brought them; where that cannot be told, the base is provided. */
async function hasLayersOf(base: BaseOrigin, target: ContentStore, options: CallOptions): Promise<boolean> {
  if (base.kind !== 'registry') return false;
  try {
    return (await findMissingBlob(base.layers, target, options)) === undefined;
  } catch {
    options.signal.throwIfAborted();
    return false;
  }
}

function unlessNotFound(thrown: unknown): undefined {
  if (thrown instanceof PreheatError && thrown.code === 'not-found') return undefined;
  throw thrown;
}

/** Sends the image, and tags it unless another run's image of the same key is there by then. */
async function uploadUnlessThere(
  request: PublishRequest,
  { staging, target }: PublishPorts,
  options: PublishOptions,
): Promise<Sent> {
  let other: Digest | undefined;
  const mayTag = async (): Promise<boolean> => {
    other = await findPublished(request, target, options);
    return other === undefined;
  };
  const image = await target.upload(staging.directory, request.commitTag, { ...options, mayTag });
  return { image, other };
}

/**
 * The image that another run has put in the place of ours. Registries have no compare-and-swap: two runs may both find
 * the tag free, and the later one wins. It tags within one call of its look, so that a look after all else is done sees
 * it: then both runs tell of one image.
 */
async function findLater(
  request: PublishRequest,
  { target, log }: PublishPorts,
  options: PublishOptions,
): Promise<Digest | undefined> {
  try {
    const tagged = await target.resolve(request.commitTag, options);
    const isOurs = tagged === undefined || tagged.digest === request.manifest.digest;
    return isOurs ? undefined : await findPublished(request, target, options);
  } catch (thrown) {
    options.signal.throwIfAborted();
    log.warn(
      `cannot look at ${request.commitTag} again: ${messageOf(thrown)}; the image is there all the same`,
    );
    return undefined;
  }
}

async function adopt(
  digest: Digest,
  request: PublishRequest,
  ports: PublishPorts,
  transfers: readonly Transfer[],
  options: PublishOptions,
): Promise<Publication> {
  ports.log.info(`another run has published ${request.commitTag} meanwhile; its image is taken`);
  const hints = await moveHints({ ...request.hints, digest }, ports, options);
  return publicationOf(request, ports, digest, 'adopted', hints, transfers);
}

/** An image of our key that is there whole; one that lacks a blob is replaced. */
async function findPublished(
  { commitTag, imageKey }: PublishRequest,
  target: ContentStore,
  { signal }: CallOptions,
): Promise<Digest | undefined> {
  const found = await readUnlessCorrupt(commitTag, target, { signal });
  if (found?.manifest.annotations?.[ANNOTATION.imageKey] !== imageKey) return undefined;
  const { config, layers } = found.manifest;
  const gone = await findMissingBlob([config, ...layers], target, { signal });
  return gone === undefined ? found.descriptor.digest : undefined;
}

/** A damaged image under our tag would be there for ever if it kept us from replacing it. */
async function readUnlessCorrupt(
  tag: string,
  target: ContentStore,
  options: CallOptions,
): Promise<StoredManifest | undefined> {
  try {
    return await target.readManifest(tag, options);
  } catch (thrown) {
    if (thrown instanceof PreheatError && thrown.code === 'corrupt') return undefined;
    throw thrown;
  }
}

async function provideBase(
  base: BaseOrigin,
  { staging, target }: PublishPorts,
  options: PublishOptions,
): Promise<Transfer> {
  switch (base.kind) {
    case 'present':
      return NOTHING;
    case 'staged':
      return await target.upload(staging.directory, base.tag, options);
    case 'registry':
      return await target.copyBase(base, options);
  }
}

/** A step has run because there was no record under this tag that could be used; one that lies there gives way. */
async function keepRecord(
  { record, platform }: PublishRequest,
  { staging, target, log }: PublishPorts,
  options: PublishOptions,
): Promise<Transfer> {
  if (record === undefined) return NOTHING;
  try {
    await stageRecord(record.tag, record.record, platform, staging, options);
    return await target.upload(staging.directory, record.tag, options);
  } catch (thrown) {
    options.signal.throwIfAborted();
    log.warn(
      `cannot keep the record of ${record.record.step}: ${messageOf(thrown)}; the next build runs it again`,
    );
    return NOTHING;
  }
}

function publicationOf(
  { commitTag }: PublishRequest,
  { target }: PublishPorts,
  digest: Digest,
  outcome: Publication['outcome'],
  hints: readonly string[],
  transfers: readonly Transfer[],
): Publication {
  return {
    schemaVersion: 1,
    location: formatLocation(target.location),
    image: formatImage(target.location, commitTag),
    digest,
    tags: [commitTag, ...hints],
    outcome,
    uploaded: {
      blobs: transfers.reduce((sum, { blobs }) => sum + blobs, 0),
      bytes: transfers.reduce((sum, { bytes }) => sum + bytes, 0),
    },
  };
}
