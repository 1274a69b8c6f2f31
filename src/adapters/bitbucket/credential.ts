import type { Redactor } from '../../kernel/redact.ts';

/**
 * How a call proves who it is (https://developer.atlassian.com/cloud/bitbucket/rest/intro/#authentication):
 * `bearer` is a repository, project or workspace access token; `basic` is a person's Atlassian e-mail and API token;
 * `app-password` is a person's user name and an app password, which Bitbucket is giving up.
 */
export type BitbucketCredential =
  | { readonly kind: 'bearer'; readonly token: string }
  | { readonly kind: 'basic'; readonly email: string; readonly token: string }
  | { readonly kind: 'app-password'; readonly username: string; readonly password: string };

/**
 * The `Authorization` header of a credential (RFC 6750, RFC 7617); each form of the secret is made known to
 * `redactor`.
 */
export function authorizationOf(credential: BitbucketCredential, redactor: Redactor): string {
  switch (credential.kind) {
    case 'bearer':
      return `Bearer ${secretOf(credential.token, redactor)}`;
    case 'basic':
      return basic(credential.email, credential.token, redactor);
    case 'app-password':
      return basic(credential.username, credential.password, redactor);
  }
}

function basic(user: string, secret: string, redactor: Redactor): string {
  const pair = Buffer.from(`${user.trim()}:${secretOf(secret, redactor)}`).toString('base64');
  redactor.add(pair);
  return `Basic ${pair}`;
}

/** Secrets set by `echo token | …` end with a line break, which no header may hold. */
function secretOf(text: string, redactor: Redactor): string {
  const secret = text.trim();
  redactor.add(secret);
  return secret;
}
