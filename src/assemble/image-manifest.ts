import { ANNOTATION } from '../oci/annotations.ts';
import type { Descriptor } from '../oci/descriptor.ts';
import type { Layer } from '../oci/layer.ts';
import type { Manifest } from '../oci/manifest.ts';
import { MEDIA_TYPE, ociMediaType } from '../oci/media-types.ts';

/**
 * The manifest of a workspace image (image-spec). The base's layers keep their blobs; Docker's media types become
 * OCI's, since one manifest must not mix both.
 */
export function workspaceManifest(
  base: Manifest,
  config: Descriptor,
  layers: readonly Layer[],
  annotations: Readonly<Record<string, string>>,
): Manifest {
  const baseLayers = base.layers.map(({ mediaType, digest, size }) => ({
    mediaType: ociMediaType(mediaType),
    digest,
    size,
  }));
  const ownLayers = layers.map(({ mediaType, digest, size, role }) => ({
    mediaType,
    digest,
    size,
    annotations: { [ANNOTATION.layerRole]: role },
  }));
  return {
    schemaVersion: 2,
    mediaType: MEDIA_TYPE.manifest,
    config: { mediaType: config.mediaType, digest: config.digest, size: config.size },
    layers: [...baseLayers, ...ownLayers],
    annotations: { ...annotations },
  };
}
