/**
 * The word of `known` that `written` most likely meant, or `undefined` when none is near: at most one slip in three
 * letters, where letter case, `-` and `_` do not count.
 */
export function nearestWord(written: string, known: readonly string[]): string | undefined {
  if (written.length > 64) return undefined;
  const plain = plainForm(written);
  const limit = Math.max(1, Math.floor(plain.length / 3));
  const ranked = known
    .map((word) => ({ word, slips: slipsBetween(plain, plainForm(word)) }))
    .filter(({ slips }) => slips <= limit)
    .toSorted((a, b) => a.slips - b.slips);
  return ranked[0]?.word;
}

function plainForm(word: string): string {
  return word.toLowerCase().replaceAll(/[-_\s]/g, '');
}

/** Optimal string alignment distance: letters inserted, left out, replaced, or two neighbours swapped. */
function slipsBetween(a: string, b: string): number {
  let beforeLast: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = at(last, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row.push(
        Math.min(
          at(row, j - 1) + 1,
          at(last, j) + 1,
          replaced,
          swapped ? at(beforeLast, j - 2) + 1 : Infinity,
        ),
      );
    }
    beforeLast = last;
    last = row;
  }
  return at(last, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Infinity;
}
