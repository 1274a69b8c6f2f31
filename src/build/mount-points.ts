import type { CallOptions } from '../oci/content-store.ts';
import type { Container } from './engine.ts';
import { readTool } from './run-tool.ts';
import type { Toolbox } from './toolbox.ts';

/** The mount points of a running container, as {@link mountPointsOf} gives them. */
export async function readMountPoints(
  container: Container,
  toolbox: Toolbox,
  options: CallOptions,
): Promise<readonly string[]> {
  const command = [...toolbox.command('cat'), '/proc/self/mountinfo'];
  return mountPointsOf((await readTool(container, { command }, options)).output);
}

/**
 * The mount points below `/` that `/proc/self/mountinfo` lists (proc(5)), without leading slashes, raw bytes as latin1
 * text: what lies there is not part of the image.
 */
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
