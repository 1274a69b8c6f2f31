import type { Neighbour } from '../observe/neighbour.ts';
import type { Outcome, Price } from './outcome.ts';

/**
 * What Docker Engine took to pull and unpack one layer of small text files on 2 cores over loopback: 0.8 MB in 0.4 s, 8.2 MB
 * in 2 s, 41 MB in 9 s, 82 MB in 16 s (docs/report.md, "Price"). A slow network adds to it.
 */
const BYTES_PER_SECOND = 5_000_000;
const LEAST_SECONDS = 0.3;

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
