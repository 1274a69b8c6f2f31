import type { CallOptions } from './content-store.ts';
import type { Descriptor } from './descriptor.ts';

/** Where blobs of any size come from: one repository, a registry's or an OCI layout's. */
export interface BlobSource {
  /**
   * Brings a blob into the OCI layout in `directory`, where it appears when it is whole and its digest was checked.
   * `false` where the repository does not have it; all else that goes wrong throws a `PreheatError` of phase `observe`.
   */
  fetchBlob(blob: Descriptor, directory: string, options: CallOptions): Promise<boolean>;
}
