import type { RegistryRequest } from './authorized-requests.ts';

/** The most that a registry must take (distribution-spec, "Pushing Manifests"). */
export const MOST_MANIFEST_BYTES = 4 * 1024 * 1024;

/** The kinds of manifests that images are made of. */
export const MANIFESTS: readonly string[] = [
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.oci.image.index.v1+json',
];

/** What oras takes, word for word: a registry may say that it has none of what another list names. */
export const ACCEPTED = [...MANIFESTS, 'application/vnd.oci.artifact.manifest.v1+json'].join(', ');

/** The request that puts a manifest under a tag or digest. */
export function manifestPut(
  body: Uint8Array,
  mediaType: string,
): Omit<RegistryRequest, 'url' | 'registry' | 'repository'> {
  const headers = { 'content-type': mediaType, 'content-length': String(body.length) };
  return { method: 'PUT', headers, body, mostBytes: MOST_MANIFEST_BYTES, mayMove: false };
}
