import { openCommitDates } from '../adapters/git/commit-dates.ts';
import { formatLocation } from '../oci/location.ts';
import { ledgerOf } from '../report/ledger.ts';
import { ledgerText, ledgerWeeks } from '../report/ledger-text.ts';
import { readPastRuns } from '../survey/past-runs.ts';
import type { CommandResult } from './build-command.ts';
import { foldersOf } from './folders.ts';
import { openOutside, openTarget } from './ports.ts';
import type { Session } from './session.ts';

/** `preheat stats`: what the cache did over time, by branch and step, as the reports of published images tell it. */
export async function statsCommand(session: Session): Promise<CommandResult> {
  const { settings, stdout, log, signal } = session;
  const folders = foldersOf(session);
  const store = openTarget(folders.location, openOutside(folders, session).oras);
  const runs = await readPastRuns({ store, dates: openCommitDates(folders.clone), log }, { signal });
  const location = formatLocation(store.location);
  const text = settings.json
    ? JSON.stringify({ schemaVersion: 1, location, lines: ledgerOf(runs), weeks: ledgerWeeks(runs), runs })
    : ledgerText(runs, location).join('\n');
  stdout.write(`${text}\n`);
  return { exitCode: 0, lines: [] };
}
