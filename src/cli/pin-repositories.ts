import { contextUrl, isSameRepository, type ContextUrl } from '../config/context-url.ts';
import type { AdditionalRepository, WorkspaceConfig } from '../config/workspace-config.ts';
import type { PushEvent } from '../event/push-event.ts';
import { PreheatError } from '../kernel/failure.ts';
import type { RemoteTip } from '../observe/remote-repositories.ts';
import type { RepositoryFacts } from '../observe/repository-facts.ts';
import { publicRemoteUrl } from '../adapters/git/remote-url.ts';
import type { Pin, PinnedRepository } from './pinned-repository.ts';
import type { OtherRepositories } from './other-repositories.ts';
import type { PushContext } from './push-context.ts';
import type { Session } from './session.ts';

/** What answers where other repositories are. */
export interface AskedPorts {
  readonly others: Pick<OtherRepositories, 'pushedAddress' | 'findTips'>;
}

/**
 * Asks each additional repository for its commit: that of the branch with the name of the pushed one, else of its default
 * branch; the pushed repository itself is at the pushed commit. Asks nothing where a configuration names none. `known`
 * holds pins by what is written.
 */
export async function pinRepositories(
  context: PushContext,
  { additionalRepositories = [] }: WorkspaceConfig,
  ports: AskedPorts,
  session: Session,
  known: ReadonlyMap<string, Pin> = new Map(),
): Promise<PushContext> {
  if (additionalRepositories.length === 0) return context;
  return await session.log.step('repositories', async (step) => {
    const pin = async (repository: AdditionalRepository): Promise<PinnedRepository> => {
      const { url, checkoutLocation: location } = repository;
      const found = known.get(url) ?? (await findPin(url, context, ports, session));
      const { address, isPushed, commit, ref } = found;
      return { address, isPushed, facts: { url: publicRemoteUrl(address), commit, ref, location } };
    };
    const repositories = await Promise.all(additionalRepositories.map(pin));
    step.conclude(repositories.map(describe).join(', '));
    return { ...context, repositories };
  });
}

/** Finds the commit of a repository that a configuration names. */
export async function findPin(
  written: string,
  { event, commit }: PushContext,
  { others }: AskedPorts,
  session: Session,
): Promise<Pin> {
  const place: ContextUrl | undefined = contextUrl(written);
  if (place === undefined) throw new TypeError('a configuration names repositories only');
  const { address } = place;
  const pushed = await others.pushedAddress(session);
  if (isSameRepository(address, pushed) && isPushedPlace(place, event, commit.id))
    return { address, isPushed: true, commit: commit.id, ref: event.ref };
  if (place.commit !== undefined)
    return { address, isPushed: false, commit: place.commit, ref: { kind: 'detached' } };
  const { ref } = event;
  const branch = place.branch ?? (ref.kind === 'branch' ? ref.name : undefined);
  const { ofBranch, ofDefault } = await others.findTips(address, branch, session);
  const tip = ofBranch ?? (place.branch === undefined ? ofDefault : undefined);
  if (tip === undefined) throw notThere(address, place.branch);
  return { address, isPushed: false, commit: tip.commit, ref: refOf(tip) };
}

/** Whether an address of the pushed repository means what was pushed, and not another branch or commit of it. */
function isPushedPlace(place: ContextUrl, { ref }: PushEvent, commit: string): boolean {
  if (place.commit !== undefined) return place.commit === commit;
  return place.branch === undefined || (ref.kind === 'branch' && ref.name === place.branch);
}

function refOf({ branch }: RemoteTip): RepositoryFacts['ref'] {
  return branch === undefined ? { kind: 'detached' } : { kind: 'branch', name: branch };
}

function notThere(address: string, branch: string | undefined): PreheatError {
  const why = branch === undefined ? 'it has no commit yet' : `it has no branch ${JSON.stringify(branch)}`;
  return new PreheatError(`cannot pin repository ${publicRemoteUrl(address)}: ${why}`, {
    phase: 'observe',
    code: 'not-found',
    hint: 'Push to it first, or mend its address in .gitpod.yml.',
  });
}

function describe({ facts: { location, commit, ref } }: PinnedRepository): string {
  const name = ref.kind === 'branch' ? ` (${ref.name})` : '';
  return `${location.replace(/^\/workspace\//, '')} at ${commit.slice(0, 12)}${name}`;
}
