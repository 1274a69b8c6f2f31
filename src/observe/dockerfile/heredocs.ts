import { splitWords } from './words.ts';

/** The beginning of a here-document, such as `<<-"EOF"`. */
export interface Heredoc {
  /** The line that ends it. */
  readonly name: string;
  /** Whether tabs at the beginning of its lines do not count. */
  readonly chomp: boolean;
}

/**
 * The here-documents that begin in a line, in order
 * (https://github.com/moby/buildkit/blob/v0.13.2/frontend/dockerfile/parser/parser.go, `heredocsFromLine`).
 */
export function heredocsIn(line: string): readonly Heredoc[] {
  return splitWords(line, '\\').flatMap(({ text }) => {
    const heredoc = heredocOf(text);
    return heredoc === undefined ? [] : [heredoc];
  });
}

/** The here-document that a word begins; `undefined` for other words. */
export function heredocOf(word: string): Heredoc | undefined {
  const [, dash, rest = ''] = /^\d*<<(-?)([^<]+)$/.exec(word) ?? [];
  const name = rest.replaceAll(/["']/g, '').replaceAll(/\\(.)/g, '$1');
  return name === '' || /\s/.test(rest) ? undefined : { name, chomp: dash === '-' };
}
