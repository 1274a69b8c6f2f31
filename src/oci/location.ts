import { parseReference } from './reference.ts';

/**
 * Where workspace images are kept: one repository of a registry, or one OCI layout folder (image-spec, "Image
 * Layout").
 */
export type Location =
  | { readonly kind: 'registry'; readonly registry: string; readonly repository: string }
  | { readonly kind: 'layout'; readonly directory: string };

/**
 * Reads the value of `--registry`: `host/path` or `oci:DIR`.
 * Throws `RangeError` with the reason for anything else (a tag or digest among it).
 */
export function parseLocation(text: string): Location {
  if (text.startsWith('oci:')) {
    const directory = text.slice('oci:'.length);
    if (directory === '') throw new RangeError('"oci:" needs a folder behind it');
    return { kind: 'layout', directory };
  }
  const reference = parseReference(text);
  if (reference.digest !== undefined || text.includes('@') || /:[^/]*$/.test(text.replace(/^[^/]*/, ''))) {
    throw new RangeError(`"${text}" names an image; a registry location is host/path, without tag or digest`);
  }
  return { kind: 'registry', registry: reference.registry, repository: reference.repository };
}

/** Writes a location as `--registry` takes it. */
export function formatLocation(location: Location): string {
  return location.kind === 'layout'
    ? `oci:${location.directory}`
    : `${location.registry}/${location.repository}`;
}

/** The name under which people pull what `tagOrDigest` means at this location. */
export function formatImage(location: Location, tagOrDigest: string): string {
  const separator = tagOrDigest.startsWith('sha256:') ? '@' : ':';
  return `${formatLocation(location)}${separator}${tagOrDigest}`;
}
