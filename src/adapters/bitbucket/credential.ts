import type { Redactor } from '../../kernel/redact.ts';

/**
 * How a call proves who it is (https://developer.atlassian.com/cloud/bitbucket/rest/intro/#authentication):
 * `bearer` is a repository, project or workspace access token; `basic` is a person's Atlassian e-mail and API token.
 */
export type BitbucketCredential =
  | { readonly kind: 'bearer'; readonly token: string }
  | { readonly kind: 'basic'; readonly email: string; readonly token: string };

/**
 * The `Authorization` header of a credential (RFC 6750, RFC 7617); each form of the secret is made known to
 * `redactor`.
 */
export function authorizationOf(credential: BitbucketCredential, redactor: Redactor): string {
  // Secrets set by `echo token | …` end with a line break, which no header may hold.
  const token = credential.token.trim();
  redactor.add(token);
  if (credential.kind === 'bearer') return `Bearer ${token}`;
  const pair = Buffer.from(`${credential.email.trim()}:${token}`).toString('base64');
  redactor.add(pair);
  return `Basic ${pair}`;
}
