import { makeProgramFolder, readManifest } from './program-folder.ts';

/** Makes the folder that the Dockerfile copies into the pipe's image. */
export async function makePipeFolder(folder: string): Promise<void> {
  const { version, license } = await readManifest();
  await makeProgramFolder({
    folder,
    entry: 'pipe/main.ts',
    program: 'lib/pipe/main.mjs',
    manifest: { name: 'preheat-pipe', version, license, type: 'module', private: true },
    files: ['README.md', 'pipe.yml'],
  });
}
