import { readFile } from 'node:fs/promises';
import type { PlacedFile } from '../build/placed-file.ts';
import { canonicalJson } from '../kernel/canonical-json.ts';
import { digestOf, type Digest } from '../oci/digest.ts';

/** Which file of `image/` goes where in a workspace image. */
const PLACES = [{ file: 'start', path: '/opt/preheat/start', mode: 0o755 }] as const;

/** What the runtime layer holds, and the digest by which image keys know it. */
export interface RuntimeFiles {
  readonly files: readonly PlacedFile[];
  readonly digest: Digest;
}

/** Reads the files of the runtime layer from the `image/` folder beside `src/`. */
export async function readRuntimeFiles(): Promise<RuntimeFiles> {
  const folder = new URL('../../image/', import.meta.url);
  const files = await Promise.all(
    PLACES.map(async ({ file, path, mode }) => ({ path, mode, content: await readFile(new URL(file, folder)) })),
  );
  const contents = files.map(({ path, mode, content }) => ({ path, mode, content: digestOf(content) }));
  return { files, digest: digestOf(canonicalJson(contents)) };
}
