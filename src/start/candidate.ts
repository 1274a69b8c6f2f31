import type { CallOptions, ContentStore } from '../oci/content-store.ts';

/** A tag under which a warm image may be kept, with the reason to look there, for people: `commit 1a2b3c4 itself`. */
export interface Candidate {
  readonly tag: string;
  readonly why: string;
}

/** Up to so many tags are asked for one by one; above, one listing of all tags costs less. */
const FEW = 3;

/** The first candidate that is kept at the store, in the order given; `undefined` when none is. */
export async function firstKept(
  candidates: readonly Candidate[],
  store: ContentStore,
  options: CallOptions,
): Promise<Candidate | undefined> {
  const early = await firstResolved(candidates.slice(0, FEW), store, options);
  const late = candidates.slice(FEW);
  if (early !== undefined || late.length === 0) return early;
  const listed = new Set(await store.listTags(options));
  return firstResolved(
    late.filter(({ tag }) => listed.has(tag)),
    store,
    options,
  );
}

async function firstResolved(
  candidates: readonly Candidate[],
  store: ContentStore,
  options: CallOptions,
): Promise<Candidate | undefined> {
  for (const candidate of candidates) {
    if ((await store.resolve(candidate.tag, options)) !== undefined) return candidate;
  }
  return undefined;
}
