import { openLayoutBlobs } from '../adapters/layout/layout-blobs.ts';
import type { StartPorts } from '../start/start.ts';
import { tcpProbe } from '../start/tcp-probe.ts';
import type { Folders } from './folders.ts';
import { openOutside, openTarget } from './ports.ts';
import type { Session } from './session.ts';

/** Connects the adapters of a warm start. */
export function openStartPorts(folders: Folders, session: Session): StartPorts {
  const { docker, oras } = openOutside(folders, session);
  const { location } = folders;
  return {
    store: openTarget(location, oras),
    blobs: location.kind === 'layout' ? openLayoutBlobs(location.directory) : undefined,
    images: docker.workspaceImages,
    workspaces: docker.workspaces,
    probe: tcpProbe,
    log: session.log,
    clock: session.clock,
  };
}
