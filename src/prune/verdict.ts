/** What becomes of something, and why. */
export type Verdict =
  | { readonly kind: 'keep' }
  /** Kept since nothing tells how old it is. */
  | { readonly kind: 'unjudged' }
  | { readonly kind: 'go'; readonly why: string };

export const KEEP: Verdict = { kind: 'keep' };
export const UNJUDGED: Verdict = { kind: 'unjudged' };

/** Lets something go, unless it is younger than what may go, or nothing tells its age. */
export function goIfOld(time: number | undefined, before: number, why: string): Verdict {
  if (time === undefined) return UNJUDGED;
  return time < before ? { kind: 'go', why } : KEEP;
}
