import type { Clock } from '../kernel/clock.ts';
import { withDeadline } from '../kernel/deadline.ts';
import { isAbort } from '../kernel/failure.ts';
import type { Log } from '../kernel/log.ts';
import type { CallOptions } from '../oci/content-store.ts';
import { descriptionOf } from './described-ports.ts';
import type { PortProbe } from './port-probe.ts';
import type { StartedPort } from './start-result.ts';
import { portUrl } from './ways-in.ts';
import type { PublishedPort } from './workspace-engine.ts';
import type { WorkspaceLabel } from './workspace-label.ts';

export interface AwaitPortsPorts {
  readonly probe: PortProbe;
  readonly clock: Clock;
  readonly log: Log;
}

const PAUSE_MS = 200;

/**
 * Waits until something answers behind each port, at most `boundMs` milliseconds in all, and tells of each. A port that
 * stays silent is no failure: not every port of a configuration is served from the beginning.
 */
export async function awaitPorts(
  ports: readonly PublishedPort[],
  label: WorkspaceLabel,
  boundMs: number,
  outside: AwaitPortsPorts,
  { signal }: CallOptions,
): Promise<readonly StartedPort[]> {
  const bound = withDeadline(signal, boundMs);
  return Promise.all(
    ports.map(async (port) => {
      const answers = await answersWithin(port, bound, outside);
      signal.throwIfAborted();
      const { containerPort, hostPort } = port;
      const { protocol, ...described } = descriptionOf(label, containerPort);
      const url = portUrl(port, protocol);
      outside.log.info(answers ? `port ${containerPort} answers: ${url}` : silence(port));
      return { containerPort, hostPort, url, answers, ...described };
    }),
  );
}

async function answersWithin(
  port: PublishedPort,
  bound: AbortSignal,
  outside: AwaitPortsPorts,
): Promise<boolean> {
  const { hostname } = new URL(portUrl(port));
  const host = hostname.replaceAll(/[[\]]/g, '');
  try {
    while (!bound.aborted) {
      if (await outside.probe.answers(host, port.hostPort, { signal: bound })) return true;
      await outside.clock.sleep(PAUSE_MS, bound);
    }
  } catch (thrown) {
    if (!isAbort(thrown) && !bound.aborted) throw thrown;
  }
  return false;
}

function silence({ containerPort }: PublishedPort): string {
  return `port ${containerPort} does not answer yet; a server must listen on 0.0.0.0, not on localhost, to be reached`;
}
