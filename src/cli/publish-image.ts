import { formatImage, formatLocation } from '../oci/location.ts';
import { bytesText } from '../kernel/amounts.ts';
import type { Digest } from '../oci/digest.ts';
import { MEDIA_TYPE } from '../oci/media-types.ts';
import type { Staging } from '../oci/staging.ts';
import { moveHints, type HintMove } from '../publish/move-hints.ts';
import type { Publication } from '../publish/publication.ts';
import { publish, type PublishRequest } from '../publish/publish.ts';
import type { ExecutedPlan } from './execute-plan.ts';
import { pinBases } from './pin-bases.ts';
import { recordOf } from './record-of-step.ts';
import type { PlannedPush } from './plan-push.ts';
import type { Ports } from './ports.ts';
import type { Session } from './session.ts';

/** Stages config and manifest of an assembled image and publishes it with the record of what ran. */
export async function publishImage(
  push: PlannedPush,
  executed: ExecutedPlan,
  staging: Staging,
  ports: Ports,
  session: Session,
): Promise<Publication> {
  const { target } = ports;
  const { log, signal } = session;
  const { commitTag, imageKey } = push.plan;
  const { config, manifest, image } = executed.assembled;
  return log.step('publish', async (step) => {
    await staging.addBlob(MEDIA_TYPE.config, config, { signal });
    await staging.addManifest(commitTag, MEDIA_TYPE.manifest, manifest, { signal });
    const record = await recordOf(push, executed, ports, session);
    const publication = await publish(
      {
        base: executed.base.origin,
        isReused: executed.finished.result.outcome === 'reused',
        commitTag,
        hints: hintsOf(push, ports, session),
        imageKey,
        manifest: image.manifest,
        platform: push.facts.platform,
        ...(record === undefined ? {} : record),
        ...keyframeOf(push, executed),
      },
      { staging, target, log },
      { signal, onProgress: (detail) => step.progress(detail) },
    );
    await pinBases(push, staging, ports, session);
    const { blobs, bytes } = publication.uploaded;
    step.conclude(
      `${blobs} new blobs, ${bytesText(bytes)}`,
      publication.outcome === 'adopted' ? 'reused' : 'done',
    );
    return publication;
  });
}

function keyframeOf(
  { plan }: PlannedPush,
  { sources: { made: keyframe } }: ExecutedPlan,
): Pick<PublishRequest, 'keyframe'> {
  if (keyframe === undefined || plan.sources === undefined) return {};
  return { keyframe: { tag: plan.sources.next, keyframe } };
}

/** The publication of an image that is kept as it is: nothing is sent, and hints that a killed run left out are set. */
export async function keepImage(
  push: PlannedPush,
  digest: Digest,
  ports: Ports,
  session: Session,
): Promise<Publication> {
  const { target } = ports;
  const { commitTag } = push.plan;
  const reached = await moveHints(
    { ...hintsOf(push, ports, session), digest },
    { target, log: session.log },
    session,
  );
  return {
    schemaVersion: 1,
    location: formatLocation(target.location),
    image: formatImage(target.location, commitTag),
    digest,
    tags: [commitTag, ...reached],
    outcome: 'present',
    uploaded: { blobs: 0, bytes: 0 },
  };
}

function hintsOf(
  { plan, facts }: PlannedPush,
  { repository }: Ports,
  { signal }: Session,
): Omit<HintMove, 'digest'> {
  return {
    commit: facts.commit.id,
    tags: plan.hintTags,
    isAncestor: (ancestor, descendant) => repository.isAncestor(ancestor, descendant, { signal }),
  };
}
