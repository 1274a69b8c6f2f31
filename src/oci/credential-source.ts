import type { CallOptions } from './content-store.ts';

/** What a registry lets in. */
export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** The user name that says that the password is an identity token, as Docker's own configuration file has it. */
export const TOKEN_USER = '<token>';

/**
 * Where the user name and password for a registry come from; oras and the engine are given what it says.
 */
export interface CredentialSource {
  /**
   * The credentials for `registry` (`host[:port]`, `docker.io` for Docker Hub); `undefined` where this source knows
   * none, so that the next one is asked, and in the end nobody's are used. The user name {@link TOKEN_USER} says that
   * the password is an identity token. Every secret is known to the redactor before it is returned. Throws `PreheatError`
   * (usage, or observe with code `unauthorized` or `unreachable`) where it should have credentials and cannot get them.
   */
  credentialsFor(registry: string, options: CallOptions): Promise<Credentials | undefined>;
}
