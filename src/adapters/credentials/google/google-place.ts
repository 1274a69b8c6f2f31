import type { RegistryPlace } from '../keyless-source.ts';

const GOOGLE: RegistryPlace = { name: 'Google Artifact Registry' };

/** https://cloud.google.com/artifact-registry/docs/repositories/repo-locations and the names of Container Registry. */
const HOST = /^(?:[a-z0-9-]+-docker\.pkg\.dev|(?:[a-z]+\.)?gcr\.io)$/;

/** The one place of Google's registries, which all take the same access tokens; `undefined` for any other registry. */
export function googlePlaceOf(registry: string): RegistryPlace | undefined {
  return HOST.test(registry) ? GOOGLE : undefined;
}
