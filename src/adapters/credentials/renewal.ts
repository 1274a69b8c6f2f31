import type { Clock } from '../../kernel/clock.ts';
import { messageOf } from '../../kernel/failure.ts';
import { shareRuns } from '../../kernel/share-runs.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import type { Credentials } from '../../oci/credential-source.ts';

export interface ExpiringCredentials extends Credentials {
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

export interface RenewalOptions {
  /** Gets new credentials; throws `PreheatError` where it cannot. */
  readonly exchange: (options: CallOptions) => Promise<ExpiringCredentials>;
  readonly clock: Clock;
  /** Told once of each set of credentials that could not be renewed in time. */
  readonly warn: (text: string) => void;
}

interface Held extends ExpiringCredentials {
  readonly renewAt: number;
}

interface Failure {
  readonly thrown: unknown;
  readonly until: number;
}

/**
 * Each call of oras takes what it is given for as long as it runs. A quarter of an hour is 236 MB at the least speed that
 * such a call is allowed (256 KiB/s); one that outlives its credentials is repeated with new ones.
 */
const MARGIN_MS = 15 * 60 * 1000;
/** Long enough that a run does not ask for each request anew, short enough that the next minute gets another chance. */
const FAILURE_MS = 30_000;

/**
 * Keeps credentials that expire: they are exchanged at the first call, and again a quarter of an hour before they end (at
 * half of their life where that is shorter). Calls at the same time share one exchange. Where it fails, credentials that
 * still hold are used, and one warning says so; else the failure is thrown, which is remembered for 30 s.
 */
export function createRenewal({ exchange, clock, warn }: RenewalOptions) {
  const now = (): number => clock.now().getTime();
  let held: Held | undefined;
  let failure: Failure | undefined;
  let warnedOf: Held | undefined;
  const renew = shareRuns(async (options) => {
    try {
      held = heldFrom(await exchange(options), now());
      failure = undefined;
      return held;
    } catch (thrown) {
      if (!options.signal.aborted) failure = { thrown, until: now() + FAILURE_MS };
      throw thrown;
    }
  });
  const orOld = (thrown: unknown): Held => {
    if (held === undefined || now() >= held.expiresAt) throw thrown;
    if (warnedOf !== held) warn(`${messageOf(thrown)}; until ${timeOf(held)} the earlier credentials serve`);
    warnedOf = held;
    return held;
  };
  return async (options: CallOptions): Promise<Credentials> => {
    if (held !== undefined && now() < held.renewAt) return pairOf(held);
    if (failure !== undefined && now() < failure.until) return pairOf(orOld(failure.thrown));
    try {
      return pairOf(await renew(options));
    } catch (thrown) {
      options.signal.throwIfAborted();
      return pairOf(orOld(thrown));
    }
  };
}

function heldFrom(found: ExpiringCredentials, now: number): Held {
  const life = Math.max(0, found.expiresAt - now);
  return { ...found, renewAt: found.expiresAt - Math.min(MARGIN_MS, life / 2) };
}

function pairOf({ username, password }: Credentials): Credentials {
  return { username, password };
}

function timeOf({ expiresAt }: Held): string {
  return `${new Date(expiresAt).toISOString().slice(11, 16)} UTC`;
}
