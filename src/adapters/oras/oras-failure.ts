import { PreheatError, type FailureCode, type Phase } from '../../kernel/failure.ts';
import type { TroubleKind } from './classify.ts';

/** A call of oras that failed for good, or on this attempt. */
export interface OrasFailure {
  /** What was tried, as in "cannot <doing>". */
  readonly doing: string;
  readonly phase: Phase;
  /** The registry (or layout) that the call was about. */
  readonly registry: string;
  readonly kind: TroubleKind | 'timeout';
  readonly why: string;
}

const CODES: Readonly<Record<OrasFailure['kind'], FailureCode>> = {
  'not-found': 'not-found',
  unauthorized: 'unauthorized',
  denied: 'unauthorized',
  'rate-limited': 'unreachable',
  transient: 'unreachable',
  timeout: 'unreachable',
  'plain-http': 'unreachable',
  certificate: 'unreachable',
  full: 'failed',
  crashed: 'failed',
  failed: 'failed',
};

/** The error that stages see: phase, code, one line of reason, and what the reader can do. */
export function preheatErrorOf({ doing, phase, registry, kind, why }: OrasFailure): PreheatError {
  const hint = kind === 'not-found' && A_PART.test(why) ? MAKE_AGAIN : hintFor(kind, registry);
  return new PreheatError(`cannot ${doing}: ${why}`, {
    phase,
    code: CODES[kind],
    retryable: ['rate-limited', 'transient', 'timeout', 'crashed'].includes(kind),
    ...(hint === undefined ? {} : { hint }),
  });
}

/** A blob or manifest that has gone is named by its digest; a repository that was never there is not. */
const A_PART = /sha256:[0-9a-f]{12}/;
const MAKE_AGAIN =
  'Run the build again, which makes anew what it can; a base image must be pushed again to be whole.';

function hintFor(kind: OrasFailure['kind'], registry: string): string | undefined {
  switch (kind) {
    case 'unauthorized':
      return `Set REGISTRY_USERNAME and REGISTRY_PASSWORD, or log in with: docker login ${registry}`;
    case 'denied':
      return `Give the account the right to read and write this repository of ${registry}.`;
    case 'not-found':
      return `Create the repository at ${registry} first, if it makes none on push.`;
    case 'rate-limited':
      return `Wait until ${registry} takes requests again, or use an account with a higher limit.`;
    case 'plain-http':
      return `Allow plain HTTP for ${registry}, or give it a certificate.`;
    case 'certificate':
      return `Add the authority that signed the certificate of ${registry} to this machine's trusted ones.`;
    case 'full':
      return `Free space on the disk of ${registry}, or name another place with --registry.`;
    case 'transient':
    case 'timeout':
      return `Check that ${registry} runs and can be reached from here.`;
    case 'crashed':
    case 'failed':
      return undefined;
  }
}
