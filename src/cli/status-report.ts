import { createBitbucketForge } from '../adapters/bitbucket/forge.ts';
import type { PreheatError } from '../kernel/failure.ts';
import { createDelivery, type Delivery } from '../report/deliver.ts';
import type { Outcome } from '../report/outcome.ts';
import { buildStatus, type StatusSubject } from '../report/status.ts';
import { credentialOf, outdatedCredential } from './bitbucket-credential.ts';
import type { PushContext } from './push-context.ts';
import type { Session } from './session.ts';

/** The one build status of a run: INPROGRESS when it starts, its result when it ends. */
export interface StatusReport {
  /** Says that the run began; returns at once, since a report holds nothing up. */
  started(context: PushContext): void;
  /** Says how it ended; the failure where a status had to be delivered (`--strict-report`) and was not. */
  ended(outcome: Outcome): Promise<PreheatError | undefined>;
}

interface Open {
  readonly delivery: Delivery;
  readonly subject: StatusSubject;
}

/** Creates the report of a run; without Bitbucket or without a token nothing is sent, and one line says so. */
export function createStatusReport(session: Session): StatusReport {
  let open: Open | undefined;
  return {
    started(context) {
      open = openDelivery(context, session);
      if (open !== undefined) void open.delivery.send(buildStatus('running', open.subject));
    },
    async ended(outcome) {
      return open?.delivery.send(buildStatus(outcome, open.subject));
    },
  };
}

function openDelivery({ event, commit }: PushContext, session: Session): Open | undefined {
  const { bitbucket } = event;
  if (bitbucket === undefined) return undefined;
  const credential = credentialOf(session.settings);
  if (credential === undefined) {
    session.log.info('no build status is set: BITBUCKET_ACCESS_TOKEN is not given');
    return undefined;
  }
  const { settings, log, redactor, clock, tolerateTasks } = session;
  const outdated = outdatedCredential(credential);
  if (outdated !== undefined) log.warn(outdated);
  const forge = createBitbucketForge({
    ...bitbucket,
    baseUrl: settings['bitbucket-api'],
    credential,
    redactor,
    clock,
  });
  return {
    delivery: createDelivery({ forge, log, clock, strict: settings['strict-report'] }),
    subject: {
      ...bitbucket,
      commit: commit.id,
      configuration: '.gitpod.yml',
      branch: event.ref.kind === 'branch' ? event.ref.name : undefined,
      tolerateTasks,
    },
  };
}
