import type { Measured, Row } from './measurement.ts';
import { PUSH_KINDS } from './push-kind.ts';

/** Puts runs of the same push, subject and contender together: subjects as they came, of each the pushes in their order. */
export function groupRuns(measured: readonly Measured[]): readonly Row[] {
  const bySubject = Map.groupBy(measured, ({ subject }) => subject);
  return [...bySubject.values()].flatMap((ofSubject) =>
    PUSH_KINDS.flatMap((kind) => rowsOf(ofSubject.filter(({ push }) => push === kind))),
  );
}

/** A row for each contender. */
function rowsOf(ofPush: readonly Measured[]): readonly Row[] {
  return [...Map.groupBy(ofPush, ({ contender }) => contender)].flatMap(([contender, group]) => {
    const runs = group.map(({ run }) => run);
    return group.slice(0, 1).map(({ run: _run, ...measured }) => ({ ...measured, contender, runs }));
  });
}
