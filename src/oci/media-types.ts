/** Media types of the OCI image-spec 1.1 and their Docker schema 2 ancestors. */
export const MEDIA_TYPE = {
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  index: 'application/vnd.oci.image.index.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar',
  layerGzip: 'application/vnd.oci.image.layer.v1.tar+gzip',
  layerZstd: 'application/vnd.oci.image.layer.v1.tar+zstd',
  empty: 'application/vnd.oci.empty.v1+json',
  dockerManifest: 'application/vnd.docker.distribution.manifest.v2+json',
  dockerIndex: 'application/vnd.docker.distribution.manifest.list.v2+json',
  dockerConfig: 'application/vnd.docker.container.image.v1+json',
  dockerLayerGzip: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
} as const;

const OCI_NAME: ReadonlyMap<string, string> = new Map([
  [MEDIA_TYPE.dockerLayerGzip, MEDIA_TYPE.layerGzip],
  ['application/vnd.docker.image.rootfs.diff.tar', MEDIA_TYPE.layer],
  ['application/vnd.docker.image.rootfs.diff.tar.zstd', MEDIA_TYPE.layerZstd],
  [MEDIA_TYPE.dockerConfig, MEDIA_TYPE.config],
]);

/** The OCI name of a Docker schema 2 media type; OCI ones stay. The bytes behind both are the same. */
export function ociMediaType(mediaType: string): string {
  return OCI_NAME.get(mediaType) ?? mediaType;
}

/** What kind of artifact a report is (image-spec, "Guidelines for Artifact Usage"). */
export const REPORT_ARTIFACT = 'application/vnd.preheat.report.v1';
