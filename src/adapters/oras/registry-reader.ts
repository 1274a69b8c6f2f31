import { PreheatError, type Phase } from '../../kernel/failure.ts';
import type { CallOptions, ContentStore } from '../../oci/content-store.ts';
import { Descriptor } from '../../oci/descriptor.ts';
import { digestOf } from '../../oci/digest.ts';
import { formatImage, formatLocation, type Location } from '../../oci/location.ts';
import { readImageManifest } from '../../oci/read-image-manifest.ts';
import type { Wanted } from './direct/direct-registry.ts';
import type { Oras } from './oras.ts';
import { questionCall } from './question-call.ts';

export type RegistryLocation = Extract<Location, { readonly kind: 'registry' }>;

/** Configs and manifests are small; anything larger is not asked for (distribution-spec, "Pushing Manifests"). */
const LARGEST_BLOB = 4 * 1024 * 1024;

/** Reads from one repository of a registry, for a stage; each read is one question, which oras answers where it stays open. */
export function createRegistryReader(
  location: RegistryLocation,
  oras: Oras,
  phase: Phase = 'observe',
): ContentStore {
  const { registry, repository } = location;
  const read = (doing: string, wanted: Wanted, { signal }: CallOptions) =>
    oras.run({ ...questionCall({ registry, repository, wanted }), doing, phase }, { signal });
  return {
    location,
    async resolve(tagOrDigest, options) {
      const name = formatImage(location, tagOrDigest);
      const wanted = { kind: 'manifest', reference: tagOrDigest, of: 'descriptor' } as const;
      const answer = await read(`resolve ${name}`, wanted, options);
      return answer === undefined ? undefined : parseDescriptor(answer, name);
    },
    async readManifest(tagOrDigest, options) {
      const name = formatImage(location, tagOrDigest);
      const fetch = (member: string) =>
        read(`read ${name}`, { kind: 'manifest', reference: member, of: 'content' }, options);
      return await readImageManifest(fetch, name, tagOrDigest, options.platform);
    },
    async readBlob({ digest, size }, options) {
      const name = formatImage(location, digest);
      if (size > LARGEST_BLOB) throw tooLarge(name, size);
      const bytes = await read(`read ${name}`, { kind: 'blob', reference: digest, of: 'content' }, options);
      if (bytes !== undefined && digestOf(bytes) !== digest)
        throw corrupt(name, 'its bytes have another digest');
      return bytes;
    },
    async hasBlob({ digest, size }, options) {
      const name = formatImage(location, digest);
      const wanted = { kind: 'blob', reference: digest, of: 'descriptor' } as const;
      const answer = await read(`find ${name}`, wanted, options);
      return answer !== undefined && parseDescriptor(answer, name).size === size;
    },
    async listTags(options) {
      const answer = await read(`list the tags of ${formatLocation(location)}`, { kind: 'tags' }, options);
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
