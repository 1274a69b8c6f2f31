import type { Measurement, Row } from '../../bench/measurement.ts';
import type { PushKind } from '../../bench/push-kind.ts';

/** A measurement of a push that did nothing; tests change what they are about. */
export const MEASUREMENT: Measurement = {
  digest: `sha256:${'a'.repeat(64)}`,
  seconds: 1,
  containers: 0,
  requests: 3,
  up: 0,
  down: 0,
  layersRead: 0,
  baseDown: 0,
  keptDigest: true,
  diffBytes: 0,
  files: 0,
};

/** A row of subject `node` with a run for each of these. */
export function rowOf(push: PushKind, contender: string, ...runs: readonly Partial<Measurement>[]): Row {
  return { subject: 'node', push, contender, runs: runs.map((run) => ({ ...MEASUREMENT, ...run })) };
}
