import type { Engine } from '../build/engine.ts';
import { PreheatError } from '../kernel/failure.ts';
import type { BaseContent } from '../observe/base-content.ts';
import { formatImage } from '../oci/location.ts';
import { provideImage } from '../start/provide-image.ts';
import type { PlannedPush } from './plan-push.ts';
import type { Ports } from './ports.ts';
import type { Session } from './session.ts';

/** What tasks run on, as the engine's port takes it. */
export type TaskImage = Parameters<Engine['provideImage']>[0];

/**
 * Says by what the engine knows a base. One that is kept in the target is brought to the engine, if it has gone there:
 * pulled from a registry, loaded from a layout (only the layers that it lacks).
 */
export async function taskImageOf(
  { facts: { base, platform }, builtImage }: Pick<PlannedPush, 'facts' | 'builtImage'>,
  content: BaseContent,
  { target, images, blobs }: Ports,
  { log, signal }: Session,
): Promise<TaskImage> {
  const { reference, digest, source } = base;
  const expected = { platform, diffIds: content.config.rootfs.diff_ids };
  if (source !== 'target') return { reference, digest, source, ...expected };
  if (builtImage !== undefined) return { reference, digest: builtImage, source: 'engine', ...expected };
  const kept = { image: formatImage(target.location, digest), digest, ...content };
  try {
    const id = await provideImage(kept, { store: target, images, blobs, log }, { signal });
    return { reference, digest: id, source: 'engine', ...expected };
  } catch (thrown) {
    throw thrown instanceof PreheatError && thrown.phase === 'start' ? ofBuild(thrown) : thrown;
  }
}

/** The same way leads an image to a start, where its failures have another exit code. */
function ofBuild({ message, code, hint, cause }: PreheatError): PreheatError {
  return new PreheatError(message, { phase: 'build', code, ...(hint === undefined ? {} : { hint }), cause });
}
