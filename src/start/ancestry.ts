import type { CallOptions } from '../oci/content-store.ts';

/** What the clone knows of a commit's history. Failures throw a `PreheatError` of phase `start`. */
export interface Ancestry {
  /**
   * The commit behind a name or id and its ancestors, nearest first, `limit` at most; empty when the clone does not
   * have it. A branch that exists on `origin` only is found by its bare name too.
   */
  nearest(commitish: string, limit: number, options: CallOptions): Promise<readonly string[]>;
}
