/** A piece of memory: from where in it to where, that one not among it. */
export type Bytes = readonly [bytes: Uint8Array, from: number, to: number];

/**
 * Compares two pieces byte by byte; below, at or above 0 as in sorting. For short ones, of which there are hundreds of
 * thousands: there a call of `Buffer.compare` costs more than the comparison.
 */
export function compareBytes(one: Bytes, other: Bytes): number {
  // By their places: to take tuples apart goes through iterators until this is compiled.
  const [bytes, otherBytes] = [one[0], other[0]];
  const shift = other[1] - one[1];
  const end = one[1] + Math.min(one[2] - one[1], other[2] - other[1]);
  for (let at = one[1]; at < end; at++) {
    const difference = (bytes[at] ?? 0) - (otherBytes[at + shift] ?? 0);
    if (difference !== 0) return difference;
  }
  return one[2] - one[1] - (other[2] - other[1]);
}
