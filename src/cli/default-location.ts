import { join } from 'node:path';
import { Slug } from '../event/event-terms.ts';
import { messageOf, PreheatError } from '../kernel/failure.ts';
import { parseLocation, type Location } from '../oci/location.ts';
import { BITBUCKET_PACKAGES } from './registry-credentials.ts';
import type { Environment } from './read-settings.ts';
import type { Session } from './session.ts';

/**
 * Where workspace images are kept when nobody says so.
 *
 * On a person's machine it is an OCI layout in the state folder: it needs no server, and stays. In a step of Pipelines it
 * is Bitbucket Packages where the step has its credentials, which Pipelines sets by itself and scopes to the repository:
 * `crg.apkg.io/<bitbucket workspace>/<repository>-workspace` in lower case. The suffix keeps it apart from the image that
 * the repository itself may publish under its name. An administrator creates that package before the first push
 * (https://support.atlassian.com/bitbucket-cloud/docs/bitbucket-packages/).
 *
 * Throws `PreheatError` (usage) in a step without either, since a layout in its clone is lost with the step, and for
 * variables that make no name of a repository.
 */
export function defaultLocation(
  { settings, environment }: Pick<Session, 'settings' | 'environment'>,
  state: string,
): Location {
  if (!environment['BITBUCKET_PIPELINE_UUID']) return { kind: 'layout', directory: join(state, 'images') };
  const { 'bitbucket-packages-username': username, 'bitbucket-packages-token': token } = settings;
  if (username !== undefined && token !== undefined) return packagesLocation(environment);
  throw new PreheatError(
    'cannot choose where workspace images are kept: --registry is not given, the step has no BITBUCKET_PACKAGES_USERNAME and BITBUCKET_PACKAGES_TOKEN, and a folder of its clone is lost when it ends',
    {
      phase: 'usage',
      code: 'usage',
      hint: 'Set REGISTRY to host/path, or hand over BITBUCKET_PACKAGES_USERNAME and BITBUCKET_PACKAGES_TOKEN for Bitbucket Packages.',
    },
  );
}

function packagesLocation(environment: Environment): Location {
  const [workspace, repository] = ['BITBUCKET_WORKSPACE', 'BITBUCKET_REPO_SLUG'].map((name) =>
    slugIn(environment, name),
  );
  try {
    return parseLocation(`${BITBUCKET_PACKAGES}/${workspace}/${repository}-workspace`);
  } catch (thrown) {
    throw noName(messageOf(thrown));
  }
}

/** A variable of a pipeline can be overridden by its users. */
function slugIn(environment: Environment, name: string): string {
  const slug = Slug.safeParse(environment[name]?.trim() ?? '');
  if (slug.success) return slug.data.toLowerCase();
  throw noName(`${name} ${slug.error.issues[0]?.message ?? 'is no slug'}`);
}

function noName(why: string): PreheatError {
  return new PreheatError(`cannot name the package of Bitbucket Packages: ${why}`, {
    phase: 'usage',
    code: 'usage',
    hint: 'Set REGISTRY to host/path.',
  });
}
