import type { CallOptions } from '../oci/content-store.ts';

/** What a clone lacks of its repository. */
export interface CloneFacts {
  /** Its top folder. */
  readonly directory: string;
  readonly isShallow: boolean;
  /** The filter of a partial clone, such as `blob:none`. */
  readonly filter?: string;
}

/** Asks git about itself and about the clone. Failures throw a `PreheatError`. */
export interface CloneExaminer {
  /** The program's version, such as `2.39.5`. */
  gitVersion(options: CallOptions): Promise<string>;
  describe(options: CallOptions): Promise<CloneFacts>;
}
