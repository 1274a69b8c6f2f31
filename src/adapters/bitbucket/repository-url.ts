import { PreheatError } from '../../kernel/failure.ts';

/** A repository of Bitbucket's, by slugs or by UUIDs in braces. */
export interface BitbucketRepository {
  readonly bitbucketWorkspace: string;
  readonly repositorySlug: string;
}

/** Where the API is when nothing else is said. */
export const BITBUCKET_API = 'https://api.bitbucket.org/2.0';

/**
 * The address of something of a repository, below `baseUrl` (a slash at its end does no harm). Variables of a pipeline
 * can be overridden by its users: what would change the path of the address is refused with a `PreheatError` (report).
 */
export function repositoryUrl(
  baseUrl: string,
  { bitbucketWorkspace, repositorySlug }: BitbucketRepository,
  path: readonly string[],
  action: string,
): string {
  const whole = ['repositories', bitbucketWorkspace, repositorySlug, ...path];
  return `${baseUrl.replace(/\/+$/, '')}/${whole.map((text) => pathSegment(text, action)).join('/')}`;
}

function pathSegment(text: string, action: string): string {
  if (!/^\.{0,2}$/.test(text)) return encodeURIComponent(text);
  throw new PreheatError(`cannot ${action}: "${text}" is no part of a repository's address`, {
    phase: 'report',
    hint: 'Check BITBUCKET_WORKSPACE, BITBUCKET_REPO_SLUG and BITBUCKET_COMMIT',
  });
}
