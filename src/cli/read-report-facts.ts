import { withDeadline } from '../kernel/deadline.ts';
import type { CallOptions } from '../oci/content-store.ts';
import type { PushEvent } from '../event/push-event.ts';
import { readHistory } from '../observe/read-history.ts';
import { readNeighbour, type Neighbour } from '../observe/neighbour.ts';
import type { PastRun } from '../oci/past-run.ts';
import { branchHint, pullRequestHint, reportTag } from '../oci/tags.ts';
import { scopesOf } from '../plan/scope.ts';
import { platformOf } from './machine-platform.ts';
import type { Ports } from './ports.ts';
import type { Session } from './session.ts';

/** Publishing waits for it, since hints move then; a registry that is silent here must not hold up an image. */
const DEADLINE_MS = 8_000;

/** What reports tell beside the run itself. Plans never see it. */
export interface ReportFacts {
  /** The image that somebody has who opens this one: of the branch into which it goes, before this push. */
  readonly neighbour: () => Promise<Neighbour | undefined>;
  /** The runs that led to the newest image of this branch, newest first. Asked for only where this is called. */
  readonly history: () => Promise<readonly PastRun[]>;
}

/**
 * Reads what reports tell, each once and only where it is called for, to be there before hints move. Each read is given up after 8 s. The
 * promises never reject.
 */
export function readReportFacts(event: PushEvent, ports: Ports, session: Session): ReportFacts {
  const { settings } = session;
  const limited = (): CallOptions => ({ signal: withDeadline(session.signal, DEADLINE_MS) });
  const platform = platformOf(settings);
  const sources = { target: ports.target, log: session.log };
  const destination = event.pullRequest?.destinationBranch ?? event.defaultBranch;
  const read = async (branch: string, tag: string): Promise<Neighbour | undefined> =>
    await readNeighbour(branch, tag, sources, limited()).catch(() => undefined);
  let reading: Promise<Neighbour | undefined> | undefined;
  const neighbour = async (): Promise<Neighbour | undefined> =>
    await (reading ??= read(destination, branchHint(destination, platform)));
  const { pullRequest, ref } = event;
  const own = async (): Promise<Neighbour | undefined> => {
    if (pullRequest) return await read(destination, pullRequestHint(pullRequest.id, platform));
    if (ref.kind !== 'branch' || ref.name === destination) return undefined;
    return await read(ref.name, branchHint(ref.name, platform));
  };
  return {
    neighbour,
    async history() {
      const before = await own();
      const commit = (before ?? (await neighbour()))?.commit;
      if (commit === undefined) return [];
      const lineage = before === undefined ? pushTo(event, destination) : event;
      const { write } = scopesOf(lineage, settings['protected-branches']);
      return await readHistory(reportTag(write, commit, platform), sources, limited()).catch(() => []);
    },
  };
}

/** A push of that branch itself, whose scope its images have. */
function pushTo({ pullRequest: _, ...event }: PushEvent, name: string): PushEvent {
  return { ...event, ref: { kind: 'branch', name } };
}
