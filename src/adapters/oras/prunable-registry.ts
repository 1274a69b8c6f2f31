import { PreheatError } from '../../kernel/failure.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import { digestOf, type Digest } from '../../oci/digest.ts';
import { formatImage } from '../../oci/location.ts';
import { readTaggedManifest } from '../../oci/tagged-manifest.ts';
import type { PrunableStore } from '../../prune/prunable-store.ts';
import type { Oras } from './oras.ts';
import { questionCall } from './question-call.ts';
import { createRegistryReader, type RegistryLocation } from './registry-reader.ts';

/** A repository of a registry as a clean-up sees it. What it frees of blobs is up to the registry. */
export function openPrunableRegistry(location: RegistryLocation, oras: Oras): PrunableStore {
  const { registry, repository } = location;
  return {
    ...createRegistryReader(location, oras),
    async readTagged(tag, options) {
      const wanted = { kind: 'manifest', reference: tag, of: 'content' } as const;
      const call = questionCall({ registry, repository, wanted });
      const doing = `read ${formatImage(location, tag)}`;
      const bytes = await oras.run({ ...call, doing, phase: 'observe' }, options);
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

/** Google's registries delete no manifest that has a tag, and oras deletes no tag by itself. */
const TAGGED = /dangling_?\s?tag|still referenced by/i;

function withAdvice(failure: PreheatError, location: RegistryLocation): PreheatError {
  const hint = adviceFor(failure, location);
  const { phase, code, retryable } = failure;
  return new PreheatError(failure.message, {
    phase,
    code,
    retryable,
    cause: failure,
    ...(hint === undefined ? {} : { hint }),
  });
}

function adviceFor(
  { message, code, hint }: PreheatError,
  { registry }: RegistryLocation,
): string | undefined {
  if (SWITCHED_OFF.test(message))
    return `Let ${registry} delete (docker-registry: storage.delete.enabled: true), or use its own retention rules.`;
  if (TAGGED.test(message))
    return `Use the clean-up policies of ${registry}: it deletes nothing that has a tag.`;
  return code === 'unauthorized'
    ? `Give the account the right to delete in this repository of ${registry}: writing is often not enough.`
    : hint;
}
