import type { Layer } from '../oci/layer.ts';
import type { Outcome } from '../report/outcome.ts';
import type { BuildProgress } from './build-progress.ts';

/** The layers of a run's image, bottom to top, and which of them were there already. */
export function layersOf(progress: BuildProgress): Outcome['layers'] {
  const { push, image, publication } = progress;
  // The image that another run published first holds what its own tasks made, not the layers of this run.
  if (publication?.outcome === 'adopted') return [];
  const kept = push?.plan.image;
  if (kept?.kind === 'hit') return kept.layers.map((layer) => ({ ...layer, reused: true }));
  return (image?.layers ?? []).map((layer) => {
    const { role, digest, size } = layer;
    return { role, digest, size, reused: isReused(layer, progress) };
  });
}

function isReused({ role, digest }: Layer, { base, finished, sources, neighbour }: BuildProgress): boolean {
  switch (role) {
    case 'base':
      return base?.built?.made.has(digest) !== true;
    case 'runtime':
      // It is the same for each image of a version.
      return neighbour?.layers.some((layer) => layer.digest === digest) === true;
    case 'source':
      return sources !== undefined && isKept(digest, sources);
    case 'task':
    case 'patch':
      return finished?.result.outcome === 'reused';
    default:
      return false;
  }
}

/** A keyframe that is there is not laid again; other repositories always are, whether they are there or not. */
function isKept(
  digest: Layer['digest'],
  { made, beside, keptBeside }: NonNullable<BuildProgress['sources']>,
): boolean {
  const isBeside = beside.some((layer) => layer.digest === digest);
  return isBeside ? keptBeside.has(digest) : made === undefined;
}
