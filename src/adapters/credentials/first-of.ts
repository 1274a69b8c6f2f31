import type { CredentialSource } from '../../oci/credential-source.ts';

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
