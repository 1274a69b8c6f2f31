import { median } from './median.ts';
import type { Measurement, Row } from './measurement.ts';

/** The numbers of a measurement. */
export type Quantity = {
  [Name in keyof Measurement]-?: Required<Measurement>[Name] extends number ? Name : never;
}[keyof Measurement];

/** The median of one number over the runs of a row; absent where it was not measured. */
export function medianOf({ runs }: Row, quantity: Quantity): number | undefined {
  const values = runs.map((run) => run[quantity]).filter((value) => value !== undefined);
  return values.length === 0 ? undefined : median(values);
}

/** The row of the fastest other contender that a Pipelines step can use, for the same push of the same subject. */
export function bestPeer(row: Row, rows: readonly Row[], own: string): Row | undefined {
  const peers = rows.filter(
    ({ subject, push, contender, isElsewhere }) =>
      subject === row.subject && push === row.push && contender !== own && isElsewhere !== true,
  );
  return peers.toSorted((a, b) => (medianOf(a, 'seconds') ?? 0) - (medianOf(b, 'seconds') ?? 0))[0];
}

/** How many times faster a row is than the best peer, in wall time; absent without a peer. */
export function timesFaster(row: Row, rows: readonly Row[], own: string): number | undefined {
  const peer = bestPeer(row, rows, own);
  const [taken, theirs] = [medianOf(row, 'seconds'), peer && medianOf(peer, 'seconds')];
  return taken === undefined || theirs === undefined ? undefined : theirs / taken;
}
