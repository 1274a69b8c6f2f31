/** Whether a listed input is a pattern; brackets are plain characters, as in `pages/[id].tsx`. */
export function isPattern(input: string): boolean {
  return /[*?]/.test(input);
}

/** One character of UTF-8, or a byte that is none, in names as latin1 text; no slash. */
const ONE_CHARACTER = String.raw`(?:[\x00-\x2e\x30-\x7f]|[\x80-\xbf]|[\xc0-\xff][\x80-\xbf]*)`;

/**
 * Compiles a pattern into a test of paths (raw bytes as latin1 text) that holds for what it matches and for everything
 * below. `*` and `?` stay within a name, dots at its begin included; `**` stands for any number of folders.
 */
export function matcherOf(pattern: string): (path: string) => boolean {
  const names = Buffer.from(pattern)
    .toString('latin1')
    .split('/')
    .filter((name, at, all) => name !== '**' || all[at - 1] !== '**');
  const parts = names.map((name, at) => partOf(name, at === names.length - 1));
  const expression = new RegExp(`^${parts.join('')}(?:/.*)?$`, 's');
  return (path) => expression.test(path);
}

function partOf(name: string, isLast: boolean): string {
  if (name === '**') return isLast ? '.+' : '(?:[^/]+/)*';
  const expression = name
    .replaceAll(/[$()+.[\\\]^{|}]/g, String.raw`\$&`)
    .replaceAll(/\*+/g, '[^/]*')
    .replaceAll('?', ONE_CHARACTER);
  return isLast ? expression : `${expression}/`;
}
