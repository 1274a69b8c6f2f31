/** The order of a round: as given, but beginning with the next one in each round, and after the last one with the first. */
export function turnsOf<Item>(items: readonly Item[], round: number): readonly Item[] {
  const first = round % items.length;
  return [...items.slice(first), ...items.slice(0, first)];
}

/** How often each has its turn, and which order the first round has. */
export interface Rounds {
  readonly count: number;
  readonly first: number;
}

/**
 * Lets each series go on to its next `yield` in turn, round after round. What they hold they keep up to the end, or up
 * to the first failure of one; then all are disposed of.
 */
export async function takeTurns(
  series: readonly AsyncGenerator<void>[],
  { count, first }: Rounds,
): Promise<void> {
  await using stack = new AsyncDisposableStack();
  for (const each of series) stack.use(each);
  for (let round = first; round < first + count; round++)
    for (const each of turnsOf(series, round)) await each.next();
}
