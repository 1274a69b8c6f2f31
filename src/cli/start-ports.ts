import type { StartPorts } from '../start/start.ts';
import { tcpProbe } from '../start/tcp-probe.ts';
import type { Folders } from './folders.ts';
import { openBlobs, openOutside, openTarget } from './ports.ts';
import type { Session } from './session.ts';

/** Connects the adapters of a warm start. */
export function openStartPorts(folders: Folders, session: Session): StartPorts {
  const { docker, oras } = openOutside(folders, session);
  const { location } = folders;
  return {
    store: openTarget(location, oras),
    blobs: openBlobs(location),
    images: docker.workspaceImages,
    workspaces: docker.workspaces,
    probe: tcpProbe,
    log: session.log,
    clock: session.clock,
  };
}
