import { join } from 'node:path';
import type { CallOptions } from '../../src/oci/content-store.ts';
import { removeImagesOf } from '../support/containers.ts';
import { startRegistry } from '../support/registry.ts';
import { publishBase } from './base-image.ts';
import { CASES, type Referee } from './cases.ts';
import type { FileTree } from './file-tree.ts';
import { fetchLayout, seenByDocker, seenByUmoci, seenInLayers } from './referees.ts';
import { publishCases } from './run-scenario.ts';

/** What all cases were like in the container that made them, and what each referee found in the published image. */
export interface Witness {
  readonly original: FileTree;
  readonly seen: Readonly<Record<Referee, FileTree>>;
  /** What the build said. */
  readonly log: string;
}

/** Makes, publishes, fetches and unpacks all cases; `directory` is an empty folder that the caller removes. */
export async function witnessCases(directory: string, options: CallOptions): Promise<Witness> {
  await using registry = await startRegistry();
  try {
    const base = await publishBase(registry.host, join(directory, 'base'), options);
    const { image, original, log } = await publishCases(base, registry.host, CASES);
    const layout = join(directory, 'image');
    await fetchLayout(image, layout);
    const [layers, docker, umoci] = await Promise.all([
      seenInLayers(layout),
      seenByDocker(image),
      seenByUmoci(layout),
    ]);
    return { original, seen: { layers, docker, umoci }, log };
  } finally {
    await removeImagesOf(registry.host);
  }
}
