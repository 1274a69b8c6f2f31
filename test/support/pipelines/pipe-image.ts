import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { makePipeFolder } from '../../../release/pipe-folder.ts';
import { buildPipeImage, standInsBelow } from '../../../release/pipe-image.ts';
import { uniqueName } from '../engine.ts';

/** The pipe's image, built of these sources by the Dockerfile that releases use; it goes when it is disposed of. */
export interface PipeImage extends AsyncDisposable {
  readonly name: string;
}

/** Builds the image. Where no registry can be reached it stands upon the stand-ins of set-up, and a line says so. */
export async function makePipeImage(): Promise<PipeImage> {
  const standIns = await standInsBelow();
  if (standIns.length > 0)
    console.log(`the pipe's image is built upon stand-ins for ${standIns.join(' and ')}`);
  await using context = await mkdtempDisposable(join(tmpdir(), 'preheat-pipe-'));
  const name = `${uniqueName('preheat-test-pipe')}:1`;
  await makePipeFolder(join(context.path, 'dist', 'pipe'));
  await buildPipeImage(name, context.path);
  return { name, [Symbol.asyncDispose]: async () => void (await execa('docker', ['rmi', '--force', name])) };
}
