import type { Escape } from './escape.ts';

/** Values of variables; a name that is missing is unset. */
export type Variables = ReadonlyMap<string, string>;

/**
 * Replaces variables and removes quotes and escapes, as BuildKit's `shell.Lex` does with a word
 * (https://docs.docker.com/reference/dockerfile/#environment-replacement). `undefined` for what is not understood:
 * patterns such as `${name#prefix}`, a word that is broken off, a value that is required and missing.
 */
export function expand(word: string, variables: Variables, escape: Escape): string | undefined {
  const reader: Reader = { word, at: 0, variables, escape };
  const value = readUntil(reader, '');
  return reader.at === word.length ? value : undefined;
}

interface Reader {
  readonly word: string;
  at: number;
  readonly variables: Variables;
  readonly escape: Escape;
}

/** Reads up to an unquoted `end`, or to the end of the word where that is empty. */
function readUntil(reader: Reader, end: '' | '}' | '"'): string | undefined {
  let value = '';
  while (reader.at < reader.word.length) {
    const character = reader.word[reader.at] ?? '';
    if (character === end) return value;
    const piece = readPiece(reader, character, end === '"');
    if (piece === undefined) return undefined;
    value += piece;
  }
  return end === '' ? value : undefined;
}

function readPiece(reader: Reader, character: string, isQuoted: boolean): string | undefined {
  if (character === '$') return readVariable(reader);
  reader.at++;
  if (character === reader.escape) return readEscaped(reader, isQuoted);
  if (isQuoted) return character;
  if (character === "'") {
    const close = reader.word.indexOf("'", reader.at);
    if (close === -1) return undefined;
    const value = reader.word.slice(reader.at, close);
    reader.at = close + 1;
    return value;
  }
  if (character !== '"') return character;
  const value = readUntil(reader, '"');
  reader.at++;
  return value;
}

/** Within double quotes an escape stands for itself before everything but `"`, `$` and itself. */
function readEscaped(reader: Reader, isQuoted: boolean): string {
  const next = reader.word[reader.at];
  if (next === undefined) return reader.escape;
  reader.at++;
  return isQuoted && next !== '"' && next !== '$' && next !== reader.escape ? reader.escape + next : next;
}

function readVariable(reader: Reader): string | undefined {
  const rest = reader.word.slice(reader.at);
  const [plain] = /^\$[A-Za-z_]\w*/.exec(rest) ?? [];
  if (plain !== undefined) {
    reader.at += plain.length;
    return reader.variables.get(plain.slice(1)) ?? '';
  }
  const [open, name = '', colon, operator] = /^\$\{([A-Za-z_]\w*)(?:(:?)([-+?])|(?=\}))/.exec(rest) ?? [];
  if (open === undefined) return undefined;
  reader.at += open.length;
  const alternative = readUntil(reader, '}');
  reader.at++;
  if (alternative === undefined) return undefined;
  const value = reader.variables.get(name);
  return choose(colon === ':' && value === '' ? undefined : value, operator, alternative);
}

function choose(
  value: string | undefined,
  operator: string | undefined,
  alternative: string,
): string | undefined {
  if (operator === '+') return value === undefined ? '' : alternative;
  if (operator === '-') return value ?? alternative;
  return operator === '?' ? value : (value ?? '');
}
