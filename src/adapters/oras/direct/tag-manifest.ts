import { parseJson } from '../../../kernel/parse-json.ts';
import { digestOf } from '../../../oci/digest.ts';
import { Manifest } from '../../../oci/manifest.ts';
import { unsettled, type RegistryAnswer, type Tagging } from './direct-registry.ts';
import { ACCEPTED, manifestPut, MANIFESTS, MOST_MANIFEST_BYTES } from './manifest-types.ts';
import type { SendBelow } from './send-below.ts';

/**
 * As the distribution-spec has it: the manifest's own bytes are put under each tag. They are asked for where they are not
 * `known`. Throws what the connection throws.
 */
export async function tagManifest(
  { digest, tags }: Tagging,
  known: Uint8Array | undefined,
  send: SendBelow,
): Promise<RegistryAnswer> {
  const manifest = known === undefined ? await fetchManifest(digest, send) : typed(known);
  if (!MANIFESTS.includes(manifest.type) || digestOf(manifest.body) !== digest)
    return unsettled('the registry does not give the manifest as it is');
  const { body, type } = manifest;
  for (const name of tags) {
    const put = await send(manifestPut(body, type), `manifests/${name}`);
    const told = put.headers['docker-content-digest'] ?? digest;
    if (put.status !== 201 || told !== digest) return unsettled(`status ${put.status} for the tag`);
  }
  return { kind: 'found', content: body };
}

interface TypedManifest {
  readonly body: Uint8Array;
  /** Its media type; empty where it is not told. */
  readonly type: string;
}

async function fetchManifest(digest: string, send: SendBelow): Promise<TypedManifest> {
  const headers = { accept: ACCEPTED };
  const request = { method: 'GET', headers, mostBytes: MOST_MANIFEST_BYTES, mayMove: true } as const;
  const { status, headers: told, body } = await send(request, `manifests/${digest}`);
  return { body, type: (status === 200 && told['content-type']) || '' };
}

function typed(body: Uint8Array): TypedManifest {
  const manifest = Manifest.safeParse(parseJson(Buffer.from(body).toString('utf8'))).data;
  return { body, type: manifest?.mediaType ?? '' };
}
