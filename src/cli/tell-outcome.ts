import { messageOf, PreheatError } from '../kernel/failure.ts';
import type { Outcome } from '../report/outcome.ts';
import { exitCodeOf } from './exit-codes.ts';
import type { Session } from './session.ts';
import type { StateFolder } from './state-folder.ts';
import type { StatusReport } from './status-report.ts';
import { writeReports } from './write-reports.ts';

/** As a status that could not be delivered ends a run. */
const REPORT_FAILED = 70;

/**
 * Tells how a run ended: the build status first, since one left at `INPROGRESS` can block a merge, then the files. What
 * cannot be told is said in the log and fails nothing, except with `--strict-report`. Returns the outcome as it
 * was told.
 */
export async function tellOutcome(
  outcome: Outcome,
  { status, state }: { readonly status: StatusReport; readonly state: StateFolder },
  session: Session,
): Promise<Outcome> {
  const undelivered = await status.ended(outcome);
  if (undelivered !== undefined) session.log.error(withHint(undelivered));
  const told = afterDelivery(outcome, undelivered, session);
  try {
    await writeReports(told, state);
    return told;
  } catch (thrown) {
    session.log.error(thrown instanceof PreheatError ? withHint(thrown) : messageOf(thrown));
    return session.settings['strict-report'] ? { ...told, exitCode: told.exitCode || REPORT_FAILED } : told;
  }
}

/** Delivery may add warnings, and where it is strict an exit code. */
function afterDelivery(
  outcome: Outcome,
  undelivered: PreheatError | undefined,
  { recorder, redactor }: Session,
): Outcome {
  const told = { ...outcome, warnings: [...recorder.warnings] };
  if (undelivered === undefined) return told;
  const warnings = [...told.warnings, redactor.redact(withHint(undelivered))];
  return { ...told, warnings, exitCode: outcome.exitCode || exitCodeOf(undelivered) };
}

function withHint({ message, hint }: PreheatError): string {
  return hint === undefined ? message : `${message}. ${hint}`;
}
