import { prune } from '../prune/prune.ts';
import { renderPrune } from '../prune/render-prune.ts';
import type { CommandResult } from './build-command.ts';
import { foldersOf } from './folders.ts';
import { openPrunePorts } from './prune-ports.ts';
import { readEvent } from './read-event.ts';
import type { Session } from './session.ts';

/** `preheat prune`: deletes, or says, what nothing needs any more of a repository of workspace images. */
export async function pruneCommand(session: Session): Promise<CommandResult> {
  const { settings, stdout, signal, clock } = session;
  const folders = foldersOf(session);
  const event = await readEvent(folders.clone, session);
  const result = await prune(
    {
      policy: {
        keep: settings.keep,
        olderThan: settings['older-than'],
        pullRequestAge: settings['pull-request-age'],
      },
      always: [event.defaultBranch, ...settings['protected-branches']],
      remoteUrl: event.repository.remoteUrl,
      now: clock.now(),
      apply: settings.apply,
    },
    openPrunePorts(folders, event, session),
    { signal },
  );
  stdout.write(`${settings.json ? JSON.stringify(result) : renderPrune(result).join('\n')}\n`);
  return { exitCode: 0, lines: [] };
}
