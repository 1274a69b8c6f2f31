/** A piece of memory: from where in it to where, that one not among it. */
export type Bytes = readonly [bytes: Uint8Array, from: number, to: number];

/**
 * Compares two pieces byte by byte; below, at or above 0 as in sorting. For short ones, of which there are hundreds of
 * thousands: there a call of `Buffer.compare` takes several times as long as the comparison.
 */
export function compareBytes([one, from, to]: Bytes, [other, otherFrom, otherTo]: Bytes): number {
  const [length, otherLength] = [to - from, otherTo - otherFrom];
  const common = Math.min(length, otherLength);
  for (let at = 0; at < common; at++) {
    const difference = (one[from + at] ?? 0) - (other[otherFrom + at] ?? 0);
    if (difference !== 0) return difference;
  }
  return length - otherLength;
}
