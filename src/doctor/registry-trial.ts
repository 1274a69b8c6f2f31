import type { CallOptions } from '../oci/content-store.ts';
import type { Platform } from '../oci/platform.ts';

/** The base image that `.gitpod.yml` names. */
export interface NamedBase {
  readonly reference: string;
  readonly platform: Platform;
}

/** How the blobs of a base get into the repository: they are there already, are mounted, or would be copied. */
export type MountResult = 'present' | 'mounted' | 'copied';

/** What is asked of a repository beyond what a build does. Failures throw a `PreheatError`. */
export interface RegistryTrial {
  /** Whether there is such a repository. */
  exists(options: CallOptions): Promise<boolean>;
  /** Tries to have a base of the same registry; ends at the first blob that is not mounted, and leaves no manifest. */
  mount(base: NamedBase, options: CallOptions): Promise<MountResult>;
  /** Whether the registry has the referrers API (distribution-spec, "Listing Referrers"). */
  hasReferrers(tag: string, options: CallOptions): Promise<boolean>;
  /** Deletes the manifest behind a tag, with all its tags, and sees to it that it has gone. */
  remove(tag: string, options: CallOptions): Promise<void>;
}
