/** The most that a registry must take (distribution-spec, "Pushing Manifests"). */
export const MOST_MANIFEST_BYTES = 4 * 1024 * 1024;

/** The kinds of manifests that images are made of. */
export const MANIFESTS: readonly string[] = [
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.oci.image.index.v1+json',
];
