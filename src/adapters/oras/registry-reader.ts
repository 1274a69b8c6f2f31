import { PreheatError, type Phase } from '../../kernel/failure.ts';
import type { CallOptions, ContentStore } from '../../oci/content-store.ts';
import { Descriptor } from '../../oci/descriptor.ts';
import { digestOf } from '../../oci/digest.ts';
import { formatImage, formatLocation, type Location } from '../../oci/location.ts';
import { readImageManifest } from '../../oci/read-image-manifest.ts';
import type { Oras } from './oras.ts';

export type RegistryLocation = Extract<Location, { readonly kind: 'registry' }>;

/** Configs and manifests are small; anything larger is not asked for (distribution-spec, "Pushing Manifests"). */
const LARGEST_BLOB = 4 * 1024 * 1024;

/** Reads from one repository of a registry through oras, for a stage; a process for each call, no state. */
export function createRegistryReader(
  location: RegistryLocation,
  oras: Oras,
  phase: Phase = 'observe',
): ContentStore {
  const read = (doing: string, command: readonly string[], operand: string, { signal }: CallOptions) =>
    oras.run({ doing, phase, command, sides: [location], operands: [operand], optional: true }, { signal });
  return {
    location,
    async resolve(tagOrDigest, options) {
      const name = formatImage(location, tagOrDigest);
      const answer = await read(`resolve ${name}`, ['manifest', 'fetch', '--descriptor'], name, options);
      return answer === undefined ? undefined : parseDescriptor(answer, name);
    },
    async readManifest(tagOrDigest, options) {
      const name = formatImage(location, tagOrDigest);
      const fetch = (member: string) =>
        read(`read ${name}`, ['manifest', 'fetch'], formatImage(location, member), options);
      return await readImageManifest(fetch, name, tagOrDigest, options.platform);
    },
    async readBlob({ digest, size }, options) {
      const name = formatImage(location, digest);
      if (size > LARGEST_BLOB) throw tooLarge(name, size);
      const bytes = await read(`read ${name}`, ['blob', 'fetch', '--output', '-'], name, options);
      if (bytes !== undefined && digestOf(bytes) !== digest)
        throw corrupt(name, 'its bytes have another digest');
      return bytes;
    },
    async hasBlob({ digest, size }, options) {
      const name = formatImage(location, digest);
      const answer = await read(`find ${name}`, ['blob', 'fetch', '--descriptor'], name, options);
      return answer !== undefined && parseDescriptor(answer, name).size === size;
    },
    async listTags(options) {
      const name = formatLocation(location);
      const answer = await read(`list the tags of ${name}`, ['repo', 'tags'], name, options);
      return answer === undefined ? [] : Buffer.from(answer).toString('utf8').split('\n').filter(Boolean);
    },
  };
}

function parseDescriptor(answer: Uint8Array, name: string): Descriptor {
  try {
    const { mediaType, digest, size } = Descriptor.parse(JSON.parse(Buffer.from(answer).toString('utf8')));
    return { mediaType, digest, size };
  } catch (thrown) {
    throw corrupt(name, 'the registry gives no sha256 descriptor for it', thrown);
  }
}

function tooLarge(name: string, size: number): PreheatError {
  return new PreheatError(`cannot read ${name}: it has ${size} bytes, more than 4 MiB`, { phase: 'observe' });
}

function corrupt(name: string, why: string, cause?: unknown): PreheatError {
  return new PreheatError(`cannot read ${name}: ${why}`, { phase: 'observe', code: 'corrupt', cause });
}
