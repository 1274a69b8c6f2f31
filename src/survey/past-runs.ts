import pMap from 'p-map';
import { messageOf } from '../kernel/failure.ts';
import type { Log } from '../kernel/log.ts';
import { pastRunsIn, type PastRun } from '../oci/past-run.ts';
import type { CallOptions, ContentStore } from '../oci/content-store.ts';
import { readTag } from '../oci/known-tag.ts';
import type { CommitDates } from './commit-dates.ts';

/** Each costs a manifest, and each remembers the runs before it: the newest tell nearly all. */
const MOST_REPORTS = 40;
const AT_ONCE = 4;

export interface PastRunPorts {
  readonly store: ContentStore;
  readonly dates: CommitDates;
  readonly log: Log;
}

/**
 * The runs that reports in the registry remember, each once, newest first: from one listing of tags and the manifests of the
 * newest reports. One that cannot be read is told in one line and left out.
 */
export async function readPastRuns(ports: PastRunPorts, options: CallOptions): Promise<readonly PastRun[]> {
  const { store, dates } = ports;
  const reports = (await store.listTags(options)).flatMap((tag) => {
    const known = readTag(tag);
    return known?.kind === 'report' ? [{ tag, commit: known.commit }] : [];
  });
  const known = await dates.datesOf([...new Set(reports.map(({ commit }) => commit))], options);
  const newest = reports
    .toSorted((a, b) => timeOf(known.get(b.commit)) - timeOf(known.get(a.commit)))
    .slice(0, MOST_REPORTS);
  const found = await pMap(newest, async ({ tag }) => await readRuns(tag, ports, options), {
    concurrency: AT_ONCE,
  });
  const runs = new Map(found.flat().map((run) => [`${run.commit} ${run.finishedAt}`, run]));
  return [...runs.values()].toSorted((a, b) => timeOf(b.finishedAt) - timeOf(a.finishedAt));
}

async function readRuns(
  tag: string,
  { store, log }: PastRunPorts,
  options: CallOptions,
): Promise<readonly PastRun[]> {
  try {
    const found = await store.readManifest(tag, options);
    return found === undefined ? [] : pastRunsIn(found.manifest);
  } catch (thrown) {
    options.signal.throwIfAborted();
    log.warn(`cannot read ${tag}: ${messageOf(thrown)}; left out`);
    return [];
  }
}

/** What has no time that can be read comes last. */
function timeOf(time: string | undefined): number {
  return Date.parse(time ?? '') || 0;
}
