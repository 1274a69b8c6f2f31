import { StringDecoder } from 'node:string_decoder';

/**
 * The lines of what an engine reports, the last one too where nothing ends it. Lines end with LF only: JSON has escaped
 * every other line break. Throws an `Error` for a line of more than `longest` characters.
 */
export async function* textLines(chunks: AsyncIterable<Uint8Array>, longest: number): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const chunk of chunks) {
    rest += decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
    if (rest.length > longest)
      throw new Error(`the engine reports a line of more than ${longest} characters`);
  }
  yield rest + decoder.end();
}
