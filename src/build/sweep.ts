/**
 * Who started a container. Process ids begin anew at each start of a host (`boot`) and in each PID namespace: runs in
 * two containers may share host and start, and each is number 1.
 */
export interface RunOwner {
  readonly host: string;
  readonly boot: string;
  readonly pidNamespace: number;
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
    [OWNER_LABEL]: [owner.host, owner.boot, owner.pidNamespace, owner.pid].join('/'),
    [DEADLINE_LABEL]: String(deadline),
  };
}

/** What the judging run knows of its own host. */
export interface Witness {
  readonly host: string;
  readonly boot: string;
  readonly pidNamespace: number;
  /** Whether a program with this id runs in the judging run's PID namespace. */
  alive(pid: number): boolean;
  /** Seconds since the epoch. */
  readonly now: number;
}

/**
 * Whether the run that made a container is surely over: its deadline has passed, the host has been started anew, or its
 * program has gone. Of other hosts and PID namespaces only the deadline tells. Labels that are not ours, or cannot be read, never count as dead.
 */
export function isDead(labels: Readonly<Record<string, string>>, witness: Witness): boolean {
  if (labels[RUN_LABEL] === undefined) return false;
  const deadline = labels[DEADLINE_LABEL] ?? '';
  if (/^\d+$/.test(deadline) && Number(deadline) < witness.now) return true;
  const owner = /^(.+)\/([^/]+)\/(\d+)\/(\d+)$/.exec(labels[OWNER_LABEL] ?? '');
  const [, host, boot, pidNamespace, pid] = owner ?? [];
  if (host !== witness.host) return false;
  if (boot !== witness.boot) return true;
  return Number(pidNamespace) === witness.pidNamespace && !witness.alive(Number(pid));
}
