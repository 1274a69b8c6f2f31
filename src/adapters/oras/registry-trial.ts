import type { MountResult, NamedBase, RegistryTrial } from '../../doctor/registry-trial.ts';
import { PreheatError } from '../../kernel/failure.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import { shortDigest } from '../../oci/digest.ts';
import { formatImage, formatLocation } from '../../oci/location.ts';
import { parseReference } from '../../oci/reference.ts';
import { resolveBaseImage, type ResolvedBase } from './base-image.ts';
import type { Oras } from './oras.ts';
import { createRegistryReader, type RegistryLocation } from './registry-reader.ts';
import { COPY_COMMAND } from './registry-store.ts';
import { blobsOf } from './transfer-lines.ts';

const PHASE = 'publish';
/** What oras says where the answer is no referrers API; a registry may answer with 404 too. */
const NO_REFERRERS = /unsupported|status code 40[0-9]/i;

/** The doctor's trial of one repository of a registry. */
export function createRegistryTrial(location: RegistryLocation, oras: Oras): RegistryTrial {
  const reader = createRegistryReader(location, oras);
  return {
    exists: async (options) => await exists(location, oras, options),
    mount: async (base, options) => await mount(base, location, oras, options),
    hasReferrers: async (tag, options) => await hasReferrers(location, tag, oras, options),
    async remove(tag, options) {
      await deleteManifest(location, tag, oras, options);
      if ((await reader.resolve(tag, options)) === undefined) return;
      throw new PreheatError(`cannot delete ${formatImage(location, tag)}: it is still there`, {
        phase: PHASE,
      });
    },
  };
}

async function exists(location: RegistryLocation, oras: Oras, options: CallOptions): Promise<boolean> {
  const name = formatLocation(location);
  const answer = await oras.run(
    {
      doing: `look for ${name}`,
      phase: 'observe',
      command: ['repo', 'tags'],
      sides: [location],
      operands: [name],
      optional: true,
    },
    options,
  );
  return answer !== undefined;
}

async function hasReferrers(
  location: RegistryLocation,
  tag: string,
  oras: Oras,
  options: CallOptions,
): Promise<boolean> {
  const name = formatImage(location, tag);
  const command = ['discover', '--format', 'json', '--distribution-spec', 'v1.1-referrers-api'];
  const doing = `ask for the referrers of ${name}`;
  try {
    const call = {
      doing,
      phase: PHASE,
      command,
      sides: [location],
      operands: [name],
      optional: true,
    } as const;
    return (await oras.run(call, options)) !== undefined;
  } catch (thrown) {
    if (thrown instanceof PreheatError && NO_REFERRERS.test(thrown.message)) return false;
    throw thrown;
  }
}

async function deleteManifest(
  location: RegistryLocation,
  tagOrDigest: string,
  oras: Oras,
  options: CallOptions,
): Promise<void> {
  const name = formatImage(location, tagOrDigest);
  const command = ['manifest', 'delete', '--force'];
  await oras.run(
    { doing: `delete ${name}`, phase: PHASE, command, sides: [location], operands: [name] },
    options,
  );
}

async function mount(
  { reference, platform }: NamedBase,
  location: RegistryLocation,
  oras: Oras,
  options: CallOptions,
): Promise<MountResult> {
  const { registry, repository, tag, digest } = parseReference(reference);
  const own = { kind: 'registry', registry, repository } as const;
  const found = await createRegistryReader(own, oras).resolve(digest ?? tag ?? 'latest', options);
  if (found === undefined) {
    throw new PreheatError(`cannot mount ${reference}: ${registry} does not have it`, {
      phase: PHASE,
      code: 'not-found',
      hint: 'Push the base image, or correct its name in .gitpod.yml.',
    });
  }
  const base = await resolveBaseImage({ reference, digest: found.digest, platform }, oras, options);
  return await mountManifest(base, location, oras, options);
}

/** Copies until the first blob that is moved instead of mounted; the manifest, which comes last, goes again. */
async function mountManifest(
  base: ResolvedBase,
  location: RegistryLocation,
  oras: Oras,
  { signal }: CallOptions,
): Promise<MountResult> {
  const digest = base.name.slice(base.name.indexOf('@') + 1);
  if ((await createRegistryReader(location, oras).resolve(digest, { signal })) !== undefined)
    return 'present';
  const blobs = new Set(blobsOf(base.manifest).map((blob) => shortDigest(blob.digest)));
  const moved = new AbortController();
  const onLine = (line: string): void => {
    if (blobs.has(/^Copying\s+([0-9a-f]{12}) /.exec(line)?.[1] ?? '')) moved.abort();
  };
  const name = formatLocation(location);
  const call = {
    doing: `mount ${base.name} in ${name}`,
    phase: PHASE,
    command: COPY_COMMAND,
    onLine,
  } as const;
  try {
    await oras.run(
      { ...call, sides: [base.location, location], operands: [base.name, name] },
      { signal: AbortSignal.any([signal, moved.signal]) },
    );
  } catch (thrown) {
    signal.throwIfAborted();
    if (!moved.signal.aborted) throw thrown;
    return 'copied';
  }
  // Where it cannot be deleted, an untagged manifest stays, which the next build would put there in any case.
  await deleteManifest(location, digest, oras, { signal }).catch(() => signal.throwIfAborted());
  return moved.signal.aborted ? 'copied' : 'mounted';
}
