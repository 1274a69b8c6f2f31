import type { ObservedBase } from '../observe/observed-base.ts';
import type { ResolvedBase } from '../observe/facts.ts';
import type { Staging } from '../oci/staging.ts';
import { basePinsTag } from '../oci/tags.ts';
import { isDefaultBranch } from '../plan/scope.ts';
import { keepBasePins } from '../publish/keep-base-pins.ts';
import type { PlannedPush } from './plan-push.ts';
import type { Ports } from './ports.ts';
import type { Session } from './session.ts';

/** After a build of the default branch: pins what base images were to it, for all branches. */
export async function pinBases(
  { event, facts, observed, askedAt }: PlannedPush,
  staging: Staging,
  { target }: Ports,
  { settings, clock, log, signal }: Session,
): Promise<void> {
  const policy = settings['base-refresh'];
  if (policy.kind === 'always' || !isDefaultBranch(event)) return;
  const resolved = resolvedIn(observed);
  const asked = resolved.filter(({ by }) => by === 'registry');
  const request = {
    tag: basePinsTag(event.defaultBranch, facts.platform),
    platform: facts.platform,
    asked: new Map(asked.map(({ base }) => [base.reference, base.digest])),
    followed: new Set(resolved.filter(({ by }) => by === 'pin').map(({ base }) => base.reference)),
    ages: policy.kind === 'older-than',
    askedAt,
    now: clock.now(),
  };
  await keepBasePins(request, { staging, target, log }, { signal });
}

function resolvedIn(observed: ObservedBase): readonly ResolvedBase[] {
  return observed.kind === 'named' ? [observed.resolved] : observed.resolved;
}
