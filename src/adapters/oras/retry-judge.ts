import type { OrasFailure } from './oras-failure.ts';

/** oras cuts `Retry-After` to 3 s and never tells it; registries' limits count by the minute. */
const RATE_LIMIT_WAIT_MS = 20_000;
/** A server that hung twice will hang again. */
const MOST_TIMEOUTS = 2;
/** A token that expires between POST and PUT is renewed by the next run; credentials that are wrong stay wrong. */
const MOST_EXPIRED = 2;

/** One attempt of a call that failed. */
export class AttemptFailure extends Error {
  override readonly name = 'AttemptFailure';
  readonly failure: OrasFailure;
  /** Whether blobs had begun to move, so that the credentials did work. */
  readonly underWay: boolean;

  constructor(failure: OrasFailure, underWay: boolean) {
    super(`${failure.doing}: ${failure.why}`);
    this.failure = failure;
    this.underWay = underWay;
  }
}

/**
 * Decides about the failures of one call whether another attempt makes sense (or after how many milliseconds at the
 * earliest); remembers how often it met the kinds that do not get better.
 */
export function createRetryJudge(): (thrown: unknown) => boolean | number {
  let timeouts = 0;
  let expired = 0;
  return (thrown) => {
    if (!(thrown instanceof AttemptFailure)) return false;
    switch (thrown.failure.kind) {
      case 'transient':
      case 'crashed':
        return true;
      case 'rate-limited':
        return RATE_LIMIT_WAIT_MS;
      case 'timeout':
        return ++timeouts < MOST_TIMEOUTS;
      case 'unauthorized':
        return thrown.underWay && expired++ < MOST_EXPIRED;
      default:
        return false;
    }
  };
}
