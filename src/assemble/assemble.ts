import * as z from 'zod';
import type { CarriedPaths } from '../build/carried-paths.ts';
import type { WorkspaceConfig } from '../config/workspace-config.ts';
import type { PushEvent } from '../event/push-event.ts';
import { canonicalJson, type Json } from '../kernel/canonical-json.ts';
import { PreheatError } from '../kernel/failure.ts';
import type { BaseContent } from '../observe/base-content.ts';
import type { Facts } from '../observe/facts.ts';
import type { Claims, ImageUser } from '../observe/step-record.ts';
import { ANNOTATION } from '../oci/annotations.ts';
import type { Descriptor } from '../oci/descriptor.ts';
import { digestOf, type Digest } from '../oci/digest.ts';
import type { Layer, LayerRole } from '../oci/layer.ts';
import { MOST_LAYERS } from '../oci/layer-limit.ts';
import type { ImageConfig } from '../oci/image-config.ts';
import type { Manifest } from '../oci/manifest.ts';
import { MEDIA_TYPE, ociMediaType } from '../oci/media-types.ts';
import { findHiddenPath } from './hidden-path.ts';
import { workspaceImageConfig } from './image-config.ts';
import { workspaceManifest } from './image-manifest.ts';
import type { WorkspaceImage } from './workspace-image.ts';

/** Raised when the same parts would be put together differently. */
export const ASSEMBLY_VERSION = 5;

/** From bottom to top; what changes most often lies highest. */
const ORDER: readonly LayerRole[] = ['base', 'task', 'runtime', 'source', 'delta', 'patch'];

export interface AssembleRequest {
  readonly event: PushEvent;
  readonly config: WorkspaceConfig;
  readonly facts: Facts;
  readonly imageKey: Digest;
  /** Content key of the step that ran its tasks. */
  readonly stepKey: Digest;
  readonly base: BaseContent;
  /** Layers above the base, in any order. */
  readonly layers: readonly Layer[];
  readonly user: ImageUser;
  /** What the task layer claims, and what each layer above it carries. */
  readonly claims: Claims;
  readonly carried: readonly CarriedPaths[];
  /** Of which commit the source layer is. */
  readonly sourceCommit: string;
}

/** A workspace image with the bytes of its config and manifest. */
export interface AssembledImage {
  readonly image: WorkspaceImage;
  readonly config: Uint8Array;
  readonly manifest: Uint8Array;
}

/**
 * Puts base and layers together. Pure: the same request gives the same bytes.
 * Throws a `PreheatError` of phase `assemble` where an upper layer would hide what a task made, or where there are too
 * many layers: a wrong image is never published.
 */
export function assemble(request: AssembleRequest): AssembledImage {
  const { base, config, user, imageKey, stepKey, claims, carried } = request;
  refuseHiddenPaths(request);
  const layers = request.layers.toSorted((a, b) => ORDER.indexOf(a.role) - ORDER.indexOf(b.role));
  refuseTooMany(base.manifest.layers.length + layers.length);
  const labels = provenance(request);
  const imageConfig = workspaceImageConfig({
    base: base.config,
    layers,
    config,
    user,
    labels,
    written: { claims, carried },
  });
  const configBytes = bytesOf(imageConfig);
  const configDescriptor = describe(MEDIA_TYPE.config, configBytes);
  const annotations = {
    ...labels,
    [ANNOTATION.imageKey]: imageKey,
    [ANNOTATION.stepKey]: stepKey,
    ...sourceAnnotation(request),
    ...repositoriesAnnotation(request),
  };
  const manifestBytes = bytesOf(workspaceManifest(base.manifest, configDescriptor, layers, annotations));
  return {
    image: {
      schemaVersion: 1,
      manifest: describe(MEDIA_TYPE.manifest, manifestBytes),
      config: configDescriptor,
      imageKey,
      layers: [...baseLayers(base), ...layers],
    },
    config: configBytes,
    manifest: manifestBytes,
  };
}

function refuseHiddenPaths({ claims, carried }: AssembleRequest): void {
  for (const upper of carried) {
    const hidden = findHiddenPath(claims, upper);
    if (hidden === undefined) continue;
    throw new PreheatError(
      `cannot stack the layers: ${hidden.by} would hide /${hidden.path}, which a task made`,
      {
        phase: 'assemble',
        hint: 'Report this with the state folder; the image was not published.',
      },
    );
  }
}

function refuseTooMany(count: number): void {
  if (count <= MOST_LAYERS) return;
  throw new PreheatError(`cannot stack ${count} layers: engines take ${MOST_LAYERS} safely`, {
    phase: 'assemble',
    hint: 'Use a base image with fewer layers.',
  });
}

function provenance({ event, facts }: AssembleRequest): Record<string, string> {
  const { remoteUrl } = event.repository;
  return {
    [ANNOTATION.revision]: facts.commit.id,
    ...(remoteUrl === undefined ? {} : { [ANNOTATION.source]: remoteUrl }),
    // Only an image has such a name (image-spec, "Pre-Defined Annotation Keys"); a Dockerfile's base has a digest.
    ...(facts.base.source === 'target' ? {} : { [ANNOTATION.baseName]: facts.base.reference }),
    [ANNOTATION.baseDigest]: facts.base.digest,
  };
}

function sourceAnnotation({ facts, sourceCommit }: AssembleRequest): Record<string, string> {
  return sourceCommit === facts.commit.id ? {} : { [ANNOTATION.sourceCommit]: sourceCommit };
}

function repositoriesAnnotation({ facts: { repositories = [] } }: AssembleRequest): Record<string, string> {
  if (repositories.length === 0) return {};
  return { [ANNOTATION.repositories]: canonicalJson(repositories.map((repository) => ({ ...repository }))) };
}

function baseLayers({ manifest, config }: BaseContent): readonly Layer[] {
  return manifest.layers.flatMap(({ digest, size, mediaType }, position) => {
    const diffId = config.rootfs.diff_ids[position];
    return diffId === undefined
      ? []
      : [{ role: 'base', mediaType: ociMediaType(mediaType), digest, diffId, size }];
  });
}

/** Through JSON and back: unknown members that a base's config brings are kept, what JSON cannot say is left out. */
function bytesOf(content: ImageConfig | Manifest): Uint8Array {
  const json: Json = z.json().parse(JSON.parse(JSON.stringify(content)));
  return Buffer.from(canonicalJson(json));
}

function describe(mediaType: string, bytes: Uint8Array): Descriptor {
  return { mediaType, digest: digestOf(bytes), size: bytes.byteLength };
}
