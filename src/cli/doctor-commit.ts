import { openRepository } from '../adapters/git/repository.ts';
import { configError } from '../config/config-errors.ts';
import { interpretConfig } from '../config/interpret-config.ts';
import type { WorkspaceConfig } from '../config/workspace-config.ts';
import { PIPELINES_FILE, readPipelinesMemory } from '../config/pipelines-memory.ts';
import type { CommitReading } from '../doctor/examine.ts';
import { tried, type Tried } from '../doctor/tried.ts';
import type { PushEvent } from '../event/push-event.ts';
import { PreheatError } from '../kernel/failure.ts';
import type { Repository } from '../observe/repository.ts';
import type { CallOptions } from '../oci/content-store.ts';
import { findConfig } from './find-config.ts';
import { platformOf } from './machine-platform.ts';
import { openSources } from './open-sources.ts';
import { otherRepositories, type OtherRepositories } from './other-repositories.ts';
import { findPin } from './pin-repositories.ts';
import { readCommit, type PushContext } from './push-context.ts';
import { readEvent } from './read-event.ts';
import type { Session } from './session.ts';

const EVENT_MS = 20_000;
const OTHERS_MS = 60_000;

/** The event of a build here, or why there is none. */
export async function findEvent(clone: string, session: Session): Promise<Tried<PushEvent>> {
  return await tried('read the event', async ({ signal }) => await readEvent(clone, { ...session, signal }), {
    signal: session.signal,
    deadlineMs: EVENT_MS,
  });
}

/** A build's clone is completed to its history; the commit alone shows that this can be done. */
const COMMIT_ALONE = { 'history-depth': 1 };

/**
 * Reads of the event's commit what checks need to know, from the clone and, as a build does, from where it completes the
 * clone.
 */
export function createCommitReader(
  event: Tried<PushEvent>,
  clone: string,
  session: Session,
): (options: CallOptions) => Promise<CommitReading> {
  return async (options) => {
    if (event.kind === 'failed') {
      const { message, phase = 'event', code, hint } = event;
      throw new PreheatError(message, { phase, code, ...(hint === undefined ? {} : { hint }) });
    }
    const settings = { ...session.settings, ...COMMIT_ALONE };
    const reading = { ...session, settings, signal: options.signal };
    await using sources = await openSources(event.value, clone, reading);
    const repository = openRepository(sources.directory, settings);
    const context = await readCommit(event.value, sources, repository, reading);
    const [configuration, pipelines] = await Promise.all([
      readConfiguration(context, repository, otherRepositories(sources, reading), reading),
      repository.readFile(context.commit.id, PIPELINES_FILE, options),
    ]);
    const isTold = pipelines !== undefined || event.value.trigger === 'pipelines';
    return {
      id: context.commit.id,
      ...configuration,
      ...(isTold && { pipelines: readPipelinesMemory(pipelines) }),
    };
  };
}

/** As a build reads it; a base that a Dockerfile makes has no name. */
async function readConfiguration(
  context: PushContext,
  repository: Repository,
  others: OtherRepositories,
  session: Session,
): Promise<Pick<CommitReading, 'config' | 'base' | 'others'>> {
  const { settings, signal } = session;
  let base: CommitReading['base'];
  let named: readonly string[] = [];
  const read = async (call: CallOptions): Promise<string> => {
    const file = await findConfig(context.commit, repository, { settings, ...call });
    const { config, diagnostics } = interpretConfig(file, {
      repositoryName: context.event.repository.name,
      defaultImage: settings['default-image'],
    });
    if (config === undefined) throw configError(diagnostics, file.path);
    if (config.base.kind === 'reference')
      base = { reference: config.base.reference, platform: platformOf(settings) };
    named = repositoriesIn(config);
    return file.path;
  };
  const config = await tried('read the configuration', read, { signal, deadlineMs: EVENT_MS });
  if (named.length === 0) return { config, ...(base && { base }) };
  const ask = async (call: CallOptions): Promise<number> => {
    for (const url of named) await findPin(url, context, { others }, { ...session, ...call });
    return named.length;
  };
  const asked = await tried('ask other repositories', ask, { signal, deadlineMs: OTHERS_MS });
  return { config, ...(base && { base }), others: asked };
}

/** What a `mainConfiguration` names in turn, only that repository can say. */
function repositoriesIn({
  mainConfiguration,
  additionalRepositories = [],
}: WorkspaceConfig): readonly string[] {
  const urls = additionalRepositories.map(({ url }) => url);
  return mainConfiguration === undefined ? urls : [mainConfiguration];
}
