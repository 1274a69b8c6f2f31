import type { WorkspaceConfig } from '../config/workspace-config.ts';
import { PreheatError } from '../kernel/failure.ts';
import type { ObservedBase } from '../observe/observed-base.ts';
import { openPinBook, type PinBook } from '../observe/pin-book.ts';
import { resolveBase } from '../observe/resolve-base.ts';
import { shortDigest } from '../oci/digest.ts';
import { basePinsTag } from '../oci/tags.ts';
import type { BaseDecision } from '../plan/base-decision.ts';
import { planBase as decideBase } from '../plan/plan-base.ts';
import { isDefaultBranch } from '../plan/scope.ts';
import { platformOf } from './machine-platform.ts';
import type { Ports } from './ports.ts';
import type { PushContext } from './push-context.ts';
import type { Session } from './session.ts';

/** What was found out about the base, and whether it is there. */
export interface PlannedBase {
  readonly observed: ObservedBase;
  readonly decision: BaseDecision;
}

/** Finds out what the base image is, and whether it must be built. Changes nothing. */
export async function planBase(
  context: PushContext,
  { base }: WorkspaceConfig,
  ports: Ports,
  session: Session,
): Promise<PlannedBase> {
  const { log, settings } = session;
  const platform = platformOf(settings);
  const { event } = context;
  return log.step('base', async (step) => {
    const pins = openPins(context, ports, session);
    if (base.kind === 'dockerfile') throw new PreheatError('cannot build', { phase: 'config' });
    const observed = await observeNamed(base.reference, pins, ports, session);
    const protectedBranches = settings['protected-branches'];
    const decision = decideBase({ event, protectedBranches, platform }, observed);
    step.conclude(describe(decision));
    return { observed, decision };
  });
}

function openPins({ event }: PushContext, { target }: Ports, { log, settings, clock }: Session): PinBook {
  return openPinBook(
    {
      tag: basePinsTag(event.defaultBranch, platformOf(settings)),
      policy: settings['base-refresh'],
      isDefaultBranch: isDefaultBranch(event),
      now: clock.now(),
    },
    { target, log },
  );
}

async function observeNamed(
  reference: string,
  pins: PinBook,
  { localImages, openStore }: Ports,
  { log, signal, settings }: Session,
): Promise<ObservedBase> {
  const platform = platformOf(settings);
  const resolved = await resolveBase(
    reference,
    { localImages, openStore, pins, log },
    { signal, platform },
  );
  return { schemaVersion: 1, kind: 'named', resolved };
}

function describe(decision: BaseDecision): string {
  if (decision.kind === 'miss') return `to be built: ${decision.reason}`;
  const { reference, digest } = decision.base;
  return `${reference} is ${shortDigest(digest)}: ${decision.reason}`;
}
