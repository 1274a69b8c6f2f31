import type { Outcome } from '../outcome.ts';

type Layer = Outcome['layers'][number];

/** Layers that lie upon each other and are alike in all that the drawing tells. */
export interface Slab {
  readonly role: string;
  readonly reused: boolean;
  readonly shared: boolean | undefined;
  /** Bottom to top. */
  readonly layers: readonly Layer[];
  readonly bytes: number;
}

/** Gathers the layers of an image into slabs, bottom to top. */
export function slabsOf(layers: readonly Layer[]): readonly Slab[] {
  const slabs: Slab[] = [];
  for (const layer of layers) {
    const { role, reused, shared } = layer;
    const below = slabs.at(-1);
    const isAlike =
      below !== undefined && below.role === role && below.reused === reused && below.shared === shared;
    const joined = isAlike ? [...below.layers, layer] : [layer];
    if (isAlike) slabs.pop();
    slabs.push({ role, reused, shared, layers: joined, bytes: bytesOf(joined) });
  }
  return slabs;
}

/** Bytes as stored of all the layers. */
export function bytesOf(layers: readonly Layer[]): number {
  return layers.reduce((sum, { size }) => sum + Math.max(0, size), 0);
}

const NARROWEST = 6;

/**
 * The width of a slab in the drawing, in per cent of that of the largest: each tenfold of bytes, from a kilobyte on,
 * adds the same, so that a delta of three kilobytes can be seen beside a base of half a gigabyte.
 */
export function widthOf(bytes: number, largest: number): number {
  const tenfolds = (size: number): number => Math.log10(Math.max(size, 1_000) / 1_000);
  const share = tenfolds(largest) === 0 ? 1 : Math.min(tenfolds(bytes) / tenfolds(largest), 1);
  return Math.round(10 * (NARROWEST + (100 - NARROWEST) * share)) / 10;
}
