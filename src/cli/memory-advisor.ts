import { adviseMemory } from '../build/advise-memory.ts';
import type { MemoryAdvisor } from '../build/memory-advisor.ts';
import { PIPELINES_FILE, readPipelinesMemory, type PipelinesMemory } from '../config/pipelines-memory.ts';
import { messageOf } from '../kernel/failure.ts';
import type { Repository } from '../observe/repository.ts';
import type { CallOptions } from '../oci/content-store.ts';
import type { PushContext } from './push-context.ts';
import type { Session } from './session.ts';

/** An advisor for a push: in Pipelines it reads, when it is asked, what the commit's own file says. */
export function createMemoryAdvisor(
  context: PushContext,
  repository: Repository,
  session: Session,
): MemoryAdvisor {
  return {
    advise: async (what, limit, options) =>
      adviseMemory(what, limit, await pipelinesMemory(context, repository, session, options)),
  };
}

/** What the commit says about Docker's memory; `undefined` outside Pipelines. */
export async function pipelinesMemory(
  { event, commit }: PushContext,
  repository: Repository,
  { log }: Pick<Session, 'log'>,
  options: CallOptions,
): Promise<PipelinesMemory | undefined> {
  if (event.trigger !== 'pipelines') return undefined;
  try {
    return readPipelinesMemory(await repository.readFile(commit.id, PIPELINES_FILE, options));
  } catch (thrown) {
    options.signal.throwIfAborted();
    log.debug(`cannot read ${PIPELINES_FILE}: ${messageOf(thrown)}`);
    return readPipelinesMemory(undefined);
  }
}
