import type { CallOptions } from '../oci/content-store.ts';
import type { Digest } from '../oci/digest.ts';

/** What a transfer moved; blobs that the other side already had count as nothing. */
export interface Transfer {
  readonly blobs: number;
  readonly bytes: number;
}

/**
 * Writing into one repository (a registry's or an OCI layout's). Every call is bounded, retried where that can help
 * and idempotent. Failures throw a `PreheatError` of phase `publish`.
 */
export interface Uploader {
  /** Makes the blobs of a base image present, mounting them where source and target share a registry. */
  copyBase(base: { readonly reference: string; readonly digest: string }, options: CallOptions): Promise<Transfer>;
  /** Sends what `tag` means in an OCI layout, blobs first, and tags it; blobs that the target has are not sent. */
  upload(
    layout: string,
    tag: string,
    options: CallOptions & { readonly onProgress?: (detail: string) => void },
  ): Promise<Transfer>;
  /** Gives further tags to a manifest of the repository. */
  tag(digest: Digest, tags: readonly string[], options: CallOptions): Promise<void>;
}
