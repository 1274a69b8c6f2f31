import { digestOf, isDigest } from '../../../oci/digest.ts';
import { unsettled, type RegistryAnswer, type RegistryQuestion } from './direct-registry.ts';
import type { HttpAnswer } from './http-exchange.ts';
import { ACCEPTED, MOST_MANIFEST_BYTES } from './manifest-types.ts';
import type { SendBelow } from './send-below.ts';
import { readTagPages } from './tag-pages.ts';

const MOST_TAG_BYTES = 16 * 1024 * 1024;
const UNKNOWN_TYPE = 'application/octet-stream';

/** Asks one question; content counts where it fits its digest. Throws what the connection throws. */
export async function ask({ wanted }: RegistryQuestion, send: SendBelow): Promise<RegistryAnswer> {
  if (wanted.kind === 'tags') {
    const request = { method: 'GET', headers: {}, mostBytes: MOST_TAG_BYTES, mayMove: false } as const;
    return await readTagPages(async (path) => await send(request, path));
  }
  const { kind, reference, of } = wanted;
  const method = of === 'content' ? 'GET' : 'HEAD';
  const headers = kind === 'manifest' ? { accept: ACCEPTED } : {};
  const request = { method, headers, mostBytes: MOST_MANIFEST_BYTES, mayMove: true } as const;
  const answer = await send(request, `${kind}s/${reference}`);
  if (answer.status === 404) return { kind: 'absent' };
  if (answer.status !== 200) return unsettled(`status ${answer.status}`);
  return of === 'content' ? contentOf(answer, reference) : descriptorOf(answer, kind, reference);
}

function contentOf({ headers, body }: HttpAnswer, reference: string): RegistryAnswer {
  const told = isDigest(reference) ? reference : headers['docker-content-digest'];
  if (told !== undefined && told !== digestOf(body)) return unsettled('the bytes have another digest');
  return { kind: 'found', content: body };
}

/** As oras prints it; of a manifest digest and type must be told, a blob is what it is asked for as. */
function descriptorOf({ headers }: HttpAnswer, kind: 'manifest' | 'blob', reference: string): RegistryAnswer {
  const told = headers['docker-content-digest'] ?? (kind === 'blob' ? reference : undefined);
  const size = Number(headers['content-length'] ?? Number.NaN);
  const mediaType = mediaTypeOf(headers['content-type']) ?? (kind === 'blob' ? UNKNOWN_TYPE : undefined);
  if (!isDigest(String(told)) || (isDigest(reference) && told !== reference) || !Number.isSafeInteger(size))
    return unsettled('the registry does not tell digest and size');
  if (mediaType === undefined) return unsettled('the registry does not tell the type');
  return { kind: 'found', content: Buffer.from(JSON.stringify({ mediaType, digest: told, size })) };
}

function mediaTypeOf(header: string | undefined): string | undefined {
  return header?.split(';')[0]?.trim().toLowerCase() || undefined;
}
