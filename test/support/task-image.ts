import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { uniqueName } from './engine.ts';

/** A base image of a few megabytes in which tasks can run: bash, the programs below, and the C library. */
export interface TaskImage extends AsyncDisposable {
  /** As `image:` names it; only the engine knows it. */
  readonly name: string;
  /** What `docker load` takes. */
  readonly archive: string;
}

/** What an image has beside {@link PROGRAMS}. */
export interface TaskImageContents {
  /** The image on the engine whose files it is made of; by default {@link SOURCE}. */
  readonly source?: string;
  readonly programs?: readonly string[];
  /** Lines for bash that make files in the source, and the paths (relative to `/`) that are then taken. */
  readonly prepare?: string;
  readonly paths?: readonly string[];
  /** Lines of a Dockerfile for its config. */
  readonly changes?: readonly string[];
}

const SOURCE = 'debian:bookworm';
const PROGRAMS = ['bash', 'sh', 'cat', 'cp', 'dd', 'head', 'ls', 'mkdir', 'rm', 'sleep', 'true', 'touch'];

/** Packs the programs, and each library that one of them asks the loader for, links followed. */
const packed = ({ programs = [], prepare = '', paths = [] }: TaskImageContents): string => `
set -e
cd /
${prepare}
programs=$(for name in ${[...PROGRAMS, ...programs].join(' ')}; do echo "bin/$name"; done)
libraries=$(for each in $programs; do ldd "/$each" || true; done | grep --only-matching '/lib[^ ]*' | cut --characters=2- | sort -u)
tar --create --dereference --hard-dereference $programs $libraries ${paths.join(' ')}
`;

/** Makes the image out of files of another one; it leaves the engine when it is disposed of. */
export async function makeTaskImage(contents: TaskImageContents = {}): Promise<TaskImage> {
  const { source = SOURCE, changes = [] } = contents;
  const name = `${uniqueName('preheat-test')}:1`;
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await mkdtempDisposable(join(tmpdir(), 'preheat-task-image-')));
  const tar = join(folder.path, 'root.tar');
  await execa('docker', ['run', '--rm', '--network', 'none', source, 'bash', '-c', packed(contents)], {
    stdout: { file: tar },
    buffer: false,
  });
  const lines = ['CMD ["bash"]', 'ENV PATH=/usr/bin:/bin', ...changes];
  await execa('docker', ['import', ...lines.flatMap((line) => ['--change', line]), tar, name]);
  stack.defer(async () => void (await execa('docker', ['rmi', '--force', name])));
  const archive = join(folder.path, 'image.tar');
  await execa('docker', ['save', '--output', archive, name]);
  const owned = stack.move();
  return { name, archive, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
