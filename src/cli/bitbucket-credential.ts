import type { BitbucketCredential } from '../adapters/bitbucket/credential.ts';
import type { Settings } from './option-table.ts';

/** How calls of Bitbucket's API prove who they are: by an access token, else by an account's API token. */
export function credentialOf(settings: Settings): BitbucketCredential | undefined {
  const {
    'bitbucket-access-token': bearer,
    'bitbucket-email': email,
    'bitbucket-api-token': token,
  } = settings;
  if (bearer !== undefined) return { kind: 'bearer', token: bearer };
  return email !== undefined && token !== undefined ? { kind: 'basic', email, token } : undefined;
}
