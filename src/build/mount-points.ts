import { PreheatError } from '../kernel/failure.ts';
import type { CallOptions } from '../oci/content-store.ts';
import type { Container } from './engine.ts';
import { readTool } from './run-tool.ts';
import type { Toolbox } from './toolbox.ts';
import { findVolumes } from './volumes.ts';

/** What is mounted in a container: paths without leading slashes, raw bytes as latin1 text. */
export interface MountPoints {
  /** Volumes of the base image: what lies there belongs to the image. */
  readonly volumes: readonly string[];
  /** Everything else (`/proc`, `/etc/hosts`, …), which does not. */
  readonly foreign: readonly string[];
}

/** The mount points of a running container. */
export async function readMountPoints(
  container: Container,
  toolbox: Toolbox,
  options: CallOptions,
): Promise<MountPoints> {
  const command = [...toolbox.command('cat'), '/proc/self/mountinfo'];
  const { output } = await readTool(container, { command }, options);
  refuseCut(output);
  const points = mountPointsOf(output);
  const volumes = await findVolumes(container, toolbox, points, options);
  return { volumes, foreign: points.filter((point) => !volumes.includes(point)) };
}

/** Every container has a mount at `/`; a list without it was cut short on its way. */
function refuseCut(mountinfo: string): void {
  if (/^\d+ \d+ \S+ \S+ \/ .*\n$/ms.test(mountinfo)) return;
  throw new PreheatError('cannot list what is mounted in the container: the list is not whole', {
    phase: 'build',
    code: 'engine',
    hint: 'Run the build again; if it fails again, check the connection to the engine.',
  });
}

/** The mount points below `/` that `/proc/self/mountinfo` lists (proc(5)). */
export function mountPointsOf(mountinfo: string): readonly string[] {
  return mountinfo
    .split('\n')
    .map((line) => line.split(' ')[4] ?? '')
    .filter((point) => point.startsWith('/') && point !== '/')
    .map((point) => unescapeOctal(point.slice(1)));
}

/** The kernel writes space, tab, newline and backslash as three octal digits. */
function unescapeOctal(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}
