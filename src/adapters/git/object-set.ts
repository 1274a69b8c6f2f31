import { compareBytes } from '../../kernel/compare-bytes.ts';
import type { Clone } from './clone.ts';
import type { ObjectFormat } from './index-file.ts';

/** Which objects are there, by the digits of their full ids, which begin at `at`. */
export interface ObjectSet {
  has(digits: Uint8Array, at: number): boolean;
}

/** The objects that a checkout has. */
export interface KnownObjects extends ObjectSet {
  /** A commit whose tree it has with everything in it, of which `has` need not know, and where git finds that. */
  readonly whole?: { readonly commit: string; readonly clone: Pick<Clone, 'objects'> };
}

/** How many digits an object id has. */
export const ID_DIGITS = { sha1: 40, sha256: 64 } as const;

/** As many of an id's digits as are looked at to find its slot: 28 bits. */
const SPREAD_DIGITS = 7;

/** What digits stand for, by their bytes. */
const VALUES = new Uint8Array(256);
for (const [value, digit] of Buffer.from('0123456789abcdef').entries()) VALUES[digit] = value;

/**
 * The objects of a list: a full id in each line, and nothing else. A large history has a million: the list stays as git
 * printed it, in one piece of memory. Beside it is a table with open addresses, at most half full,
 * of the numbers of its lines, from 1 on, in which they stand by the first digits of their ids, which are evenly spread.
 */
export function objectSet(list: Uint8Array, format: ObjectFormat): ObjectSet {
  const digits = ID_DIGITS[format];
  const count = Math.ceil(list.length / (digits + 1));
  const slots = new Uint32Array(2 ** Math.ceil(Math.log2(2 * count + 1)));

  /** The slot of an id, or the one that is free for it. */
  const slotOf = (id: Uint8Array, from: number): number => {
    for (let slot = spreadOf(id, from) % slots.length; ; slot = (slot + 1) % slots.length) {
      const line = slots[slot] ?? 0;
      const at = (line - 1) * (digits + 1);
      if (line === 0 || compareBytes([list, at, at + digits], [id, from, from + digits]) === 0) return slot;
    }
  };
  for (let line = 0; line < count; line++) slots[slotOf(list, line * (digits + 1))] = line + 1;
  return { has: (id, at) => slots[slotOf(id, at)] !== 0 };
}

function spreadOf(digits: Uint8Array, from: number): number {
  let spread = 0;
  for (let at = from; at < from + SPREAD_DIGITS; at++)
    spread = (spread << 4) | (VALUES[digits[at] ?? 0] ?? 0);
  return spread;
}
