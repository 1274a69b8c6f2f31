import { randomUUID } from 'node:crypto';
import { openAncestry } from '../adapters/git/ancestry.ts';
import { readLocalState, type LocalState } from '../adapters/git/local-state.ts';
import { eventFromLocal } from '../event/event-from-local.ts';
import type { PushEvent } from '../event/push-event.ts';
import { scopesOf } from '../plan/scope.ts';
import { describeStart } from '../start/describe-start.ts';
import { listCandidates, type WantedRef } from '../start/list-candidates.ts';
import { start } from '../start/start.ts';
import { stop } from '../start/stop.ts';
import type { CommandResult } from './build-command.ts';
import { foldersOf } from './folders.ts';
import { platformOf } from './machine-platform.ts';
import { openStartPorts } from './start-ports.ts';
import type { Session } from './session.ts';

/** How far back a warm ancestor may lie. */
const MOST_COMMITS = 50;
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
    env: {},
    portsBoundMs: PORTS_MS,
    ...(workspaceName === undefined ? {} : { name: workspaceName }),
  };
  if (settings.print) {
    const description = await describeStart(request, ports.store, { signal });
    return tell(session, description, [`# ${description.why}: ${description.image}`, description.command]);
  }
  const started = await start(request, ports, { signal });
  const open = started.ports.map(
    ({ url, containerPort, answers }) => `port ${containerPort}  ${url}${answers ? '' : ' (no answer yet)'}`,
  );
  return tell(session, started, [
    `workspace  ${started.name}`,
    `shell      ${started.shell}`,
    `VS Code    ${started.editor}`,
    ...open,
  ]);
}

/** What a person means: `.`, the number of a pull request, else a commit or branch. */
async function wantedRef(
  operand: string,
  state: LocalState,
  clone: string,
  { settings, signal }: Session,
): Promise<WantedRef> {
  const defaultBranch = settings['default-branch'];
  const event = eventFromLocal(state, { defaultBranch });
  const platform = platformOf(settings);
  const common = { defaultBranch: event.defaultBranch, platform };
  const guarded = settings['protected-branches'];
  if (/^\d{1,6}$/.test(operand)) {
    const pullRequest = Number(operand);
    const scopes = scopesOf(
      { ...event, pullRequest: { id: pullRequest, destinationBranch: event.defaultBranch } },
      guarded,
    ).read;
    return { ...common, pullRequest, commits: [], scopes };
  }
  const commits = await openAncestry(clone).nearest(operand === '.' ? 'HEAD' : operand, MOST_COMMITS, {
    signal,
  });
  const branch = operand === '.' ? state.branch : isCommitId(operand) ? undefined : operand;
  const ref: PushEvent['ref'] = branch === undefined ? event.ref : { kind: 'branch', name: branch };
  return { ...common, commits, branch, scopes: scopesOf({ ...event, ref }, guarded).read };
}

function isCommitId(text: string): boolean {
  return /^[0-9a-f]{7,40}$/.test(text);
}

function tell({ settings, stdout }: Session, record: object, lines: readonly string[]): CommandResult {
  stdout.write(settings.json ? `${JSON.stringify(record)}\n` : `${lines.join('\n')}\n`);
  return { exitCode: 0, lines: [] };
}
