import { posix } from 'node:path';

/** One line of a `.dockerignore`. */
interface IgnorePattern {
  /** Whether it takes back what earlier ones left out. */
  readonly isException: boolean;
  readonly matches: (path: string) => boolean;
}

/** What the patterns say of one path: of each whether it applies, and what comes of all. */
interface Verdict {
  readonly applies: readonly boolean[];
  readonly isIgnored: boolean;
}

/**
 * Reads a `.dockerignore` and says of a path whether the build is kept from seeing it
 * (https://docs.docker.com/build/concepts/context/#dockerignore-files). A port of Docker's own matcher
 * (https://github.com/moby/patternmatcher/blob/v0.6.0/patternmatcher.go, `MatchesUsingParentResults`): what git means
 * by such patterns differs, and npm's `@balena/dockerignore` is a port of an older version, in which `c++` is none.
 *
 * Throws `SyntaxError` for a pattern that is none.
 */
export function readIgnoreFile(text: string): (path: string) => boolean {
  const patterns = text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .flatMap(patternIn);
  const folders = new Map<string, Verdict>();
  const judgeFolder = (path: string): Verdict => {
    const known = folders.get(path);
    if (known !== undefined) return known;
    const verdict = judge(path);
    folders.set(path, verdict);
    return verdict;
  };
  const judge = (path: string): Verdict => {
    const slash = path.lastIndexOf('/');
    return judgeBelow(path, patterns, slash === -1 ? undefined : judgeFolder(path.slice(0, slash)));
  };
  return (path) => judge(path).isIgnored;
}

/** A pattern that applies to a folder applies to what lies below; one that could change nothing there is not tried. */
function judgeBelow(path: string, patterns: readonly IgnorePattern[], folder: Verdict | undefined): Verdict {
  let isIgnored = false;
  const applies = patterns.map(({ isException, matches }, at) => {
    const isMet = folder?.applies[at] === true || (isException === isIgnored && matches(path));
    if (isMet) isIgnored = !isException;
    return isMet;
  });
  return { applies, isIgnored };
}

function patternIn(line: string): readonly IgnorePattern[] {
  if (line.startsWith('#')) return [];
  const written = line.trim();
  const isException = written.startsWith('!');
  const body = isException ? written.slice(1).trim() : written;
  if (body === '') {
    if (isException) throw new SyntaxError('"!" alone takes nothing back');
    return [];
  }
  return readAnew(`${isException ? '!' : ''}${cleaned(body).replace(/^\/(?=.)/, '')}`);
}

/**
 * Docker's matcher reads what the reader of the file has cleaned as if it came from a file again, so that `/!x` is an
 * exception (https://github.com/moby/patternmatcher/blob/v0.6.0/patternmatcher.go, `New`).
 */
function readAnew(pattern: string): readonly IgnorePattern[] {
  const clean = cleaned(pattern.trim());
  if (clean === '!') throw new SyntaxError('"!" alone takes nothing back');
  const isException = clean.startsWith('!');
  return [{ isException, matches: matcherOf(isException ? clean.slice(1) : clean) }];
}

/** As Go's `filepath.Clean`. */
function cleaned(path: string): string {
  return posix.normalize(path).replace(/(?<=.)\/$/, '');
}

/** Two forms are plain comparisons, as in Docker, and match more than the expression would. */
function matcherOf(pattern: string): (path: string) => boolean {
  const special = /[*?[\]\\]/;
  if (!special.test(pattern)) return (path) => path === pattern;
  if (pattern.endsWith('**') && !special.test(pattern.slice(0, -2))) {
    return (path) => path.startsWith(pattern.slice(0, -2));
  }
  if (pattern.startsWith('**') && !special.test(pattern.slice(2))) {
    const suffix = pattern.slice(2);
    return (path) => path.endsWith(suffix) || (suffix.startsWith('/') && path === suffix.slice(1));
  }
  const expression = new RegExp(`^${expressionOf(pattern)}$`, 'su');
  return (path) => expression.test(path);
}

function expressionOf(pattern: string): string {
  const pieces = pattern.matchAll(/\*\*\/?|\\.|\\$|[\s\S]/gu);
  return Array.from(pieces, ({ 0: piece, index }) => {
    const isLast = index + piece.length === pattern.length;
    if (piece.startsWith('**')) return isLast ? '.*' : '(?:.*/)?';
    if (piece === '*') return '[^/]*';
    if (piece === '?') return '[^/]';
    return '[]^-'.includes(piece) ? piece : literal(piece.length > 1 ? piece.slice(1) : piece);
  }).join('');
}

function literal(character: string): string {
  return character.replace(/[$()*+./?[\\\]^{|}]/, String.raw`\$&`);
}
