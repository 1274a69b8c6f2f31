import { randomUUID } from 'node:crypto';
import { readLocalState, type LocalState } from '../adapters/git/local-state.ts';
import { describeStart } from '../start/describe-start.ts';
import { listCandidates } from '../start/list-candidates.ts';
import { start } from '../start/start.ts';
import { stop } from '../start/stop.ts';
import type { CommandResult } from './build-command.ts';
import { foldersOf } from './folders.ts';
import { portLines } from './port-lines.ts';
import { openStartPorts } from './start-ports.ts';
import type { Session } from './session.ts';
import { wantedRef } from './wanted-ref.ts';

/** How long a start waits for the configured ports. */
const PORTS_MS = 30_000;

/**
 * `preheat start [REFERENCE]`: finds the nearest warm image, gives it to the engine and runs it. With `--print` it only
 * shows what would run, with `--stop` it ends the workspaces of this repository.
 */
export async function startCommand(session: Session, operand: string | undefined): Promise<CommandResult> {
  const { settings, signal, log } = session;
  const workspaceName = settings['workspace-name'];
  const folders = foldersOf(session);
  const state = await readLocalState(folders.clone, { signal });
  const ports = openStartPorts(folders, session);
  if (settings.stop) {
    const name = workspaceName === undefined ? {} : { name: workspaceName };
    const stopped = await stop({ repository: state.name, ...name }, { ...ports, log }, { signal });
    return tell(session, { stopped }, [
      stopped.length === 0 ? 'no workspace of this repository runs' : `stopped ${stopped.join(', ')}`,
    ]);
  }
  const wanted = await wantedRef(operand ?? '.', state, folders.clone, session);
  const request = {
    candidates: listCandidates(wanted),
    platform: wanted.platform,
    id: randomUUID(),
    repository: state.name,
    network: settings.network,
    env: identityOf(state),
    portsBoundMs: PORTS_MS,
    ...(workspaceName === undefined ? {} : { name: workspaceName }),
  };
  if (settings.print) {
    const description = await describeStart(request, ports.store, { signal });
    return tell(session, description, [`# ${description.why}: ${description.image}`, description.command]);
  }
  const started = await start(request, ports, { signal });
  return tell(session, started, [
    `workspace  ${started.name}`,
    `shell      ${started.shell}`,
    `VS Code    ${started.editor}`,
    ...portLines(started),
  ]);
}

/** Gitpod's names; `image/start` tells git of them where it knows nobody. */
function identityOf({ userName, userEmail }: LocalState): Readonly<Record<string, string>> {
  return {
    ...(userName !== undefined && { GITPOD_GIT_USER_NAME: userName }),
    ...(userEmail !== undefined && { GITPOD_GIT_USER_EMAIL: userEmail }),
  };
}

function tell({ settings, stdout }: Session, record: object, lines: readonly string[]): CommandResult {
  stdout.write(settings.json ? `${JSON.stringify(record)}\n` : `${lines.join('\n')}\n`);
  return { exitCode: 0, lines: [] };
}
