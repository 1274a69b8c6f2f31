import type { Log } from '../kernel/log.ts';
import type { CallOptions } from '../oci/content-store.ts';
import type { Layer, LayerRole } from '../oci/layer.ts';
import type { Staging } from '../oci/staging.ts';
import { joinChunks } from '../oci/tar-chunks.ts';
import { tarOf } from '../oci/tar-writer.ts';
import type { LayerContent } from './divide.ts';
import type { Container } from './engine.ts';
import { withoutOddAttributes } from './odd-attributes.ts';
import { expectMembers } from './packed-members.ts';
import { placedTar } from './placed-tar.ts';
import { runTool } from './run-tool.ts';
import { TOOLBOX_ROOT, type Toolbox } from './toolbox.ts';
import { whiteoutEntries } from './whiteouts.ts';

export interface CapturePorts {
  readonly container: Container;
  readonly toolbox: Toolbox;
  readonly staging: Staging;
  readonly log: Pick<Log, 'warn'>;
}

/** No access or change times, and names of pax headers that hold no process id: equal files give equal bytes. */
const PAX_OPTIONS = 'delete=atime,delete=ctime,exthdr.name=%d/PaxHeaders/%f';

export const TAR_ARGUMENTS = [
  '--create',
  '--totals',
  // Without it an image's `TAPE` would say where to write.
  '--file=-',
  '--format=posix',
  `--pax-option=${PAX_OPTIONS}`,
  '--xattrs',
  '--xattrs-include=*',
  // A label of the host's policy, not of the file.
  '--xattrs-exclude=security.selinux',
  '--acls',
  '--numeric-owner',
  '--no-recursion',
  '--no-unquote',
  '--directory=/',
] as const;

/**
 * Captures paths of a quiet container as a layer: whiteouts first, then the very bytes that GNU tar writes inside the
 * container, streamed; an extended attribute that no layer can name is left out with a warning. `undefined` when there
 * is nothing to capture. Throws a `PreheatError` of phase `build` when a path cannot be read or changes while it is read,
 * or when tar packed anything but these paths.
 */
export async function captureLayer(
  role: LayerRole,
  content: LayerContent,
  ports: CapturePorts,
  options: CallOptions,
): Promise<Layer | undefined> {
  if (content.entries.length + content.folders.length + content.whiteouts.length === 0) return undefined;
  return await ports.staging.addLayer(role, layerTar(role, content, ports, options), options);
}

async function* layerTar(
  role: LayerRole,
  { entries, folders, whiteouts }: LayerContent,
  { container, toolbox, log }: CapturePorts,
  options: CallOptions,
): AsyncGenerator<Uint8Array> {
  const paths = [...folders, ...entries].toSorted();
  yield* tarOf(whiteoutEntries(whiteouts), { end: paths.length === 0 });
  if (paths.length === 0) return;
  const list = `${TOOLBOX_ROOT}/capture/${role}.list`;
  const names = Buffer.from(paths.join('\0'), 'latin1');
  await container.put(placedTar([{ path: list, mode: 0o600, content: names }]), options);
  // --null also keeps tar from reading a name that begins with "-" as an option.
  const command = [...toolbox.command('tar'), ...TAR_ARGUMENTS, '--null', `--files-from=${list}`];
  const tar = await runTool(container, { command }, options);
  const members = expectMembers(paths);
  const warn = (path: string, name: string): void => {
    const [file, attribute] = [path, name].map((raw) => Buffer.from(raw, 'latin1').toString('utf8'));
    log.warn(`the extended attribute ${attribute} of /${file} is not kept: a layer cannot hold its name`);
  };
  // 100,000 small files are 300,000 headers and contents, each of which would be searched and copied by itself.
  yield* joinChunks(withoutOddAttributes(tar.stdout, warn, (path) => members.add(path)));
  await tar.arrivedWhole('capture what the tasks left');
  members.check();
}
