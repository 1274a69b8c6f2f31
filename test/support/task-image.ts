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

const SOURCE = 'debian:bookworm';
const PROGRAMS = ['bash', 'sh', 'cat', 'cp', 'dd', 'head', 'ls', 'mkdir', 'rm', 'sleep', 'true', 'touch'];

/** Packs the programs, and each library that one of them asks the loader for, links followed. */
const PACK = `
set -e
cd /
programs=$(for name in ${PROGRAMS.join(' ')}; do echo "bin/$name"; done)
libraries=$(for each in $programs; do ldd "/$each"; done | grep --only-matching '/lib[^ ]*' | cut --characters=2- | sort -u)
tar --create --dereference --hard-dereference $programs $libraries
`;

/** Makes the image out of files of {@link SOURCE}; it leaves the engine when it is disposed of. */
export async function makeTaskImage(): Promise<TaskImage> {
  const name = `${uniqueName('preheat-test')}:1`;
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await mkdtempDisposable(join(tmpdir(), 'preheat-task-image-')));
  const tar = join(folder.path, 'root.tar');
  await execa('docker', ['run', '--rm', '--network', 'none', SOURCE, 'bash', '-c', PACK], {
    stdout: { file: tar },
    buffer: false,
  });
  const changes = ['CMD ["bash"]', 'ENV PATH=/usr/bin:/bin'].flatMap((line) => ['--change', line]);
  await execa('docker', ['import', ...changes, tar, name]);
  stack.defer(async () => void (await execa('docker', ['rmi', '--force', name])));
  const archive = join(folder.path, 'image.tar');
  await execa('docker', ['save', '--output', archive, name]);
  const owned = stack.move();
  return { name, archive, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
