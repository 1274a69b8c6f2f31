import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { parseDump, type FileTree } from './file-tree.ts';

const PROGRAM = join(import.meta.dirname, 'dump.pl');

/** What no layer is to hold, or what the engine lays over in each container. */
const PRUNED = [
  'proc',
  'sys',
  'dev',
  'tmp',
  'run',
  '.dockerenv',
  'etc/hosts',
  'etc/hostname',
  'etc/resolv.conf',
  'etc/mtab',
  'sbin/docker-init',
  'usr/sbin/docker-init',
] as const;

/** Folders into which the engine puts mount points, which moves their times, and `/`, which it makes anew. */
const ENGINES_OWN: ReadonlySet<string> = new Set(['', 'etc', 'sbin', 'usr/sbin']);

/** Looks at the file system of a running container that has Perl; `root` is a folder in it. */
export async function dumpContainer(container: string, root = ''): Promise<FileTree> {
  const words = ['exec', '--interactive', '--user=0:0', container, 'perl', '-', root, ...PRUNED];
  const { stdout } = await execa('docker', words, {
    input: await readFile(PROGRAM),
    maxBuffer: 1024 ** 3,
  });
  return parseDump(stdout);
}

/** Whether a path is the image's: not one of those that are left out, nor what the engine touches in every container. */
export function isComparable(path: string): boolean {
  return !ENGINES_OWN.has(path) && !PRUNED.some((place) => path === place || path.startsWith(`${place}/`));
}
