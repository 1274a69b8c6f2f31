import type { Descriptor } from '../../../oci/descriptor.ts';
import { digestOf } from '../../../oci/digest.ts';
import type { Manifest } from '../../../oci/manifest.ts';
import { MEDIA_TYPE } from '../../../oci/media-types.ts';
import { ACCEPTED, manifestPut, MOST_MANIFEST_BYTES } from './manifest-types.ts';
import type { SendBelow } from './send-below.ts';

/**
 * Lists a manifest as the first referrer of its subject, for a registry that does not do so itself (distribution-spec,
 * "Pushing Manifests with Subject" and "Referrers Tag Schema"). A list that is there already stays for oras to extend.
 * Answers why it could not, and nothing where it could.
 */
export async function listReferrer(
  referrer: Descriptor,
  { subject, artifactType, config, annotations }: Manifest,
  send: SendBelow,
): Promise<string | undefined> {
  if (subject === undefined) throw new TypeError('a referrer has a subject');
  const path = `manifests/${subject.digest.replace(':', '-')}`;
  const headers = { accept: ACCEPTED };
  const look = { method: 'GET', headers, mostBytes: MOST_MANIFEST_BYTES, mayMove: false } as const;
  const before = await send(look, path);
  if (before.status !== 404) return `status ${before.status} for the list of referrers`;
  const { mediaType, digest, size } = referrer;
  const type = artifactType ?? config.mediaType;
  const listed = { mediaType, digest, size, ...(annotations && { annotations }), artifactType: type };
  const index = { schemaVersion: 2, mediaType: MEDIA_TYPE.index, manifests: [listed] };
  const body = Buffer.from(JSON.stringify(index));
  const put = await send(manifestPut(body, MEDIA_TYPE.index), path);
  const told = put.headers['docker-content-digest'] ?? digestOf(body);
  const isPut = put.status === 201 && told === digestOf(body);
  return isPut ? undefined : `status ${put.status} for the list of referrers`;
}
