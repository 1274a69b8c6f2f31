import type { Document, YAMLError } from 'yaml';
import type { Finding } from './finding.ts';
import { quoted } from './printable.ts';

const MEANINGS: Partial<Readonly<Record<YAMLError['code'], string>>> = {
  MULTIPLE_DOCS: 'a second document begins here, and the file may hold only one',
  NON_STRING_KEY: 'a key must be plain text',
  RESOURCE_EXHAUSTION: 'the file is nested too deeply',
  TAB_AS_INDENT: 'a tab is used for indentation, which YAML does not allow',
};

const REMEDIES: Partial<Readonly<Record<YAMLError['code'], string>>> = {
  MULTIPLE_DOCS: 'remove the "---" before it',
  TAB_AS_INDENT: 'indent with spaces',
  BAD_SCALAR_START: 'put the text in quotes',
};

/** Where the parser has lost its way, it calls each later token unexpected. */
const LOST = /^Unexpected [\w-]+ token in YAML stream/;
const UNEXPECTED = /^Unexpected [\w-]+ token in YAML \w+: (.*)$/s;

/** What the parser found in a document; of what follows from one error only the first is told. */
export function syntaxFindings({ errors, warnings }: Document): readonly Finding[] {
  const lostAt = errors.findIndex(({ message }) => LOST.test(message));
  const told = errors.filter(({ message }, index) => index <= lostAt || !LOST.test(message));
  return [
    ...told.map((error) => syntaxFinding('error', error)),
    ...warnings.map((warning) => syntaxFinding(isUnknownTag(warning) ? 'refused' : 'warning', warning)),
  ];
}

/** Tags of YAML itself are passed over here, but Gitpod knew what they mean. */
function isUnknownTag({ code, message }: YAMLError): boolean {
  return code === 'TAG_RESOLVE_FAILED' && !message.includes('tag:yaml.org,2002:');
}

function syntaxFinding(severity: Finding['severity'], { code, message, pos }: YAMLError): Finding {
  const suggestion = REMEDIES[code];
  return {
    severity,
    where: { start: pos[0], end: pos[1] },
    message: MEANINGS[code] ?? `YAML: ${plain(message)}`,
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}

/** The parser's words without the names of its tokens. */
function plain(message: string): string {
  if (/^Missing closing ["']quote/.test(message)) return 'a text in quotes has no closing quote';
  const token = UNEXPECTED.exec(message)?.[1];
  if (token !== undefined) return `unexpected ${quoted(token.replaceAll(/^"|"$/g, ''))}`;
  const short = message.length > 200 ? `${message.slice(0, 199)}…` : message;
  return /^[A-Z][a-z]/.test(short) ? short.charAt(0).toLowerCase() + short.slice(1) : short;
}
