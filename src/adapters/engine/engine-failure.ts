import { isAbort, messageOf, PreheatError, type FailureCode, type Phase } from '../../kernel/failure.ts';

/** How a call failed, for {@link engineFailure}. */
export interface EngineFailureContext {
  readonly phase: Phase;
  /** Where the engine listens, as people write it. */
  readonly address: string;
}

const UNREACHABLE: Readonly<Record<string, string>> = {
  ENOENT: 'nothing listens there',
  ECONNREFUSED: 'nothing listens there',
  EACCES: 'this user may not open the socket',
  EPERM: 'this user may not open the socket',
  ENOTFOUND: 'the host name is unknown',
  EAI_AGAIN: 'the host name cannot be resolved',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the host cannot be reached',
  ETIMEDOUT: 'the host does not answer',
};

const START_DOCKER =
  'Start Docker, or set DOCKER_HOST to where it listens; in Bitbucket Pipelines add `services: [docker]` to the step.';
const OPEN_SOCKET = 'Run as root or as a member of the group "docker".';
const FORBIDDEN =
  'Check what the engine allows: the Docker of Bitbucket Pipelines refuses mounts and privileges.';
const LOOK_AFTER_ENGINE = 'Look in the log of the engine why it ended or went away, then run it again.';
const MAKE_ROOM =
  'Free space on the disk of the Docker engine; `docker system df` shows what its images and containers take.';
const WAIT = 'Repeat it when the engine is less busy, or restart the engine.';

/**
 * Turns what a call to the engine threw into a `PreheatError`: `cannot reach the Docker engine at …` when nothing
 * answered there, else `cannot <doing>: <why>` with code `not-found` for HTTP status 404 and `engine` for all others.
 * A `PreheatError` is returned as it is.
 */
export function engineFailure(
  doing: string,
  thrown: unknown,
  { phase, address }: EngineFailureContext,
): PreheatError {
  if (thrown instanceof PreheatError) return thrown;
  const options = { phase, code: 'engine' as FailureCode, cause: thrown };
  const unreachable = UNREACHABLE[errorCodeOf(thrown) ?? ''];
  if (unreachable !== undefined) {
    const hint = unreachable === UNREACHABLE['EACCES'] ? OPEN_SOCKET : START_DOCKER;
    const retryable = hint === START_DOCKER;
    return new PreheatError(`cannot reach the Docker engine at ${address}: ${unreachable}`, {
      ...options,
      hint,
      retryable,
    });
  }
  if (isAbort(thrown)) {
    return new PreheatError(`cannot ${doing}: the engine did not answer in time`, {
      ...options,
      hint: WAIT,
      retryable: true,
    });
  }
  if (isBroken(thrown)) {
    return new PreheatError(`cannot ${doing}: the connection to the Docker engine at ${address} broke`, {
      ...options,
      hint: LOOK_AFTER_ENGINE,
      retryable: true,
    });
  }
  const status = statusOf(thrown);
  const message = `cannot ${doing}: ${engineWords(thrown)}`;
  if (status === 404) return new PreheatError(message, { ...options, code: 'not-found' });
  if (status === 403) return new PreheatError(message, { ...options, hint: FORBIDDEN });
  if (FULL_DISK.test(message)) return new PreheatError(message, { ...options, hint: MAKE_ROOM });
  return new PreheatError(message, { ...options, retryable: status === undefined || status === 503 });
}

const FULL_DISK = /no space left on device|disk quota exceeded/i;

/** What Node says of an answer that broke off; what is missing of a frame is told by `demultiplexed`. */
const BROKEN_ANSWER = /^(aborted|socket hang up|premature close)$|ended within a frame$/i;
const BROKEN_CALL: ReadonlySet<string> = new Set(['ECONNRESET', 'ECONNABORTED', 'EPIPE']);

function isBroken(thrown: unknown): boolean {
  return BROKEN_CALL.has(errorCodeOf(thrown) ?? '') || BROKEN_ANSWER.test(messageOf(thrown));
}

/** The HTTP status with which the engine refused a call; `undefined` for every other failure. */
export function statusOf(thrown: unknown): number | undefined {
  return thrown instanceof Error && 'statusCode' in thrown && typeof thrown.statusCode === 'number'
    ? thrown.statusCode
    : undefined;
}

/** What the engine says about a failed call, on one line, without dockerode's `(HTTP code 500) server error - `. */
export function engineWords(thrown: unknown): string {
  const message = messageOf(thrown);
  const [, reason = message, words = ''] = /^\(HTTP code \d+\) (.*?) -(.*)$/.exec(message) ?? [];
  return words.trim() || reason;
}

/** The code of a failed system call, also where Node tried several addresses and wrapped the failures. */
function errorCodeOf(thrown: unknown): string | undefined {
  if (thrown instanceof AggregateError && thrown.errors.length > 0) return errorCodeOf(thrown.errors[0]);
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string'
    ? thrown.code
    : undefined;
}
