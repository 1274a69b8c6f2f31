import { withDeadline } from './deadline.ts';

const MOST_BYTES = 64 * 1024;
const LONGEST_MS = 5_000;

export interface TextBounds {
  readonly signal: AbortSignal;
  /** 5 s by default. */
  readonly longestMs?: number;
  /** 64 KiB by default. */
  readonly mostBytes?: number;
}

/**
 * Reads the text of an answer within bounds; what did not fit or come in time is left out. For answers that are short or
 * only read to be shown: a gateway's page may be of any size and may never end.
 */
export async function boundedText(
  response: Response,
  { signal, longestMs = LONGEST_MS, mostBytes = MOST_BYTES }: TextBounds,
): Promise<string> {
  const reader = response.body?.getReader();
  if (reader === undefined) return '';
  const deadline = withDeadline(signal, longestMs);
  const stop = (): void => void reader.cancel().catch(() => undefined);
  deadline.addEventListener('abort', stop, { once: true });
  if (deadline.aborted) stop();
  try {
    return await readUpTo(mostBytes, reader);
  } finally {
    deadline.removeEventListener('abort', stop);
    stop();
  }
}

async function readUpTo(most: number, reader: ReadableStreamDefaultReader<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for (let left = most; left > 0;) {
    const { done, value } = await reader.read().catch(() => ({ done: true as const, value: undefined }));
    if (done) return text + decoder.decode();
    text += decoder.decode(value.subarray(0, left), { stream: true });
    left -= value.byteLength;
  }
  return text;
}
