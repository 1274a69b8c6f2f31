import type { BaseSource } from '../config/workspace-config.ts';
import { isAbort, messageOf, PreheatError } from '../kernel/failure.ts';
import type { Log } from '../kernel/log.ts';
import type { ContentStore } from '../oci/content-store.ts';
import { platformMatches, type Platform } from '../oci/platform.ts';
import { formatReference, parseReference, type Reference } from '../oci/reference.ts';
import type { BaseFacts } from './facts.ts';
import type { LocalImages } from './local-images.ts';

export interface BaseSources {
  readonly localImages: LocalImages;
  /** Opens the repository that a reference names. */
  readonly openStore: (reference: Reference) => ContentStore;
  readonly log: Log;
}

export interface ResolveOptions {
  readonly platform: Platform;
  readonly signal: AbortSignal;
}

/**
 * Pins the base image to a digest. A reference with a digest is taken at its word; an image that was only ever made on
 * this engine means itself; everything else is what its registry says, and what the engine has where none answers or
 * has the name. A registry that refuses us ends the run: it may have a newer image than the engine.
 */
export async function resolveBase(
  source: BaseSource,
  sources: BaseSources,
  options: ResolveOptions,
): Promise<BaseFacts> {
  if (source.kind === 'dockerfile') throw dockerfileRefused(source.file);
  const reference = parseBase(source.reference);
  const name = formatReference(reference);
  if (reference.digest !== undefined)
    return { reference: name, digest: reference.digest, source: 'registry' };
  const local = await findLocal(source.reference, sources, options);
  if (local !== undefined && !local.fromRegistry)
    return { reference: name, digest: local.id, source: 'engine' };
  const asked = await askRegistry(reference, sources, options);
  if (asked.digest !== undefined) return { reference: name, digest: asked.digest, source: 'registry' };
  if (local === undefined || asked.failure.code === 'unauthorized')
    throw baseMissing(source.reference, asked.failure);
  sources.log.warn(
    `base image ${source.reference}: ${asked.failure.message}; taking the one that the engine has`,
  );
  return { reference: name, digest: local.id, source: 'engine' };
}

type Asked =
  { readonly digest: BaseFacts['digest'] } | { readonly digest?: undefined; readonly failure: PreheatError };

async function askRegistry(
  reference: Reference,
  sources: BaseSources,
  { signal }: ResolveOptions,
): Promise<Asked> {
  try {
    const found = await sources.openStore(reference).resolve(reference.tag ?? 'latest', { signal });
    return found === undefined ? { failure: notInRegistry(reference) } : { digest: found.digest };
  } catch (thrown) {
    if (signal.aborted || !(thrown instanceof PreheatError)) throw thrown;
    return { failure: thrown };
  }
}

/** The engine is asked as a second source; one that is down is simply no source. */
async function findLocal(reference: string, { localImages, log }: BaseSources, options: ResolveOptions) {
  try {
    const found = await localImages.find(reference, options);
    return found !== undefined && platformMatches(found.platform, options.platform) ? found : undefined;
  } catch (thrown) {
    if (options.signal.aborted || isAbort(thrown)) throw thrown;
    log.debug(`the engine was not asked for ${reference}: ${messageOf(thrown)}`);
    return undefined;
  }
}

function parseBase(text: string): Reference {
  try {
    return parseReference(text);
  } catch (thrown) {
    throw new PreheatError(`cannot use base image "${text}": ${messageOf(thrown)}`, {
      phase: 'config',
      code: 'config-invalid',
      hint: 'Write image: as registry/name:tag.',
      cause: thrown,
    });
  }
}

function notInRegistry(reference: Reference): PreheatError {
  return new PreheatError(
    `${reference.registry} has no ${reference.repository}:${reference.tag ?? 'latest'}`,
    {
      phase: 'observe',
      code: 'not-found',
    },
  );
}

function baseMissing(reference: string, failure: PreheatError): PreheatError {
  return new PreheatError(`cannot find base image ${reference}: ${failure.message}`, {
    phase: 'observe',
    code: failure.code,
    hint:
      failure.hint ?? 'Check the name and tag of image: in .gitpod.yml, and that this machine may read it.',
    cause: failure,
  });
}

function dockerfileRefused(file: string): PreheatError {
  return new PreheatError(
    `cannot build the base image from ${file}: this version takes a base image by name only`,
    {
      phase: 'config',
      code: 'config-invalid',
      hint: 'Publish the image that the Dockerfile makes and name it with image:.',
    },
  );
}
