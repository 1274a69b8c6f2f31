import type { Neighbour } from '../observe/neighbour.ts';
import type { Outcome, Price } from './outcome.ts';

/**
 * What Docker Engine 26 took to pull and unpack a layer on 2 cores over loopback: 97 MB in 15 s (docs/report.md tells how
 * it was measured). A slower network adds to it.
 */
const BYTES_PER_SECOND = 6_500_000;
/** What a pull of some kilobytes took. */
const LEAST_SECONDS = 0.1;

/** Layers of the image, each with whether `neighbour` has it too, and what the others cost. */
export function priceOf(
  layers: Outcome['layers'],
  neighbour: Neighbour | undefined,
): Pick<Outcome, 'layers' | 'price'> {
  if (neighbour === undefined || layers.length === 0) return { layers: [...layers] };
  const there = new Set<string>(neighbour.layers.map(({ digest }) => digest));
  const marked = layers.map((layer) => ({ ...layer, shared: there.has(layer.digest) }));
  const missing = marked.filter(({ shared }) => !shared);
  const bytes = missing.reduce((sum, { size }) => sum + size, 0);
  const { branch, digest } = neighbour;
  const price: Price = { branch, digest, layers: missing.length, bytes, seconds: secondsToOpen(bytes) };
  return { layers: marked, price };
}

/** How long an engine takes to pull and unpack layers of so many stored bytes, estimated, in seconds. */
export function secondsToOpen(bytes: number): number {
  return Math.round(10 * (LEAST_SECONDS + bytes / BYTES_PER_SECOND)) / 10;
}
