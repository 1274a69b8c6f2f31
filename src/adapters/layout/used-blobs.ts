import { readFile, utimes } from 'node:fs/promises';
import { systemClock } from '../../kernel/clock.ts';
import { parseJson } from '../../kernel/parse-json.ts';
import type { Descriptor } from '../../oci/descriptor.ts';
import { Manifest } from '../../oci/manifest.ts';
import { blobPath } from './layout-files.ts';

/**
 * Whether a manifest and all of its blobs are there; each is marked as used just now, which keeps a clean-up from taking it
 * for left over before something names it.
 */
export async function isWholeAndUsed(directory: string, { digest }: Descriptor): Promise<boolean> {
  const text = await readFile(blobPath(directory, digest), 'utf8').catch(() => undefined);
  const manifest = Manifest.safeParse(parseJson(text ?? ''));
  // An index is what others made: its members are not looked for.
  if (!manifest.success) return text !== undefined;
  const now = systemClock.now();
  for (const blob of [{ digest }, manifest.data.config, ...manifest.data.layers]) {
    const isThere = await utimes(blobPath(directory, blob.digest), now, now).then(
      () => true,
      (thrown: unknown) => !(thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT'),
    );
    if (!isThere) return false;
  }
  return true;
}
