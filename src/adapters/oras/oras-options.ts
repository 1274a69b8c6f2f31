import type { Clock } from '../../kernel/clock.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import type { CredentialSource } from '../../oci/credential-source.ts';
import type { DirectRegistry } from './direct/direct-registry.ts';

/** How long calls may take; raised only for links that are slower than any registry should be. */
export interface OrasLimits {
  /** For one call without its payload, in milliseconds. oras itself may spend 15 s of it on waiting. */
  readonly callMs: number;
  /** The least speed at which blobs must move, in bytes a second. */
  readonly bytesPerSecond: number;
}

export interface OrasOptions {
  /** The path of the oras program (1.2.0 or later); asked for at the first call. */
  readonly binary: (options: CallOptions) => Promise<string>;
  readonly credentials: CredentialSource;
  readonly clock: Clock;
  /** What settles short calls without a program; where it is absent, oras runs for all. */
  readonly direct?: DirectRegistry;
  /** Registries (`host[:port]`) besides the loopback ones that speak plain HTTP. */
  readonly plainHttp?: readonly string[];
  /** Told of each failure that is tried again. */
  readonly onRetry?: (text: string) => void;
  /** Told of each attempt and how it ended: the arguments, which hold no secret. */
  readonly onAttempt?: (text: string) => void;
  readonly limits?: OrasLimits;
}

export const DEFAULT_LIMITS: OrasLimits = { callMs: 60_000, bytesPerSecond: 256 * 1024 };
