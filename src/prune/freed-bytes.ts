import type { Stock, StoredBlob } from './stock.ts';

/** The bytes of manifests and their blobs that nothing else of the stock has, each counted once. */
export function freedBytes(going: Stock, kept: Stock): number {
  const needed = new Set(kept.flatMap(partsOf).map(({ digest }) => digest));
  const freed = new Map(
    going
      .flatMap(partsOf)
      .filter(({ digest }) => !needed.has(digest))
      .map(({ digest, size }) => [digest, size]),
  );
  return [...freed.values()].reduce((sum, size) => sum + size, 0);
}

function partsOf({ digest, size, blobs }: Stock[number]): readonly StoredBlob[] {
  return [{ digest, size }, ...blobs];
}
