/** Numbers of the engine's host by the ports of a container; `undefined` leaves the choice to the engine. */
export type HostPorts = ReadonlyMap<number, number | undefined>;

const LAST_PORT = 65_535;
const FIRST_FOR_USERS = 1024;
/** After so many refusals the engine chooses. */
const MOST_REFUSALS = 10;

/** Each port under its own number. */
export function sameNumbers(ports: readonly number[]): HostPorts {
  return new Map(ports.map((port) => [port, port]));
}

/**
 * The ports with another number for the one that was refused, the next that nothing is known to have (of 80, from 8080
 * on); `undefined` where the refused number is none of them. A number of our own is known before the container runs, and
 * stays when it is started again, which one of the engine's does not.
 */
export function withoutNumber(
  hosts: HostPorts,
  refused: number,
  { refusals, used }: { readonly refusals: number; readonly used: ReadonlySet<number> },
): HostPorts | undefined {
  const [port] = [...hosts].find(([, host]) => host === refused) ?? [];
  if (port === undefined) return undefined;
  const others = new Set([...used, ...hosts.keys(), ...hosts.values()]);
  const next = refusals > MOST_REFUSALS ? undefined : nextNumber(port, others);
  return new Map([...hosts, [port, next]]);
}

function nextNumber(port: number, used: ReadonlySet<number | undefined>): number | undefined {
  for (let next = port < FIRST_FOR_USERS ? 8000 + port : port + 1; next <= LAST_PORT; next++)
    if (!used.has(next)) return next;
  return undefined;
}

/** Those that are not under their own number, as `3000=3001 8080=8081`. */
export function movedPorts(hosts: HostPorts): string {
  return [...hosts]
    .filter(([port, host]) => host !== undefined && host !== port)
    .map(([port, host]) => `${port}=${host}`)
    .join(' ');
}
