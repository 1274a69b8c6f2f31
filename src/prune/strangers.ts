import { PreheatError } from '../kernel/failure.ts';
import type { Stock } from './stock.ts';

/**
 * The images of other repositories than that of `remoteUrl`, by what they say: no branch of this one tells whether they are in
 * use. Throws a `PreheatError` (usage) where all that say it are such, so that this is the wrong clone, and where any says it
 * but nobody knows of which repository the clone is.
 */
export function strangersIn(
  stock: Stock,
  remoteUrl: string | undefined,
  location: string,
): ReadonlySet<string> {
  const told = stock.flatMap(({ digest, content }) =>
    content.kind === 'image' && content.source !== undefined ? [{ digest, source: content.source }] : [],
  );
  const [first] = told;
  if (first === undefined) return new Set();
  const strangers = told.filter(({ source }) => remoteUrl === undefined || !isSame(source, remoteUrl));
  if (strangers.length < told.length) return new Set(strangers.map(({ digest }) => digest));
  const own =
    remoteUrl === undefined ? 'and this clone has no origin that tells the same' : `not of ${remoteUrl}`;
  throw new PreheatError(`cannot prune ${location}: its images are of ${first.source}, ${own}`, {
    phase: 'usage',
    code: 'usage',
    hint: 'Run it in a clone of that repository, or name another place with --registry.',
  });
}

/** One repository has several addresses: by HTTPS, by SSH, with `.git` and without. */
function isSame(a: string, b: string): boolean {
  return placeOf(a) === placeOf(b);
}

function placeOf(url: string): string {
  return url
    .replace(/^[a-z][a-z0-9+.-]*:\/\//i, '')
    .replace(/^[^@/]*@/, '')
    .replace(/^([^/:]+):(?:\d+\/|\/)?/, '$1/')
    .replace(/(?:\.git)?\/*$/, '')
    .toLowerCase();
}
