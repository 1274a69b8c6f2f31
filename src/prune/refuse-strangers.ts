import { PreheatError } from '../kernel/failure.ts';
import type { Stock } from './stock.ts';

/**
 * Refuses to judge images by the branches of another repository: all of them would seem to be of branches that are gone.
 * Throws a `PreheatError` (usage) where every image that names its repository names another one than `remoteUrl`.
 */
export function refuseStrangers(stock: Stock, remoteUrl: string | undefined, location: string): void {
  if (remoteUrl === undefined) return;
  const sources = new Set(
    stock.flatMap(({ content }) => (content.kind === 'image' ? (content.source ?? []) : [])),
  );
  const [first] = sources;
  if (first === undefined || [...sources].some((source) => isSame(source, remoteUrl))) return;
  throw new PreheatError(`cannot prune ${location}: its images are of ${first}, not of ${remoteUrl}`, {
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
