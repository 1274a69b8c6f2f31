import * as z from 'zod';
import { parseDigest, type Digest } from '../../../oci/digest.ts';
import { textLines } from '../text-lines.ts';
import { readBuildStatus, type BuildStatus } from './build-status.ts';

/** One message of a build (Engine API, `POST /build`). */
export type BuildMessage =
  | { readonly kind: 'status'; readonly status: BuildStatus }
  | { readonly kind: 'image'; readonly id: Digest }
  | { readonly kind: 'failure'; readonly reason: string };

/** BuildKit's status of a busy step holds its output; a message is base64 of it. */
const LONGEST_LINE = 16 * 1024 * 1024;

const Line = z.object({
  id: z.string().optional(),
  aux: z.unknown().optional(),
  error: z.string().optional(),
  errorDetail: z.object({ message: z.string().optional() }).nullish(),
});
const ImageAux = z.object({ ID: z.string() });

/**
 * Reads what the engine tells of a build: JSON objects, each on a line, BuildKit's own status among them as base64 of
 * protobuf under the id `moby.buildkit.trace`. Throws an `Error` for what cannot be read.
 */
export async function* buildMessages(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<BuildMessage> {
  for await (const text of textLines(chunks, LONGEST_LINE)) {
    const message = text.trim() === '' ? undefined : messageIn(text);
    if (message !== undefined) yield message;
  }
}

function messageIn(text: string): BuildMessage | undefined {
  const { id, aux, error, errorDetail } = Line.parse(JSON.parse(text));
  const reason = errorDetail?.message ?? error;
  if (reason !== undefined) return { kind: 'failure', reason };
  if (id === 'moby.buildkit.trace')
    return { kind: 'status', status: readBuildStatus(Buffer.from(z.string().parse(aux), 'base64')) };
  if (id === 'moby.image.id') return { kind: 'image', id: parseDigest(ImageAux.parse(aux).ID) };
  return undefined;
}
