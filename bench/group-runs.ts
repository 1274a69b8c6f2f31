import type { Measured, Row } from './measurement.ts';
import { PUSH_KINDS } from './push-kind.ts';

/**
 * Puts runs of the same push, subject and contender together: subjects as they came, of each the pushes in their order,
 * of each push the contenders in the order of these names, whoever made it first.
 */
export function groupRuns(measured: readonly Measured[], contenders: readonly string[]): readonly Row[] {
  const bySubject = Map.groupBy(measured, ({ subject }) => subject);
  return [...bySubject.values()].flatMap((ofSubject) =>
    PUSH_KINDS.flatMap((kind) =>
      rowsOf(
        ofSubject.filter(({ push }) => push === kind),
        contenders,
      ),
    ),
  );
}

/** A row for each contender that made it. */
function rowsOf(ofPush: readonly Measured[], contenders: readonly string[]): readonly Row[] {
  const byContender = Map.groupBy(ofPush, ({ contender }) => contender);
  return contenders.flatMap((contender) => {
    const group = byContender.get(contender) ?? [];
    const runs = group.map(({ run }) => run);
    return group.slice(0, 1).map(({ run: _run, ...measured }) => ({ ...measured, runs }));
  });
}
