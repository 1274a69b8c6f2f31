import { isAbort, messageOf, PreheatError } from '../kernel/failure.ts';
import type { Log } from '../kernel/log.ts';
import type { ContentStore } from '../oci/content-store.ts';
import { platformMatches, type Platform } from '../oci/platform.ts';
import { formatReference, parseReference, type Reference } from '../oci/reference.ts';
import type { Digest } from '../oci/digest.ts';
import type { BaseFacts, ResolvedBase } from './facts.ts';
import type { LocalImage, LocalImages } from './local-images.ts';
import type { PinBook } from './pin-book.ts';

export interface BaseSources {
  readonly localImages: LocalImages;
  /** Opens the repository that a reference names. */
  readonly openStore: (reference: Reference) => ContentStore;
  readonly pins: PinBook;
  readonly log: Log;
}

export interface ResolveOptions {
  readonly platform: Platform;
  readonly signal: AbortSignal;
}

/**
 * Pins an image's name to a digest. A name with a digest is taken at its word; an image that was only ever made on this
 * engine means itself; everything else is what the default branch has pinned or what its registry says, and what the
 * engine has where none answers or has the name. A registry that refuses us ends the run: it may have a newer image
 * than the engine.
 */
export async function resolveBase(
  text: string,
  sources: BaseSources,
  options: ResolveOptions,
): Promise<ResolvedBase> {
  const reference = parseBase(text);
  const name = formatReference(reference);
  const inRegistry = (digest: Digest, by: ResolvedBase['by']): ResolvedBase => ({
    base: { reference: name, digest, source: 'registry' },
    by,
  });
  if (reference.digest !== undefined) return inRegistry(reference.digest, 'digest');
  const { local, failure } = await findLocal(text, sources, options);
  if (local !== undefined && !local.fromRegistry) return onEngine(name, local);
  const pin = await sources.pins.follow(name, options);
  if (pin !== undefined) return inRegistry(pin.digest, 'pin');
  const asked = await askRegistry(reference, sources, options);
  if (asked.digest !== undefined) return inRegistry(asked.digest, 'registry');
  if (asked.failure.code === 'unauthorized') throw baseMissing(text, asked.failure);
  const { log, pins } = sources;
  const last = asked.failure.code === 'not-found' ? undefined : await pins.find(name, options);
  if (last !== undefined) {
    log.warn(`base image ${text}: ${asked.failure.message}; taking the one of ${last.pinnedAt}`);
    return inRegistry(last.digest, 'pin');
  }
  if (local === undefined) throw baseMissing(text, asked.failure, failure);
  log.warn(`base image ${text}: ${asked.failure.message}; taking the one that the engine has`);
  return onEngine(name, local);
}

function onEngine(reference: string, { id }: LocalImage): ResolvedBase {
  return { base: { reference, digest: id, source: 'engine' }, by: 'engine' };
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
async function findLocal(
  reference: string,
  { localImages, log }: BaseSources,
  options: ResolveOptions,
): Promise<{ readonly local?: LocalImage; readonly failure?: unknown }> {
  try {
    const local = await localImages.find(reference, options);
    return local !== undefined && platformMatches(local.platform, options.platform) ? { local } : {};
  } catch (thrown) {
    if (options.signal.aborted || isAbort(thrown)) throw thrown;
    log.debug(`the engine was not asked for ${reference}: ${messageOf(thrown)}`);
    return { failure: thrown };
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

/** `engine` is why the engine, which may be the one that has it, could not be asked. */
function baseMissing(reference: string, failure: PreheatError, engine?: unknown): PreheatError {
  const also = engine === undefined ? '' : `; and of the engine, which may have it: ${messageOf(engine)}`;
  return new PreheatError(`cannot find base image ${reference}: ${failure.message}${also}`, {
    phase: 'observe',
    code: failure.code,
    hint:
      failure.hint ?? 'Check the name and tag of image: in .gitpod.yml, and that this machine may read it.',
    cause: failure,
  });
}
