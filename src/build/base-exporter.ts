import type { CallOptions } from '../oci/content-store.ts';

/** Gives out an image that only the engine has, so that its layers can be staged for the registry. */
export interface BaseExporter {
  /**
   * The image as `docker save` writes it: a tar with `manifest.json`, configs and uncompressed layers. Nothing is asked
   * before the first chunk is. Throws a `PreheatError` of phase `build` with code `engine`, or `not-found`.
   */
  export(image: string, options: CallOptions): AsyncIterable<Uint8Array>;
}
