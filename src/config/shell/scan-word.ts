/** Substitutions inside of each other beyond this are not looked into. */
const DEEPEST = 50;

/** Where a scan ended, and where a quote began that has no end. */
interface Scan {
  readonly end: number;
  readonly unclosed?: number;
}

/** What ends a word where it is not quoted. */
const ENDS = /[\s;&|()<>]/;

/** Scans the word that begins at `from`, with all that is quoted or substituted in it; it may begin with `<(` or `>(`. */
export function scanWord(text: string, from: number): Scan {
  let at = /[<>]/.test(text[from] ?? '') ? pastParentheses(text, from + 1, 0) : from;
  while (at < text.length) {
    if (text[at] === '(' && opensPattern(text, from, at)) {
      at = pastParentheses(text, at, 0);
      continue;
    }
    if (ENDS.test(text[at] ?? '')) break;
    const next = pastPiece(text, at, 0);
    if (next === undefined) return { end: text.length, unclosed: at };
    at = next;
  }
  return { end: at };
}

/** The parenthesis of an array (`a=(`) or of an extended pattern (`!(`) belongs to the word. */
function opensPattern(text: string, from: number, at: number): boolean {
  return at > from && /[=+@!?*]/.test(text[at - 1] ?? '');
}

/** Past one character, or past what begins with it; `undefined` for a quote without an end. */
function pastPiece(text: string, at: number, depth: number): number | undefined {
  switch (text[at]) {
    case '\\':
      return Math.min(at + 2, text.length);
    case "'":
      return pastClosing(text, "'", at + 1);
    case '"':
      return pastDouble(text, at + 1, depth);
    case '`':
      return pastEscaped(text, '`', at + 1);
    case '$':
      return pastDollar(text, at, depth);
    default:
      return at + 1;
  }
}

function pastDollar(text: string, at: number, depth: number): number | undefined {
  if (text[at + 1] === "'") return pastEscaped(text, "'", at + 2);
  return pastSubstitution(text, at, depth);
}

function pastSubstitution(text: string, at: number, depth: number): number {
  if (text[at + 1] === '(') return pastParentheses(text, at + 1, depth + 1);
  return text[at + 1] === '{' ? pastBraces(text, at + 2, depth + 1) : at + 1;
}

function pastClosing(text: string, quote: string, from: number): number | undefined {
  const found = text.indexOf(quote, from);
  return found === -1 ? undefined : found + 1;
}

function pastEscaped(text: string, quote: string, from: number): number | undefined {
  for (let at = from; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === quote) return at + 1;
  }
  return undefined;
}

function pastDouble(text: string, from: number, depth: number): number | undefined {
  let at = from;
  while (at < text.length) {
    if (text[at] === '"') return at + 1;
    if (text[at] === '$') at = pastSubstitution(text, at, depth);
    else at += text[at] === '\\' ? 2 : 1;
  }
  return undefined;
}

/** Past the `)` that belongs to the `(` at `at`; the end of the text where there is none. */
function pastParentheses(text: string, at: number, depth: number): number {
  if (depth > DEEPEST) return text.length;
  let open = 0;
  while (at < text.length) {
    const character = text[at];
    if (character === '(') open++;
    if (character === ')' && --open === 0) return at + 1;
    if (character === '#' && /[\s;&|(]/.test(text[at - 1] ?? '')) at = endOfLine(text, at);
    else at = pastPiece(text, at, depth) ?? text.length;
  }
  return text.length;
}

function pastBraces(text: string, from: number, depth: number): number {
  if (depth > DEEPEST) return text.length;
  let at = from;
  while (at < text.length) {
    if (text[at] === '}') return at + 1;
    // Between double quotes an apostrophe is itself, and there are more of these than of quotes in braces.
    at = text[at] === "'" ? at + 1 : (pastPiece(text, at, depth) ?? text.length);
  }
  return text.length;
}

/** The offset of the line end behind `at`, or of the end of the text. */
export function endOfLine(text: string, at: number): number {
  const found = text.indexOf('\n', at);
  return found === -1 ? text.length : found;
}
