import { readLocalState } from '../adapters/git/local-state.ts';
import { PreheatError } from '../kernel/failure.ts';
import { readRecord } from '../observe/read-record.ts';
import type { ContentStore } from '../oci/content-store.ts';
import { isDigest } from '../oci/digest.ts';
import { readTag } from '../oci/known-tag.ts';
import { formatLocation } from '../oci/location.ts';
import { scopeText } from '../plan/scope.ts';
import { firstKept } from '../start/candidate.ts';
import { listCandidates } from '../start/list-candidates.ts';
import { inspectImage, type InspectPorts } from '../survey/inspect-image.ts';
import { renderInspection } from '../survey/render-inspection.ts';
import type { CommandResult } from './build-command.ts';
import { foldersOf } from './folders.ts';
import { openOutside, openTarget } from './ports.ts';
import type { Session } from './session.ts';
import { wantedRef } from './wanted-ref.ts';

/** `preheat inspect [REFERENCE]`: what an image is made of, by whom, and whether its tasks were reused. */
export async function inspectCommand(session: Session, operand = '.'): Promise<CommandResult> {
  const { settings, stdout, signal, clock } = session;
  const folders = foldersOf(session);
  const store = openTarget(folders.location, openOutside(folders, session).oras);
  const tag = await tagOf(operand, folders.clone, store, session);
  const found = tag === undefined ? undefined : await inspectImage(tag, portsOf(store), { signal });
  if (found === undefined) throw notKept(operand, store);
  stdout.write(
    `${settings.json ? JSON.stringify(found) : renderInspection(found, clock.now()).join('\n')}\n`,
  );
  return { exitCode: 0, lines: [] };
}

function portsOf(store: ContentStore): InspectPorts {
  return {
    store,
    scopeText,
    readRecord: async (tag, options) => {
      const found = await readRecord(store, tag, options);
      return 'record' in found ? found.record : undefined;
    },
  };
}

/** A tag or digest means itself; anything else is looked for as a start does. */
async function tagOf(
  operand: string,
  clone: string,
  store: ContentStore,
  session: Session,
): Promise<string | undefined> {
  if (isDigest(operand) || readTag(operand) !== undefined) return operand;
  const state = await readLocalState(clone, { signal: session.signal });
  const candidates = listCandidates(await wantedRef(operand, state, clone, session));
  const kept = await firstKept(candidates, store, { signal: session.signal });
  if (kept !== undefined) session.log.info(`${kept.tag}: ${kept.why}`);
  return kept?.tag;
}

function notKept(operand: string, { location }: ContentStore): PreheatError {
  const what = operand === '.' ? 'what is checked out' : operand;
  return new PreheatError(`cannot inspect ${what}: no image of it is kept in ${formatLocation(location)}`, {
    phase: 'observe',
    code: 'not-found',
    hint: 'See preheat ls for what is warm.',
  });
}
