import { parseDocument, type Document } from 'yaml';
import type { Finding } from './finding.ts';
import { syntaxFindings } from './syntax-findings.ts';
import { structureFindings } from './yaml-structure.ts';

/** Far more than anybody writes: files found in public have some 100 lines. */
export const LONGEST_TEXT = 256 * 1024;
/** A tree whose aliases expand to more than this is an alias bomb ("billion laughs"). */
const MOST_EXPANSIONS = 100;

/** A text read as YAML: its tree (absent where there is none to trust), its value, and what was found on the way. */
export interface YamlSource {
  readonly document: Document | undefined;
  /** What the text means in JSON's terms; only sensible when no finding is an error. */
  readonly value: unknown;
  readonly findings: readonly Finding[];
}

/**
 * Reads one YAML 1.2 document without a byte order mark (core schema, with merge keys as Gitpod had them). Never
 * throws: texts over 256 KiB, nesting and alias bombs, cycles and syntax errors become findings.
 */
export function readYaml(text: string): YamlSource {
  if (tooLong(text)) return refused(`the file is longer than ${LONGEST_TEXT / 1024} KiB`);
  const document = parse(text);
  const syntax = syntaxFindings(document);
  if (document.errors.length > 0) return { document: undefined, value: undefined, findings: syntax };
  const findings = [...structureFindings(document), ...unprintable(text), ...syntax];
  const sound = findings.every(({ severity }) => severity !== 'error');
  return sound ? valued(document, findings) : { document, value: undefined, findings };
}

function parse(text: string): Document {
  return parseDocument(text, {
    // Named although it is the default: else a "%YAML 1.1" line would turn "yes" into true.
    schema: 'core',
    merge: true,
    stringKeys: true,
    resolveKnownTags: false,
    prettyErrors: false,
    logLevel: 'error',
    // Comments are told apart by where the dashes of a list stand.
    keepSourceTokens: true,
    // The library compares each key with each other; `structureFindings` does it in one pass.
    uniqueKeys: false,
  });
}

/** What a YAML text may not hold; js-yaml 3 refused the file for it. */
const UNPRINTABLE = /[\u0001-\u0008\u000B\u000C\u000E-\u001F\u007F-\u0084\u0086-\u009F\uFFFE\uFFFF]/;

function unprintable(text: string): readonly Finding[] {
  const start = text.search(UNPRINTABLE);
  if (start === -1) return [];
  const message = 'a control character stands here, and YAML allows none';
  return [{ severity: 'refused', where: { start, end: start + 1 }, message, suggestion: 'remove it' }];
}

function valued(document: Document, findings: readonly Finding[]): YamlSource {
  try {
    const value: unknown = document.toJS({ maxAliasCount: MOST_EXPANSIONS });
    return { document, value, findings };
  } catch {
    // What else toJS throws for (unknown anchors, merged non-maps) was found by structureFindings before.
    return refused('the aliases of the file expand to too much');
  }
}

function tooLong(text: string): boolean {
  return text.length > LONGEST_TEXT || Buffer.byteLength(text) > LONGEST_TEXT;
}

function refused(message: string): YamlSource {
  const findings: readonly Finding[] = [{ severity: 'error', where: { start: 0, end: 0 }, message }];
  return { document: undefined, value: undefined, findings };
}
