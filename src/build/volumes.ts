import type { CallOptions } from '../oci/content-store.ts';
import type { Container } from './engine.ts';
import { mountsAmongListed } from './listing.ts';
import { readTool } from './run-tool.ts';
import type { Toolbox } from './toolbox.ts';

/** What engines mount into every container. */
const ENGINE_MOUNTS: ReadonlySet<string> = new Set([
  'etc/hosts',
  'etc/hostname',
  'etc/resolv.conf',
  'sbin/docker-init',
  'usr/sbin/docker-init',
]);

/**
 * The folders (absolute) that the base image declares as volumes: an engine mounts them, so that no layer holds what
 * tasks write there.
 */
export async function findVolumes(
  container: Container,
  toolbox: Toolbox,
  mounts: readonly string[],
  options: CallOptions,
): Promise<readonly string[]> {
  const candidates = mountsAmongListed(mounts).filter((mount) => !ENGINE_MOUNTS.has(mount));
  if (candidates.length === 0) return [];
  const starts = candidates.map((mount) => `/${Buffer.from(mount, 'latin1').toString('utf8')}`);
  const command = [...toolbox.command('find'), ...starts, '-maxdepth', '0', '-type', 'd', '-print0'];
  const { output } = await readTool(container, { command }, options);
  return output.split('\0').filter(Boolean);
}
