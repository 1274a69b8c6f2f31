import type { CallOptions } from '../oci/content-store.ts';

/** The program that moves everything to and from registries. */
export interface OrasFacts {
  /** Its path. */
  readonly program: string;
  readonly version: string;
  /** Whether it stands on the PATH; else it was downloaded and is kept. */
  readonly isInstalled: boolean;
}

/** Finds oras as a build does. Failures throw a `PreheatError`. */
export interface OrasExaminer {
  find(options: CallOptions): Promise<OrasFacts>;
}
