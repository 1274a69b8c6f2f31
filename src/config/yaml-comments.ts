import { Parser } from 'yaml';

/** A comment of a YAML text. */
export interface YamlComment {
  /** From its `#` to the end of its line. */
  readonly source: string;
  readonly offset: number;
}

/** The parts of a syntax token in which other tokens stand (https://eemeli.org/yaml/#cst-nodes). */
const PARTS = ['start', 'key', 'sep', 'value', 'items', 'props', 'end'] as const;

/** The comments of a text that is sound YAML, in order: what a reader of YAML takes for one, not each `#`. */
export function commentsIn(text: string): readonly YamlComment[] {
  return [...new Parser().parse(text)].flatMap(commentsWithin).toSorted((a, b) => a.offset - b.offset);
}

function commentsWithin(token: unknown): readonly YamlComment[] {
  if (Array.isArray(token)) return token.flatMap(commentsWithin);
  if (typeof token !== 'object' || token === null) return [];
  if (isComment(token)) return [{ source: token.source.trimEnd(), offset: token.offset }];
  const parts = new Map<string, unknown>(Object.entries(token));
  return PARTS.flatMap((part) => commentsWithin(parts.get(part)));
}

function isComment(token: object): token is YamlComment {
  return (
    'type' in token &&
    token.type === 'comment' &&
    'source' in token &&
    typeof token.source === 'string' &&
    'offset' in token &&
    typeof token.offset === 'number'
  );
}
