import type { CallOptions } from '../../oci/content-store.ts';

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/**
 * One way to come by credentials, for the registries that it knows; several make a chain ({@link firstOf}), which
 * serves oras and the engine alike.
 */
export interface CredentialSource {
  /**
   * The credentials for `registry` (`host[:port]`, `docker.io` for Docker Hub); `undefined` where this source knows
   * none, so that the next one is asked, and in the end nobody's are used. The user name `<token>` says that the password
   * is an identity token. Every secret is known to the redactor before it is returned. Throws `PreheatError` (usage, or
   * observe with code `unauthorized` or `unreachable`) where it should have credentials and cannot get them.
   */
  credentialsFor(registry: string, options: CallOptions): Promise<Credentials | undefined>;
}

/** Asks the sources in their order; the first that has credentials answers. */
export function firstOf(sources: readonly CredentialSource[]): CredentialSource {
  return {
    async credentialsFor(registry, options) {
      for (const source of sources) {
        const found = await source.credentialsFor(registry, options);
        if (found !== undefined) return found;
      }
      return undefined;
    },
  };
}
