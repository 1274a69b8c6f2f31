import { StringDecoder } from 'node:string_decoder';

const LONGEST_LINE = 16 * 1024;

/**
 * Splits a byte stream into lines of UTF-8 text (LF, CRLF, or a lone CR as progress bars print it), without their
 * ends. A line longer than 16,384 characters is cut into pieces, so that memory stays bounded; bytes that are not
 * UTF-8 become U+FFFD.
 */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const chunk of chunks) {
    rest += decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    const pieces = rest.split(/\r\n|\n|\r(?!$)/);
    rest = pieces.pop() ?? '';
    yield* pieces;
    for (; rest.length > LONGEST_LINE; rest = rest.slice(LONGEST_LINE)) yield rest.slice(0, LONGEST_LINE);
  }
  rest += decoder.end();
  if (rest !== '') yield rest.replace(/\r$/, '');
}
