import { messageOf, PreheatError } from '../kernel/failure.ts';
import type { Outcome } from '../report/outcome.ts';
import type { BitbucketReport } from './bitbucket-report.ts';
import { exitCodeOf } from './exit-codes.ts';
import type { Session } from './session.ts';
import type { StateFolder } from './state-folder.ts';
import { writeReports } from './write-reports.ts';

/** As a report that could not be delivered ends a run. */
const REPORT_FAILED = 70;

/**
 * Tells how a run ended: Bitbucket first, since a status left at `INPROGRESS` can block a merge, then the files. What
 * cannot be told is said in the log, one line for each, and fails nothing, except with `--strict-report`. Returns the
 * outcome as it was told.
 */
export async function tellOutcome(
  outcome: Outcome,
  { bitbucket, state }: { readonly bitbucket: BitbucketReport; readonly state: StateFolder },
  session: Session,
): Promise<Outcome> {
  const { log, settings } = session;
  const failures = await bitbucket.ended(outcome);
  const isStrict = settings['strict-report'];
  for (const failure of failures) {
    if (isStrict) log.error(withHint(failure));
    else log.warn(withHint(failure));
  }
  const told = afterDelivery(outcome, failures, session);
  try {
    await writeReports(told, state);
    return told;
  } catch (thrown) {
    log.error(thrown instanceof PreheatError ? withHint(thrown) : messageOf(thrown));
    return isStrict ? { ...told, exitCode: told.exitCode || REPORT_FAILED } : told;
  }
}

/** Delivery may add warnings, and where it is strict an exit code. */
function afterDelivery(
  outcome: Outcome,
  failures: readonly PreheatError[],
  { recorder, redactor, settings }: Session,
): Outcome {
  const warnings = [...recorder.warnings];
  const [first] = failures;
  if (first === undefined || !settings['strict-report']) return { ...outcome, warnings };
  warnings.push(...failures.map((failure) => redactor.redact(withHint(failure))));
  return { ...outcome, warnings, exitCode: outcome.exitCode || exitCodeOf(first) };
}

function withHint({ message, hint }: PreheatError): string {
  return hint === undefined ? message : `${message}. ${hint}`;
}
