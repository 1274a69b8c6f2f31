import { readFile } from 'node:fs/promises';
import type { PlacedFile } from '../build/placed-file.ts';
import { canonicalJson } from '../kernel/canonical-json.ts';
import { digestOf, type Digest } from '../oci/digest.ts';

/** Which file of `image/` goes where in a workspace image. */
const PLACES = [
  { file: 'start', path: '/.preheat/start', mode: 0o755 },
  { file: 'gp', path: '/.preheat/bin/gp', mode: 0o755 },
  { file: 'bashrc', path: '/.preheat/bashrc', mode: 0o644 },
  { file: 'panerc', path: '/.preheat/panerc', mode: 0o644 },
] as const;

/** Reads the files of the runtime layer from the `image/` folder beside `src/`. */
export async function readRuntimeFiles(): Promise<readonly PlacedFile[]> {
  const folder = new URL('../../image/', import.meta.url);
  return Promise.all(
    PLACES.map(async ({ file, path, mode }) => ({
      path,
      mode,
      content: await readFile(new URL(file, folder)),
    })),
  );
}

/** A digest over files with their places and modes, by which image keys know them. */
export function placedDigest(files: readonly PlacedFile[]): Digest {
  const contents = files.map(({ path, mode, content }) => ({ path, mode, content: digestOf(content) }));
  return digestOf(canonicalJson(contents));
}
