import type { CallOptions } from '../oci/content-store.ts';
import type { Container } from './engine.ts';
import { readTool } from './run-tool.ts';
import type { Toolbox } from './toolbox.ts';

/**
 * Those of `mounts` (raw, without leading slashes) that are volumes of the base image. An engine mounts a folder with a
 * copy of the image's files there, so that no layer of the container holds what tasks write; it is listed and captured
 * from there like everything else. A volume may be declared by a name that is a link (`/var/run/x`), but is mounted
 * where that leads to: device and inode tell.
 */
export async function findVolumes(
  container: Container,
  toolbox: Toolbox,
  mounts: readonly string[],
  options: CallOptions,
): Promise<readonly string[]> {
  const declared = mounts.length === 0 ? [] : await container.volumes(options);
  if (declared.length === 0) return [];
  const tool = toolbox.command('find');
  const identities = async (paths: readonly string[]): Promise<readonly string[]> => {
    const command = [...tool, '-H', ...paths, '-maxdepth', '0', '-printf', String.raw`%D:%i %p\0`];
    return (await readTool(container, { command }, options)).output.split('\0').filter(Boolean);
  };
  const volumes = new Set((await identities(declared)).map(identityOf));
  const found = await identities(mounts.map((mount) => `/${textOf(mount)}`));
  const mounted = found.filter((line) => volumes.has(identityOf(line)));
  return mounted.map((line) => line.slice(line.indexOf(' ') + 2));
}

function identityOf(line: string): string {
  return line.slice(0, line.indexOf(' '));
}

function textOf(raw: string): string {
  return Buffer.from(raw, 'latin1').toString('utf8');
}
