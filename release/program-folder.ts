import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { bundle, ROOT } from './bundle.ts';
import { licensesOf } from './licenses.ts';

/** What this repository's package.json says of all that is released from it. */
export const Manifest = z.object({
  version: z.string(),
  description: z.string(),
  license: z.string(),
  engines: z.object({ node: z.string() }),
});
export type Manifest = Readonly<z.infer<typeof Manifest>>;

export async function readManifest(): Promise<Manifest> {
  return Manifest.parse(JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')));
}

/** A folder from which a program runs wherever Node 24 is. */
export interface ProgramFolder {
  readonly folder: string;
  /** The program's source, such as `src/cli/main.ts`. */
  readonly entry: string;
  /** Where it lies in the folder: two folders deep. */
  readonly program: string;
  /** Its package.json, which tells the program its version. */
  readonly manifest: object;
  /** More files of this repository, by their paths. */
  readonly files: readonly string[];
}

/** Makes the folder anew: the program, `image/` with what workspace images get, and the licences of all that is in it. */
export async function makeProgramFolder(wanted: ProgramFolder): Promise<void> {
  const { folder, entry, program, manifest, files } = wanted;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const { sources } = await bundle(entry, join(folder, program));
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  await writeFile(join(folder, 'THIRD-PARTY-LICENSES.txt'), await licensesOf(sources));
  for (const file of ['LICENSE', 'image', ...files])
    await cp(join(ROOT, file), join(folder, file), { recursive: true });
}
