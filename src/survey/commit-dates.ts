import type { CallOptions } from '../oci/content-store.ts';

/** When commits were made, as far as a clone knows them: images hold no time of day. */
export interface CommitDates {
  /** By full id, RFC 3339; those that the clone does not have are left out. */
  datesOf(commits: readonly string[], options: CallOptions): Promise<ReadonlyMap<string, string>>;
}
