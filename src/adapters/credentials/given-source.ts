import type { Redactor } from '../../kernel/redact.ts';
import type { Credentials, CredentialSource } from '../../oci/credential-source.ts';

/** A user name and password that were given for one registry (`host[:port]`). */
export interface GivenCredentials extends Credentials {
  readonly registry: string;
}

/** Answers for the one registry that the credentials were given for. */
export function createGivenSource(
  { registry, username, password }: GivenCredentials,
  redactor: Redactor,
): CredentialSource {
  redactor.add(password);
  return { credentialsFor: async (asked) => (asked === registry ? { username, password } : undefined) };
}
