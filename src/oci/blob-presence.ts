import type { CallOptions } from './content-store.ts';
import type { Descriptor } from './descriptor.ts';

/** A store that can tell whether it has a blob without giving it out. */
export interface BlobPresence {
  /** Whether the blob is there in its full size (one HEAD request). Throws as `ContentStore` does. */
  hasBlob(descriptor: Descriptor, options: CallOptions): Promise<boolean>;
}
