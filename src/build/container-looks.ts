import type { CallOptions } from '../oci/content-store.ts';
import { readTar } from '../oci/tar-reader.ts';
import { TAR_ARGUMENTS, type CapturePorts } from './capture-layer.ts';
import { lookOf, type Look } from './entry-look.ts';
import { placedTar } from './placed-tar.ts';
import { runTool } from './run-tool.ts';
import { TOOLBOX_ROOT } from './toolbox.ts';

/** The pax record in which GNU tar keeps it. */
const DEFAULT_ACL = 'SCHILY.acl.default';

const LIST = `${TOOLBOX_ROOT}/capture/compared.list`;

/** How paths lie in a container. A path that is a hard link of another one among them has no look of its own. */
export interface ContainerLooks {
  readonly looks: ReadonlyMap<string, Look>;
  /** The paths that share their file with another of them. */
  readonly linked: ReadonlySet<string>;
  /** The folders with a default ACL, which whatever is made in them takes over (acl(5)). */
  readonly inherited: ReadonlySet<string>;
}

/**
 * Reads how paths lie in a quiet container now, through the very tar that captures layers. Streams. Throws a
 * `PreheatError` of phase `build` when a path cannot be read.
 */
export async function looksInContainer(
  paths: readonly string[],
  { container, toolbox }: Pick<CapturePorts, 'container' | 'toolbox'>,
  options: CallOptions,
): Promise<ContainerLooks> {
  const looks = new Map<string, Look>();
  const linked = new Set<string>();
  const inherited = new Set<string>();
  if (paths.length === 0) return { looks, linked, inherited };
  const names = Buffer.from(paths.toSorted().join('\0'), 'latin1');
  await container.put(placedTar([{ path: LIST, mode: 0o600, content: names }]), options);
  const command = [...toolbox.command('tar'), ...TAR_ARGUMENTS, '--null', `--files-from=${LIST}`];
  const tar = await runTool(container, { command }, options);
  const read = async (): Promise<void> => {
    for await (const entry of readTar(tar.stdout)) {
      if (entry.kind === 'hardlink') for (const path of [entry.path, entry.target]) linked.add(path);
      else looks.set(entry.path, await lookOf(entry));
      if (entry.records.has(DEFAULT_ACL)) inherited.add(entry.path);
    }
  };
  const [reading] = await Promise.allSettled([read()]);
  // Where the stream broke off, that is what there is to tell, not that it is no tar.
  await tar.arrivedWhole('compare what the tasks touched with the sources');
  if (reading.status === 'rejected') throw reading.reason;
  return { looks, linked, inherited };
}
