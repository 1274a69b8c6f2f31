import { createBitbucketForge, createStepProxyForge } from '../adapters/bitbucket/forge.ts';
import { createRequestBudget, type RequestBudget } from '../adapters/bitbucket/request-budget.ts';
import type { PushEvent } from '../event/push-event.ts';
import type { Forge, InsightsForge } from '../report/forge.ts';
import { credentialOf, outdatedCredential } from './bitbucket-credential.ts';
import { stepProxyFor } from './open-sources.ts';
import type { Session } from './session.ts';

/** How far a run reaches Bitbucket. */
export type OpenForge =
  | { readonly kind: 'whole'; readonly forge: Forge; readonly budget: RequestBudget }
  /** The proxy of a step takes reports alone. */
  | { readonly kind: 'reports'; readonly forge: InsightsForge };

/** Connects to Bitbucket: with a credential, else through the proxy of the step; else not at all, which is said. */
export function openForge(event: PushEvent, session: Session): OpenForge | undefined {
  const { bitbucket } = event;
  if (bitbucket === undefined) return undefined;
  const { settings, redactor, clock, log } = session;
  const budget = createRequestBudget();
  const common = { ...bitbucket, baseUrl: settings['bitbucket-api'], redactor, clock, budget };
  const credential = credentialOf(settings);
  if (credential !== undefined) {
    const outdated = outdatedCredential(credential);
    if (outdated !== undefined) log.warn(outdated);
    return { kind: 'whole', forge: createBitbucketForge({ ...common, credential }), budget };
  }
  const address = stepProxyFor(event, session);
  const told = address === undefined ? 'nothing is reported to Bitbucket' : 'no build status, no comment';
  log.info(`${told}: BITBUCKET_ACCESS_TOKEN is not given`);
  if (address === undefined) return undefined;
  return { kind: 'reports', forge: createStepProxyForge({ ...common, address }) };
}
