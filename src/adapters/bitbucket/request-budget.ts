import { PreheatError } from '../../kernel/failure.ts';

/**
 * What a call is to a run. Statuses are always sent, since one left at `INPROGRESS` can block a merge; for the final one a
 * request is kept free.
 */
export type CallPriority = 'optional' | 'status' | 'final-status';

/**
 * What a run may ask of Bitbucket, which allows a credential 1,000 requests an hour
 * (https://support.atlassian.com/bitbucket-cloud/docs/api-request-limits/). What counts are calls: one that fails may be
 * repeated three times more. Once Bitbucket said that the hour's allowance is used up, nothing optional is tried any more.
 */
export interface RequestBudget {
  /** Calls so far, repeated ones once. */
  readonly calls: number;
  /** How many more optional ones it has. */
  readonly left: number;
  /** Takes one call; throws a `PreheatError` of phase `report` where an optional one has to be left out. */
  take(action: string, priority: CallPriority): void;
  /** Notes that Bitbucket answered 429, and kept to it. */
  exhaust(): void;
}

const MOST_CALLS = 8;

/** A budget that is not used yet. */
export function createRequestBudget(most = MOST_CALLS): RequestBudget {
  let calls = 0;
  let reserved = 1;
  let isExhausted = false;
  return {
    get calls() {
      return calls;
    },
    get left() {
      return isExhausted ? 0 : Math.max(0, most - reserved - calls);
    },
    take(action, priority) {
      if (priority === 'optional' && isExhausted)
        throw leftOut(action, 'the hour’s requests of this token are used up');
      if (priority === 'optional' && calls + reserved >= most)
        throw leftOut(action, `a run asks Bitbucket for no more than ${most} things`);
      if (priority === 'final-status') reserved = 0;
      calls++;
    },
    exhaust: () => void (isExhausted = true),
  };
}

function leftOut(action: string, why: string): PreheatError {
  return new PreheatError(`cannot ${action}: ${why}`, { phase: 'report' });
}
