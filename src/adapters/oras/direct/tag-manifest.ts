import { digestOf } from '../../../oci/digest.ts';
import { unsettled, type RegistryAnswer, type Tagging } from './direct-registry.ts';
import { ACCEPTED, manifestPut, MANIFESTS, MOST_MANIFEST_BYTES } from './manifest-types.ts';
import type { SendBelow } from './send-below.ts';

/** As the distribution-spec has it: the manifest's own bytes are put under each tag. Throws what the connection throws. */
export async function tagManifest({ digest, tags }: Tagging, send: SendBelow): Promise<RegistryAnswer> {
  const answer = await send(
    { method: 'GET', headers: { accept: ACCEPTED }, mostBytes: MOST_MANIFEST_BYTES, mayMove: true },
    `manifests/${digest}`,
  );
  const { body } = answer;
  const type = answer.headers['content-type'] ?? '';
  if (answer.status !== 200 || digestOf(body) !== digest || !MANIFESTS.includes(type))
    return unsettled(`status ${answer.status} for the manifest`);
  for (const name of tags) {
    const put = await send(manifestPut(body, type), `manifests/${name}`);
    const told = put.headers['docker-content-digest'] ?? digest;
    if (put.status !== 201 || told !== digest) return unsettled(`status ${put.status} for the tag`);
  }
  return { kind: 'found', content: new Uint8Array() };
}
