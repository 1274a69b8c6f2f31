/** A text by its lines, with positions counted from one. Line ends are LF and CRLF, as in YAML and in editors. */
export interface TextLines {
  /** Without their ends. */
  readonly lines: readonly string[];
  /** The place of an offset in UTF-16 code units; offsets behind the end mean the end. */
  position(offset: number): { readonly line: number; readonly column: number };
}

/**
 * Splits a text into lines. The YAML library's own counter is not used: it misses the line ends inside of tokens that
 * the parser did not expect, so that everything behind a syntax error would be told too far up.
 */
export function textLines(text: string): TextLines {
  const starts = [0, ...Array.from(text.matchAll(/\n/g), ({ index }) => index + 1)];
  const lines = text.split('\n').map((line) => line.replace(/\r$/, ''));
  return {
    lines,
    position(offset) {
      const within = Math.max(0, Math.min(offset, text.length));
      const line = lineOf(starts, within);
      const longest = (lines[line]?.length ?? 0) + 1;
      return { line: line + 1, column: Math.min(within - (starts[line] ?? 0) + 1, longest) };
    },
  };
}

/** The index of the last start that is not behind `offset`, by halving. */
function lineOf(starts: readonly number[], offset: number): number {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? Infinity) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
