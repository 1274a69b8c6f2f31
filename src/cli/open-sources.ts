import { completeClone, type CompleteClone } from '../adapters/git/complete-clone.ts';
import type { Origin } from '../adapters/git/origin.ts';
import { openObjectReaders, type ObjectReaders } from '../adapters/git/object-readers.ts';
import type { OpenFolder } from '../adapters/git/temporary-folder.ts';
import type { PushEvent } from '../event/push-event.ts';
import { stepProxyOf } from '../event/step-proxy.ts';
import type { Session } from './session.ts';

/** Where the sources of a push are read, and what is needed to read them. */
export interface Sources extends CompleteClone {
  /** Where what the clone lacks is fetched from. */
  readonly origin: Origin;
  /** The address of the repository; absent where it has no remote that others could reach. */
  readonly address: string | undefined;
  /** The step's proxy, where there is one. */
  readonly proxy: string | undefined;
  /** What reads the objects of clone and sources, as long as these are open. */
  readonly readers: ObjectReaders;
  /** Where what is needed on the way is put; below `TMPDIR` where it is absent. */
  readonly openFolder: OpenFolder | undefined;
}

/**
 * Finds the pushed commit in the clone and completes what the clone lacks of it; nothing is fetched for a clone that has
 * everything. Disposing of it removes what was fetched.
 */
export async function openSources(
  event: PushEvent,
  directory: string,
  session: Session,
  openFolder?: OpenFolder,
): Promise<Sources> {
  const { settings, log, signal } = session;
  const origin = originOf(event, session);
  const { commit, ref } = event;
  await using stack = new AsyncDisposableStack();
  const readers = stack.use(openObjectReaders());
  const complete = await completeClone(
    { directory, commit, ref, historyDepth: settings['history-depth'], origin },
    {
      ...(openFolder === undefined ? {} : { openFolder }),
      readers,
      tell: (line) => log.info(line),
      warn: (line) => log.warn(line),
    },
    { signal },
  );
  // Git ends before the folder goes in which it runs.
  const owned = new AsyncDisposableStack();
  owned.use(complete);
  owned.use(stack.move());
  return {
    directory: complete.directory,
    commit: complete.commit,
    origin,
    address: event.repository.remoteUrl ?? addressOf(event),
    proxy: origin.kind === 'proxied' ? origin.proxy : undefined,
    readers,
    openFolder,
    [Symbol.asyncDispose]: async () => await owned.disposeAsync(),
  };
}

/** In a step, the repository's address at the step's proxy; elsewhere, and with `--step-proxy none`, the clone's own. */
export function originOf(event: PushEvent, session: Pick<Session, 'settings' | 'environment'>): Origin {
  const url = addressOf(event);
  const proxy = stepProxyFor(event, session);
  if (proxy === undefined || url === undefined) return { kind: 'own', url };
  return { kind: 'proxied', url: url.replace(/^https:/, 'http:'), proxy };
}

/** The proxy of the step: what `--step-proxy` says, else in Pipelines where it has it; absent with `none`. */
export function stepProxyFor(
  event: PushEvent,
  { settings, environment }: Pick<Session, 'settings' | 'environment'>,
): string | undefined {
  const usual = event.trigger === 'pipelines' ? stepProxyOf(environment) : 'none';
  const proxy = settings['step-proxy'] ?? usual;
  return proxy === 'none' ? undefined : proxy;
}

function addressOf({ repository: { remoteUrl }, bitbucket }: PushEvent): string | undefined {
  if (remoteUrl !== undefined) return /^https?:/.test(remoteUrl) ? remoteUrl : undefined;
  if (bitbucket === undefined) return undefined;
  return `https://bitbucket.org/${bitbucket.bitbucketWorkspace}/${bitbucket.repositorySlug}`;
}
