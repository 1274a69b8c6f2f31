import { digestOf, shortDigest } from '../oci/digest.ts';

/**
 * The key under which a configuration (the path of its `.gitpod.yml`) reports: stable over runs, so that each run
 * overwrites the last, and another one for each configuration of a repository. 20 characters; Bitbucket takes 40
 * and refuses longer ones (https://github.com/buildbot/buildbot/issues/7049).
 */
export function statusKey(configuration: string): string {
  return `preheat-${shortDigest(digestOf(configuration))}`;
}
