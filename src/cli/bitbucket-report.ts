import type { Clock } from '../kernel/clock.ts';
import type { PreheatError } from '../kernel/failure.ts';
import { pullRequestComment } from '../report/comment.ts';
import { createDelivery, type Delivery } from '../report/deliver.ts';
import { deliverParts, type DeliveryPart } from '../report/deliver-parts.ts';
import { endLeftBehind } from '../report/end-left-behind.ts';
import type { Forge } from '../report/forge.ts';
import { insightsReport } from '../report/insights.ts';
import type { Outcome } from '../report/outcome.ts';
import { reportSubject, type ReportSubject } from '../report/report-subject.ts';
import { statusKey } from '../report/status-key.ts';
import { buildStatus } from '../report/status.ts';
import { openForge, type OpenForge } from './open-forge.ts';
import type { PushContext } from './push-context.ts';
import type { Session } from './session.ts';

/** All that a run tells Bitbucket: one build status, one report, one comment on each pull request. */
export interface BitbucketReport {
  /**
   * Says that the run began; returns at once, since a report holds nothing up. `findParent` gives the commit before, whose
   * run may have been killed.
   */
  started(context: PushContext, findParent: () => Promise<string | undefined>): void;
  /** Says how it ended, the status first; returns what could not be delivered. */
  ended(outcome: Outcome): Promise<readonly PreheatError[]>;
}

interface Open {
  readonly reach: OpenForge;
  /** Of the status alone, in which a later one overtakes. */
  readonly delivery: Delivery | undefined;
  readonly subject: ReportSubject;
  readonly context: PushContext;
  /** The commit before, where the clone has it: asked for at once, since the clone may go before the run ends. */
  readonly parent: Promise<string | undefined>;
}

/** Creates the report of a run; without Bitbucket nothing is sent, without a token what the step's proxy lets through. */
export function createBitbucketReport(session: Session): BitbucketReport {
  let open: Open | undefined;
  return {
    started(context, findParent) {
      const reach = openForge(context.event, session);
      const subject = subjectOf(context, session);
      if (reach === undefined || subject === undefined) return;
      const delivery = openStatus(reach, session);
      const parent =
        reach.kind === 'whole' ? findParent().catch(() => undefined) : Promise.resolve(undefined);
      open = { reach, delivery, subject, context, parent };
      void delivery?.send(buildStatus('running', subject));
    },
    async ended(outcome) {
      return open === undefined ? [] : await tell(outcome, open, session);
    },
  };
}

async function tell(outcome: Outcome, open: Open, { clock }: Session): Promise<readonly PreheatError[]> {
  const { reach, subject, delivery } = open;
  const undelivered = await delivery?.send(buildStatus(outcome, subject));
  const report = insightsReport(outcome, subject);
  const purge = delivery?.replacedEarlier() ?? true;
  const reportPart: DeliveryPart = {
    action: 'report to Code Insights',
    send: async (call) => await reach.forge.putReport(report, { ...call, purge }),
  };
  const others =
    reach.kind === 'whole' ? [commentPart(outcome, open, reach.forge), parentPart(open, reach, clock)] : [];
  const failures = await deliverParts([reportPart, ...others]);
  return [...(undelivered === undefined ? [] : [undelivered]), ...failures];
}

function commentPart(outcome: Outcome, { subject, context }: Open, forge: Forge): DeliveryPart {
  const { event, commit } = context;
  return {
    action: 'comment on the pull request',
    async send(call) {
      const branch = event.ref.kind === 'branch' ? event.ref.name : undefined;
      // A tag is no part of a pull request; the branch that has its commit too has a run of its own.
      if (event.pullRequest === undefined && event.ref.kind === 'tag') return;
      // Asked in a pipeline of a pull request too: a slow run of an older commit must not take back what a newer one told.
      const newest = await forge.findPullRequests(commit.id, branch, call);
      const ids = newest.filter((id) => event.pullRequest === undefined || id === event.pullRequest.id);
      const comment = pullRequestComment(outcome, subject);
      for (const id of ids) await forge.putComment(id, comment, call);
    },
  };
}

/** To look at a status, and to set it. */
const REQUESTS_TO_END = 2;

/** Last, since it is about another run: only where the budget has room for it. */
function parentPart(
  { subject, parent }: Open,
  { forge, budget }: Extract<OpenForge, { readonly kind: 'whole' }>,
  clock: Clock,
): DeliveryPart {
  return {
    action: 'end the status of an earlier run',
    async send(call) {
      const commit = await parent;
      if (commit === undefined || budget.left < REQUESTS_TO_END) return;
      await endLeftBehind({ commit, key: statusKey(subject.configuration) }, forge, clock, call);
    },
  };
}

function openStatus({ kind, forge }: OpenForge, { log, clock }: Session): Delivery | undefined {
  // What does not arrive is told once, when all has been tried.
  return kind === 'whole' ? createDelivery({ forge, log, clock, strict: true }) : undefined;
}

function subjectOf({ event, commit }: PushContext, { settings }: Session): ReportSubject | undefined {
  const { bitbucket, ref } = event;
  return (
    bitbucket &&
    reportSubject({
      commit: commit.id,
      bitbucket,
      branch: ref.kind === 'branch' ? ref.name : undefined,
      askedFor: settings['config-file'],
    })
  );
}
