import { StringDecoder } from 'node:string_decoder';

const LONGEST_LINE = 16 * 1024;
/** What comes after a cut is waited for, so that a secret across it is seen whole. */
const MOST_HELD = 2 * LONGEST_LINE;

/**
 * Splits a byte stream into lines of UTF-8 text (LF, CRLF, or a lone CR as progress bars print it), without their
 * ends. A line longer than 16,384 characters is cut into pieces, so that memory stays bounded; bytes that are not
 * UTF-8 become U+FFFD. `mask` is asked to mask secrets in what is to be cut, before it is: pieces hold nothing of a
 * secret of up to 16,384 characters.
 */
export async function* linesOf(
  chunks: AsyncIterable<Uint8Array>,
  mask: (text: string) => string = (text) => text,
): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const chunk of chunks) {
    rest += decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    for (const line of lines) yield* piecesOf(line, mask);
    while (rest.length > MOST_HELD) {
      rest = mask(rest);
      if (rest.length <= LONGEST_LINE) break;
      yield rest.slice(0, LONGEST_LINE);
      rest = rest.slice(LONGEST_LINE);
    }
  }
  rest += decoder.end();
  if (rest !== '') yield* piecesOf(rest.replace(/\r$/, ''), mask);
}

function piecesOf(line: string, mask: (text: string) => string): readonly string[] {
  if (line.length <= LONGEST_LINE) return [line];
  const masked = mask(line);
  const count = Math.ceil(masked.length / LONGEST_LINE);
  return Array.from({ length: count }, (_, at) => masked.slice(at * LONGEST_LINE, (at + 1) * LONGEST_LINE));
}
