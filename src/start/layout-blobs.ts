import type { CallOptions } from '../oci/content-store.ts';
import type { Descriptor } from '../oci/descriptor.ts';

/** Reading the blobs of an OCI layout (image-spec, "Image Layout") as streams. */
export interface LayoutBlobs {
  /**
   * The stored bytes of a blob, compressed as they are. Throws a `PreheatError` of phase `start` where it is
   * missing.
   */
  open(descriptor: Descriptor, options: CallOptions): AsyncIterable<Uint8Array>;
}
