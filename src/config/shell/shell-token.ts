/** A piece of a shell text; offsets in UTF-16 code units, `end` exclusive. */
export interface ShellToken {
  /**
   * `operator` is a control operator, a parenthesis or a line end; `redirect` what changes a stream, whose target is the
   * word behind it.
   */
  readonly kind: 'word' | 'operator' | 'redirect';
  /** As it is written, quotes included. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/**
 * What a word means where it is one plain text, quoted as a whole or not at all; `undefined` where bash would expand
 * something in it.
 */
export function literalOf({ text }: ShellToken): string | undefined {
  const quoted = /^'([^']*)'$/.exec(text) ?? /^"([^"$`\\]*)"$/.exec(text);
  if (quoted !== null) return quoted[1];
  return /^[\w./:@%+,=-]+$/.test(text) ? text : undefined;
}
