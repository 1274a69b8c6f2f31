import { PreheatError } from '../../kernel/failure.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import type { Manifest } from '../../oci/manifest.ts';
import { parseReference } from '../../oci/reference.ts';
import type { BaseImage } from '../../publish/uploader.ts';
import type { Oras } from './oras.ts';
import { createRegistryReader, type RegistryLocation } from './registry-reader.ts';

/** A base image as it is copied: one manifest, never an index with other platforms. */
export interface ResolvedBase {
  readonly location: RegistryLocation;
  /** `registry/repository@digest`. */
  readonly name: string;
  readonly manifest: Manifest;
}

/**
 * Finds the manifest of a base image for its platform. Throws `PreheatError` (publish, `not-found`) when it has
 * gone.
 */
export async function resolveBaseImage(
  { reference, digest, platform }: BaseImage,
  oras: Oras,
  { signal }: CallOptions,
): Promise<ResolvedBase> {
  const { registry, repository } = parseReference(reference);
  const location = { kind: 'registry', registry, repository } as const;
  const found = await createRegistryReader(location, oras, 'publish').readManifest(digest, {
    signal,
    ...(platform === undefined ? {} : { platform }),
  });
  if (found === undefined) {
    throw new PreheatError(`cannot copy base image ${reference}: ${registry} has no ${digest}`, {
      phase: 'publish',
      code: 'not-found',
      hint: 'Run the build again; with --base-refresh always where the default branch has pinned it.',
    });
  }
  return { location, name: `${registry}/${repository}@${found.descriptor.digest}`, manifest: found.manifest };
}
