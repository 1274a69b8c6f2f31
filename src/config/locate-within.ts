import { isScalar, Scalar, type Document } from 'yaml';
import type { NodePath } from './finding.ts';
import { locate, nodeAt, type TextRange } from './locate.ts';

/**
 * Where a part of the text that a scalar means stands in the file. Whatever style it is written in, YAML changes nothing
 * but white space in it, so that the same count of other characters leads to the same place; only texts with escapes are
 * told as a whole.
 */
export function locateWithin(document: Document, text: string, path: NodePath, part: TextRange): TextRange {
  const whole = locate(document, path, 'value');
  const node = nodeAt(document, path);
  if (!isScalar(node) || typeof node.value !== 'string') return whole;
  const body = bodyOf(node, text);
  if (body === undefined) return whole;
  const before = inkIn(node.value, 0, part.start);
  const length = inkIn(node.value, part.start, part.end);
  const start = offsetOf(text, body, before + 1);
  const end = offsetOf(text, body, before + length);
  return start === undefined || end === undefined ? whole : { start, end: Math.max(start, end) + 1 };
}

/** Where the text of a scalar stands without its quotes, or without the line with its `|`. */
function bodyOf({ range, type }: Scalar, text: string): TextRange | undefined {
  if (range === undefined || range === null) return undefined;
  const [start, end] = range;
  const isPlain = (escape: string): boolean => !text.slice(start + 1, end - 1).includes(escape);
  switch (type) {
    case Scalar.PLAIN:
      return { start, end };
    case Scalar.BLOCK_LITERAL:
    case Scalar.BLOCK_FOLDED:
      return { start: text.indexOf('\n', start) + 1, end };
    case Scalar.QUOTE_DOUBLE:
      return isPlain('\\') ? { start: start + 1, end: end - 1 } : undefined;
    case Scalar.QUOTE_SINGLE:
      return isPlain("'") ? { start: start + 1, end: end - 1 } : undefined;
    default:
      return undefined;
  }
}

/** How many characters other than white space there are. */
function inkIn(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = from; at < to; at++) if (isInk(text, at)) count++;
  return count;
}

/** The offset of the `count`th character other than white space. */
function offsetOf(text: string, { start, end }: TextRange, count: number): number | undefined {
  let left = count;
  for (let at = start; at < end; at++) if (isInk(text, at) && --left === 0) return at;
  return undefined;
}

function isInk(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09;
}
