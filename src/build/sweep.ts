/** Who started a container: `boot` tells two starts of one host apart, since process ids begin anew. */
export interface RunOwner {
  readonly host: string;
  readonly boot: string;
  readonly pid: number;
}

export interface RunIdentity {
  readonly id: string;
  readonly owner: RunOwner;
  /** When the run is over at the latest, in seconds since the epoch. */
  readonly deadline: number;
}

const RUN_LABEL = 'dev.preheat.run';
const OWNER_LABEL = 'dev.preheat.owner';
const DEADLINE_LABEL = 'dev.preheat.deadline';

/** The labels by which a later run recognises what a killed run left behind. */
export function runLabels({ id, owner, deadline }: RunIdentity): Readonly<Record<string, string>> {
  return {
    [RUN_LABEL]: id,
    [OWNER_LABEL]: `${owner.host}/${owner.boot}/${owner.pid}`,
    [DEADLINE_LABEL]: String(deadline),
  };
}

/** What the judging run knows of its own host. */
export interface Witness {
  readonly host: string;
  readonly boot: string;
  /** Whether a program with this id runs on the host. */
  alive(pid: number): boolean;
  /** Seconds since the epoch. */
  readonly now: number;
}

/**
 * Whether the run that made a container is surely over: its deadline has passed, or it ran on this host and has gone.
 * Of other hosts only the deadline tells. Labels that are not ours, or cannot be read, never count as dead.
 */
export function isDead(labels: Readonly<Record<string, string>>, witness: Witness): boolean {
  if (labels[RUN_LABEL] === undefined) return false;
  const deadline = labels[DEADLINE_LABEL] ?? '';
  if (/^\d+$/.test(deadline) && Number(deadline) < witness.now) return true;
  const [, host, boot, pid] = /^(.+)\/([^/]+)\/(\d+)$/.exec(labels[OWNER_LABEL] ?? '') ?? [];
  if (host !== witness.host || pid === undefined) return false;
  return boot !== witness.boot || !witness.alive(Number(pid));
}
