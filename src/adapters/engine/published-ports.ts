import type { ContainerInspectInfo, PortMap } from 'dockerode';
import type { PublishedPort } from '../../start/workspace-engine.ts';
import type { HostPorts } from './host-ports.ts';

const LOOPBACK = '127.0.0.1';

/** `PortBindings` for a container: each port on loopback, on its number there. */
export function portBindings(hosts: HostPorts): PortMap {
  return Object.fromEntries(
    [...hosts].map(([port, host]) => [`${port}/tcp`, [{ HostIp: LOOPBACK, HostPort: String(host ?? '') }]]),
  );
}

/**
 * The port that the engine could not publish, by its words; `undefined` where they are about something else. Engines
 * say `Bind for 127.0.0.1:80 failed: port is already allocated` where they gave it away themselves, and
 * `listen tcp4 127.0.0.1:80: bind: address already in use` (or `permission denied`) where someone else has it.
 */
export function takenPort(words: string): number | undefined {
  if (!/already allocated|address already in use|bind: permission denied/i.test(words)) return undefined;
  const port = /(?:\d+\.){3}\d+:(\d+)/.exec(words)?.[1];
  return port === undefined ? undefined : Number(port);
}

/** The TCP ports under which a running container is reached from the engine's host, in ascending order. */
export function publishedPorts({
  Config,
  HostConfig,
  NetworkSettings,
}: ContainerInspectInfo): readonly PublishedPort[] {
  const isOnHost = HostConfig.NetworkMode === 'host';
  // What runs in the host's own network is there under its own numbers.
  const bindings = isOnHost ? onHost(Object.keys(Config.ExposedPorts ?? {})) : NetworkSettings.Ports;
  return Object.entries(bindings)
    .flatMap(([port, places]) => publishedPort(port, places?.[0]))
    .toSorted((one, other) => one.containerPort - other.containerPort);
}

interface Place {
  readonly HostIp: string;
  readonly HostPort: string;
}

function onHost(ports: readonly string[]): Readonly<Record<string, readonly Place[]>> {
  return Object.fromEntries(
    ports.map((port) => [port, [{ HostIp: LOOPBACK, HostPort: port.replace(/\/.*$/, '') }]]),
  );
}

function publishedPort(port: string, place: Place | undefined): readonly PublishedPort[] {
  if (place === undefined || !port.endsWith('/tcp')) return [];
  const hostAddress = place.HostIp === '' || place.HostIp === '0.0.0.0' ? LOOPBACK : place.HostIp;
  return [{ containerPort: Number.parseInt(port, 10), hostAddress, hostPort: Number(place.HostPort) }];
}
