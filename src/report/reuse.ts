import type { Outcome } from './outcome.ts';

/** How much of a run was spared by what was there already. */
export interface Reuse {
  readonly steps: number;
  readonly reusedSteps: number;
  readonly layers: number;
  readonly reusedLayers: number;
  /** Sizes of all layers, and of the reused ones, in bytes as stored. */
  readonly layerBytes: number;
  readonly reusedLayerBytes: number;
}

/** Counts what an outcome reused. */
export function reuseOf({ steps, layers }: Outcome): Reuse {
  const reused = layers.filter((layer) => layer.reused);
  return {
    steps: steps.length,
    reusedSteps: steps.filter((step) => step.outcome === 'reused').length,
    layers: layers.length,
    reusedLayers: reused.length,
    layerBytes: sizeOf(layers),
    reusedLayerBytes: sizeOf(reused),
  };
}

function sizeOf(layers: Outcome['layers']): number {
  return layers.reduce((bytes, layer) => bytes + layer.size, 0);
}
