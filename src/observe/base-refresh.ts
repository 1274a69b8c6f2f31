/** When the default branch asks again what a base image's tag means, and whether branches follow its answer. */
export type BaseRefresh =
  /** Every build asks; nothing is pinned. */
  | { readonly kind: 'always' }
  /** Every build of the default branch asks; the others follow. */
  | { readonly kind: 'push' }
  /** The default branch asks when its answer is older than this. */
  | { readonly kind: 'older-than'; readonly milliseconds: number }
  /** The first answer stays. */
  | { readonly kind: 'never' };

const UNITS = { h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/** Reads `always`, `push`, `never`, or an age such as `12h`, `3d`, `2w`. Throws `RangeError` for anything else. */
export function parseBaseRefresh(text: string): BaseRefresh {
  if (text === 'always' || text === 'push' || text === 'never') return { kind: text };
  const [, amount, unit] = /^([1-9]\d{0,3})([hdw])$/.exec(text) ?? [];
  if (amount === undefined || (unit !== 'h' && unit !== 'd' && unit !== 'w')) {
    throw new RangeError(
      `expected always, push, never or an age such as 12h, 3d, 2w; got ${JSON.stringify(text)}`,
    );
  }
  return { kind: 'older-than', milliseconds: Number(amount) * UNITS[unit] };
}

/** Whether a build takes a pin's digest instead of asking; `age` in milliseconds, negative where clocks disagree. */
export function followsPin(policy: BaseRefresh, { age, isDefaultBranch }: PinUse): boolean {
  if (policy.kind === 'always') return false;
  if (policy.kind === 'never' || !isDefaultBranch) return true;
  return policy.kind === 'older-than' && age >= 0 && age < policy.milliseconds;
}

export interface PinUse {
  readonly age: number;
  /** Whether it is a build of the default branch itself, which may move pins. */
  readonly isDefaultBranch: boolean;
}
