import type { CallOptions } from '../oci/content-store.ts';
import { SOURCE_MTIME } from '../oci/tar-times.ts';
import type { TarEntry } from '../oci/tar-entry.ts';
import { tarOf } from '../oci/tar-writer.ts';
import type { Container } from './engine.ts';
import { runTool } from './run-tool.ts';
import { TOOLBOX_ROOT, type Toolbox } from './toolbox.ts';

/** Where `gp sync-done` leaves its events while tasks run (`image/gp`); no layer takes them from there. */
const SIGNALLED = `${TOOLBOX_ROOT}/sync`;

/** What is laid at `/` where events were signalled: the folder in which `gp` finds them in a workspace. */
const KEPT = `${TOOLBOX_ROOT}/kept`;

/** A tar with the folder for the events of a build, in which any user may signal, and the one to keep them in. */
export function syncFoldersTar(): AsyncIterable<Uint8Array> {
  return tarOf([folder(SIGNALLED, 0o1777), folder(`${KEPT}/.preheat/sync`, 0o755)]);
}

/**
 * Arguments: the words of GNU tar. Names are the hexadecimal bytes of an event's. The folder `.preheat` itself gets the
 * time that the runtime layer gives it, so that nothing of that layer counts as changed.
 */
const SCRIPT = String.raw`
set -o pipefail
shopt -s nullglob
for file in ${SIGNALLED}/*; do
  name=${'$'}{file##*/}
  [[ $name =~ ^([0-9a-f]{2}){1,120}$ && -f $file ]] && : >"${KEPT}/.preheat/sync/$name" && found=yes
done
[[ $found ]] || exit 0
plain=(--mtime=@${SOURCE_MTIME} --owner=0 --group=0 --mode=u=rwX,go=rX --sort=name)
"$@" --create "${'$'}{plain[@]}" --directory ${KEPT} .preheat | "$@" --extract --preserve-permissions --directory /
`;

/**
 * Lays the events that tasks signalled where the layers of the step take them, by which they stay signalled in
 * workspaces. Equal events make equal files, whoever signalled and when. From inside, because an engine that unpacks
 * into a running container touches `/etc`. Throws a `PreheatError` of phase `build` where it fails.
 */
export async function keepSyncEvents(
  container: Container,
  toolbox: Toolbox,
  bash: string,
  options: CallOptions,
): Promise<void> {
  const command = [bash, '-p', '-c', SCRIPT, 'keep', ...toolbox.command('tar')];
  const tool = await runTool(container, { command }, options);
  await Array.fromAsync(tool.stdout);
  await tool.succeeded('keep the events that tasks signalled');
}

function folder(path: string, mode: number): TarEntry {
  return {
    path: path.slice(1),
    kind: 'directory',
    mode,
    uid: 0,
    gid: 0,
    mtime: SOURCE_MTIME,
    size: 0,
  };
}
