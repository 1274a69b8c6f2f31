import { compareBytes } from '../../kernel/compare-bytes.ts';
import type { ObjectFormat } from './index-file.ts';

/** Which objects are there, by the digits of their full ids, which begin at `at`. */
export interface ObjectSet {
  has(digits: Uint8Array, at: number): boolean;
}

/** An object set that grows. */
export interface GrowingObjectSet extends ObjectSet {
  add(digits: Uint8Array, at: number): void;
}

/** How many digits an object id has. */
export const ID_DIGITS = { sha1: 40, sha256: 64 } as const;
const FIRST_SLOTS = 1024;

/** What digits stand for, by their bytes. */
const VALUES = new Uint8Array(256);
for (const [value, digit] of Buffer.from('0123456789abcdef').entries()) VALUES[digit] = value;

/**
 * An empty set. A large history has a million objects: each takes the bytes of its id in one piece of memory, a fifth of
 * what texts take. The piece is a table with open addresses, at most half full, in which ids stand by their first bytes,
 * since they are evenly spread. A slot of zeros, which are no object's id, is free.
 */
export function objectSet(format: ObjectFormat): GrowingObjectSet {
  const width = ID_DIGITS[format] / 2;
  const none = Buffer.alloc(width);
  const asked = Buffer.alloc(width);
  let slots = Buffer.alloc(FIRST_SLOTS * width);
  let free = FIRST_SLOTS / 2;

  const isAt = (at: number, id: Buffer, from = 0): boolean =>
    compareBytes([slots, at, at + width], [id, from, from + width]) === 0;
  /** Where an id stands in the table, or would stand. */
  const placeOf = (id: Buffer, from: number): number => {
    let at = (id.readUInt32BE(from) % (slots.length / width)) * width;
    while (!isAt(at, none) && !isAt(at, id, from)) at = (at + width) % slots.length;
    return at;
  };
  const insert = (id: Buffer, from: number): void => {
    const at = placeOf(id, from);
    if (!isAt(at, none)) return;
    id.copy(slots, at, from, from + width);
    free--;
  };
  const grow = (): void => {
    const old = slots;
    slots = Buffer.alloc(old.length * 2);
    free = slots.length / width / 2;
    for (let at = 0; at < old.length; at += width)
      if (compareBytes([old, at, at + width], [none, 0, width]) !== 0) insert(old, at);
  };
  return {
    has(digits, at) {
      readDigits(digits, at, asked);
      return !isAt(placeOf(asked, 0), none);
    },
    add(digits, at) {
      readDigits(digits, at, asked);
      insert(asked, 0);
      if (free === 0) grow();
    },
  };
}

function readDigits(digits: Uint8Array, from: number, id: Buffer): void {
  for (let at = 0; at < id.length; at++) {
    const [high = 0, low = 0] = [digits[from + 2 * at], digits[from + 2 * at + 1]];
    id[at] = ((VALUES[high] ?? 0) << 4) | (VALUES[low] ?? 0);
  }
}
