import type { BitbucketCredential } from '../adapters/bitbucket/credential.ts';
import type { Settings } from './option-table.ts';

/**
 * How calls of Bitbucket's API prove who they are: by an access token, else by an account's API token, else by its app
 * password.
 */
export function credentialOf(settings: Settings): BitbucketCredential | undefined {
  const {
    'bitbucket-access-token': bearer,
    'bitbucket-email': email,
    'bitbucket-api-token': token,
    'bitbucket-username': username,
    'bitbucket-app-password': password,
  } = settings;
  if (bearer !== undefined) return { kind: 'bearer', token: bearer };
  if (email !== undefined && token !== undefined) return { kind: 'basic', email, token };
  if (username === undefined || password === undefined) return undefined;
  return { kind: 'app-password', username, password };
}

/** What to warn of where a credential is of a kind that Bitbucket is giving up. */
export function outdatedCredential({ kind }: BitbucketCredential): string | undefined {
  return kind === 'app-password'
    ? 'Bitbucket is giving up app passwords. Create an access token of the repository and hand it over as BITBUCKET_ACCESS_TOKEN instead of BITBUCKET_USERNAME and BITBUCKET_APP_PASSWORD'
    : undefined;
}
