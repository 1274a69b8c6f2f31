import { findNodeAtLocation, getNodeValue, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { Node, ParseError } from 'jsonc-parser';
import type { RangeOf } from '../draw-diagnostics.ts';
import type { Finding } from '../finding.ts';
import type { TextRange } from '../locate.ts';
import { quoted } from '../printable.ts';
import { LONGEST_TEXT } from '../yaml-source.ts';

/** A text read as JSON with comments and trailing commas, as editors read it. */
export interface JsoncSource {
  /** Only sensible when no finding is an error. */
  readonly value: unknown;
  readonly findings: readonly Finding[];
  readonly rangeOf: RangeOf;
}

/** Reads the text of a `devcontainer.json` without a byte order mark. Never throws. */
export function readJsonc(text: string): JsoncSource {
  if (Buffer.byteLength(text) > LONGEST_TEXT)
    return unreadable(`the file is longer than ${LONGEST_TEXT / 1024} KiB`);
  try {
    return readTree(text);
  } catch (thrown) {
    // The parser calls itself for each level of nesting.
    if (thrown instanceof RangeError) return unreadable('the file is nested too deeply');
    throw thrown;
  }
}

function readTree(text: string): JsoncSource {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  const [error] = errors;
  const sound = root === undefined ? [] : duplicates(root);
  // What follows the first error are consequences of it.
  const findings = error === undefined ? sound : [syntaxFinding(error)];
  const value: unknown = root === undefined ? undefined : getNodeValue(root);
  return { value, findings, rangeOf: (where) => ('path' in where ? placeIn(text, root, where) : where) };
}

function syntaxFinding({ error: code, offset: start, length }: ParseError): Finding {
  const message = MESSAGES[printParseErrorCode(code)] ?? 'this is no JSON';
  return { severity: 'error', where: { start, end: start + length }, message };
}

const MESSAGES: Readonly<Record<string, string>> = {
  PropertyNameExpected: 'a key in double quotes is expected here',
  ValueExpected: 'a value is expected here',
  ColonExpected: 'a colon is missing before this',
  CommaExpected: 'a comma is missing before this',
  CloseBraceExpected: 'a "}" is missing',
  CloseBracketExpected: 'a "]" is missing',
  EndOfFileExpected: 'nothing may follow the value of the file',
  UnexpectedEndOfComment: 'this comment has no end',
  UnexpectedEndOfString: 'this text has no end on its line',
  InvalidEscapeCharacter: 'this text holds an escape that JSON does not know',
  InvalidUnicode: 'this text holds an escape that JSON does not know',
  InvalidCharacter: 'this text holds a control character, which JSON writes as an escape',
  InvalidNumberFormat: 'this is no number of JSON',
  InvalidSymbol: 'this is no value of JSON: text stands in double quotes',
};

/** The last one counts, as for editors; other parsers take the first. */
function duplicates(node: Node): readonly Finding[] {
  const children = node.children ?? [];
  const below = children.flatMap(duplicates);
  if (node.type !== 'object') return below;
  const seen = new Set<unknown>();
  const twice = children.flatMap(({ children: [key] = [] }): readonly Finding[] => {
    if (key === undefined || !seen.has(key.value)) {
      seen.add(key?.value);
      return [];
    }
    const message = `the key ${quoted(String(key.value))} stands here a second time`;
    return [{ severity: 'warning', where: rangeOfNode(key), message, suggestion: 'remove one of the two' }];
  });
  return [...twice, ...below];
}

function placeIn(text: string, root: Node | undefined, where: Parameters<RangeOf>[0]): TextRange {
  if (root === undefined || !('path' in where)) return { start: 0, end: 0 };
  for (let depth = where.path.length; depth > 0; depth--) {
    const node = findNodeAtLocation(root, where.path.slice(0, depth));
    if (node === undefined) continue;
    return depth === where.path.length ? rangeAt(text, node, where) : rangeOfNode(node);
  }
  return { start: root.offset, end: root.offset + 1 };
}

function rangeAt(text: string, node: Node, where: Parameters<RangeOf>[0]): TextRange {
  if ('within' in where && node.type === 'string') return rangeWithin(text, node, where.within);
  const isKey = 'at' in where && where.at === 'key' && node.parent?.type === 'property';
  return rangeOfNode(isKey ? (node.parent.children?.[0] ?? node) : node);
}

function rangeOfNode({ offset, length }: Node): TextRange {
  return { start: offset, end: offset + length };
}

/** Of a text that stands in quotes; an escape in it is one character of what it means. */
function rangeWithin(text: string, { offset, length }: Node, part: TextRange): TextRange {
  const end = offset + length - 1;
  const places: number[] = [];
  for (let at = offset + 1; at < end; at += lengthAt(text, at)) places.push(at);
  return { start: places[part.start] ?? end, end: places[part.end] ?? end };
}

function lengthAt(text: string, at: number): number {
  if (text[at] !== '\\') return 1;
  return text[at + 1] === 'u' ? 6 : 2;
}

function unreadable(message: string): JsoncSource {
  const where = { start: 0, end: 0 };
  return { value: undefined, findings: [{ severity: 'error', where, message }], rangeOf: () => where };
}
