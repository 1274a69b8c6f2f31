import type { CallOptions } from '../oci/content-store.ts';
import type { Digest } from '../oci/digest.ts';
import type { Platform } from '../oci/platform.ts';

/** An image that the engine has. */
export interface LocalImage {
  readonly id: Digest;
  readonly platform: Platform;
  /** Whether it was pulled from a registry (or pushed to one); false for one that was only made here. */
  readonly fromRegistry: boolean;
}

/** The images that the engine has. Failures throw a `PreheatError` of phase `observe`. */
export interface LocalImages {
  /** The image behind a reference; `undefined` when the engine does not have it. Never pulls. */
  find(reference: string, options: CallOptions): Promise<LocalImage | undefined>;
}
