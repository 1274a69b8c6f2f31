/** An object of a repository, as git stores it. */
export interface GitObject {
  readonly id: string;
  readonly type: string;
  readonly content: Buffer;
}

/** An object that is not read. */
export interface TooLarge {
  /** Its id. */
  readonly tooLarge: string;
}

/** What is read is source text, trees and commits, of which each is held whole. */
const MOST_BYTES = 100 * 1024 * 1024;

/**
 * Takes `<id> <type> <size>\n<content>\n` apart; any other line says that there is no such object. Ends at one that is
 * too large.
 */
export async function* answersOf(
  stdout: AsyncIterable<Uint8Array>,
): AsyncGenerator<GitObject | TooLarge | undefined, undefined> {
  let parts: Buffer[] = [];
  let length = 0;
  let wanted = 1;
  for await (const chunk of stdout) {
    parts.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    length += chunk.byteLength;
    if (length < wanted) continue;
    let rest = Buffer.concat(parts, length);
    for (;;) {
      const headerEnd = rest.indexOf('\n');
      wanted = rest.length + 1;
      if (headerEnd === -1) break;
      const [, id, type, digits] =
        /^([0-9a-f]{40,64}) ([a-z]+) (\d+)$/.exec(rest.toString('latin1', 0, headerEnd)) ?? [];
      const isObject = id !== undefined && type !== undefined;
      if (isObject && Number(digits) > MOST_BYTES) {
        yield { tooLarge: id };
        return;
      }
      const end = isObject ? headerEnd + 1 + Number(digits) + 1 : headerEnd + 1;
      wanted = end;
      if (rest.length < end) break;
      yield isObject ? { id, type, content: rest.subarray(headerEnd + 1, end - 1) } : undefined;
      rest = rest.subarray(end);
    }
    parts = [rest];
    length = rest.length;
  }
}
