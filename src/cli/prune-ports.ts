import { createOpenPullRequests } from '../adapters/bitbucket/open-pull-requests.ts';
import type { BitbucketRepository } from '../adapters/bitbucket/repository-url.ts';
import { openBranchHistory } from '../adapters/git/branch-history.ts';
import { openCommitDates } from '../adapters/git/commit-dates.ts';
import { openRemoteRefs } from '../adapters/git/remote-refs.ts';
import { openPrunableLayout } from '../adapters/layout/prunable-layout.ts';
import { openPrunableRegistry } from '../adapters/oras/prunable-registry.ts';
import type { PushEvent } from '../event/push-event.ts';
import type { PrunePorts } from '../prune/prune.ts';
import type { OpenPullRequests } from '../prune/remote-refs.ts';
import { credentialOf } from './bitbucket-credential.ts';
import type { Folders } from './folders.ts';
import { originOf } from './open-sources.ts';
import { openOutside } from './ports.ts';
import type { Session } from './session.ts';

/** Connects the adapters of a clean-up. Nothing is contacted before it is used. */
export function openPrunePorts({ clone, location }: Folders, event: PushEvent, session: Session): PrunePorts {
  // What was built on this machine into a folder of it may be of branches that nobody has pushed yet.
  const withOwn = location.kind === 'layout' && event.trigger === 'local';
  return {
    store:
      location.kind === 'layout'
        ? openPrunableLayout(location)
        : openPrunableRegistry(location, openOutside({ location }, session).oras),
    remote: openRemoteRefs({ directory: clone, origin: originOf(event, session), withOwn }),
    history: openBranchHistory(clone),
    dates: openCommitDates(clone),
    pullRequests: openPullRequests(event, session),
    log: session.log,
  };
}

function openPullRequests(event: PushEvent, session: Session): OpenPullRequests | undefined {
  const { settings, redactor, clock } = session;
  const credential = credentialOf(settings);
  const repository = event.bitbucket ?? repositoryIn(event.repository.remoteUrl);
  if (credential === undefined || repository === undefined) return undefined;
  const baseUrl = settings['bitbucket-api'];
  return createOpenPullRequests({ ...repository, baseUrl, credential, redactor, clock });
}

/** On a person's machine the address of the clone's origin tells which repository it is. */
function repositoryIn(url: string = ''): BitbucketRepository | undefined {
  const [, bitbucketWorkspace, repositorySlug] =
    /^(?:https?:\/\/|ssh:\/\/|)(?:[^@/]+@)?bitbucket\.org(?::\d+)?[/:]([\w.-]+)\/([\w.-]+?)(?:\.git)?\/?$/.exec(
      url,
    ) ?? [];
  if (bitbucketWorkspace === undefined || repositorySlug === undefined) return undefined;
  return { bitbucketWorkspace, repositorySlug };
}
