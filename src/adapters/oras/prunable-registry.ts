import { PreheatError } from '../../kernel/failure.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import { digestOf, type Digest } from '../../oci/digest.ts';
import { formatImage } from '../../oci/location.ts';
import { readTaggedManifest } from '../../oci/tagged-manifest.ts';
import type { PrunableStore } from '../../prune/prunable-store.ts';
import type { Oras } from './oras.ts';
import { createRegistryReader, type RegistryLocation } from './registry-reader.ts';

/** A repository of a registry as a clean-up sees it. What it frees of blobs is up to the registry. */
export function openPrunableRegistry(location: RegistryLocation, oras: Oras): PrunableStore {
  return {
    ...createRegistryReader(location, oras),
    async readTagged(tag, options) {
      const name = formatImage(location, tag);
      const call = { doing: `read ${name}`, phase: 'observe', optional: true } as const;
      const command = ['manifest', 'fetch'];
      const bytes = await oras.run({ ...call, command, sides: [location], operands: [name] }, options);
      return bytes === undefined ? undefined : readTaggedManifest(bytes, digestOf(bytes));
    },
    remove: async (digest, options) => await remove(digest, location, oras, options),
    sweep: async () => await Promise.resolve(undefined),
  };
}

async function remove(
  digest: Digest,
  location: RegistryLocation,
  oras: Oras,
  options: CallOptions,
): Promise<void> {
  const name = formatImage(location, digest);
  const call = { doing: `delete ${name}`, phase: 'publish', optional: true } as const;
  const command = ['manifest', 'delete', '--force'];
  try {
    await oras.run({ ...call, command, sides: [location], operands: [name] }, options);
  } catch (thrown) {
    throw thrown instanceof PreheatError ? withAdvice(thrown, location) : thrown;
  }
}

/** distribution answers 405 with its code UNSUPPORTED where deleting is switched off. */
const SWITCHED_OFF = /unsupported|not allowed|status code 405/i;

function withAdvice(failure: PreheatError, { registry }: RegistryLocation): PreheatError {
  const hint = SWITCHED_OFF.test(failure.message)
    ? `Let ${registry} delete (docker-registry: storage.delete.enabled: true), or clean up with its own retention rules.`
    : failure.code === 'unauthorized'
      ? `Give the account the right to delete in this repository of ${registry}; writing alone is often not enough.`
      : failure.hint;
  const { phase, code, retryable } = failure;
  return new PreheatError(failure.message, {
    phase,
    code,
    retryable,
    cause: failure,
    ...(hint === undefined ? {} : { hint }),
  });
}
