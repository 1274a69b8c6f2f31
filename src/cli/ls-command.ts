import { openCommitDates } from '../adapters/git/commit-dates.ts';
import { listWarm } from '../survey/list-warm.ts';
import { renderWarm } from '../survey/render-warm.ts';
import type { CommandResult } from './build-command.ts';
import { foldersOf } from './folders.ts';
import { openOutside, openTarget } from './ports.ts';
import type { Session } from './session.ts';

/** `preheat ls`: what is warm, with ages where the clone knows the commits. */
export async function lsCommand(session: Session): Promise<CommandResult> {
  const { settings, stdout, log, signal, clock } = session;
  const folders = foldersOf(session);
  const store = openTarget(folders.location, openOutside(folders, session).oras);
  const warm = await listWarm({ store, dates: openCommitDates(folders.clone), log }, { signal });
  stdout.write(`${settings.json ? JSON.stringify(warm) : renderWarm(warm, clock.now()).join('\n')}\n`);
  return { exitCode: 0, lines: [] };
}
