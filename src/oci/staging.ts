import type { CallOptions } from './content-store.ts';
import type { Descriptor } from './descriptor.ts';
import type { Layer, LayerRole } from './layer.ts';

/**
 * The run's own OCI layout (image-spec, "Image Layout"), in which new blobs wait for their upload. Blobs appear under
 * their final name only when they are complete.
 */
export interface Staging {
  /** The layout's folder. */
  readonly directory: string;
  /** Compresses a tar with gzip in one pass and keeps it; the bytes depend on the tar alone. */
  addLayer(role: LayerRole, tar: AsyncIterable<Uint8Array>, options: CallOptions): Promise<Layer>;
  /** Keeps a small blob. */
  addBlob(mediaType: string, bytes: Uint8Array, options: CallOptions): Promise<Descriptor>;
  /** The stored (gzip) bytes of a layer that was added. */
  readLayer(layer: Pick<Layer, 'digest'>): AsyncIterable<Uint8Array>;
  /** Keeps a manifest and gives it a tag in the layout's index. */
  addManifest(tag: string, mediaType: string, bytes: Uint8Array, options: CallOptions): Promise<Descriptor>;
}
