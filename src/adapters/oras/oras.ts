import { durationText } from '../../kernel/amounts.ts';
import { retry, type RetryPolicy } from '../../kernel/retry.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import { argumentsOf, deadlineOf, registriesOf, type OrasCall } from './oras-call.ts';
import { preheatErrorOf } from './oras-failure.ts';
import { DEFAULT_LIMITS, type OrasOptions } from './oras-options.ts';
import { writeRegistryConfig } from './registry-config.ts';
import { AttemptFailure, createRetryJudge } from './retry-judge.ts';
import { runOras } from './run-oras.ts';

/**
 * Runs oras, and makes up for what it lacks: a short way for short calls, deadlines, retries, errors that can be told
 * apart.
 */
export interface Oras {
  /** Finds the program, which the first call would do otherwise; throws what `OrasOptions.binary` throws. */
  provide(options: CallOptions): Promise<void>;
  /**
   * Standard output of a call that succeeded; `undefined` where an `optional` call finds nothing. Throws `PreheatError`
   * of the call's phase with code `not-found`, `unauthorized`, `unreachable` or `failed`.
   */
  run(call: OrasCall, options: CallOptions): Promise<Uint8Array | undefined>;
}

const READ_POLICY: RetryPolicy = { attempts: 3, firstDelayMs: 500, longestDelayMs: 8_000 };
const COPY_POLICY: RetryPolicy = { attempts: 5, firstDelayMs: 1_000, longestDelayMs: 30_000 };

/** Creates the one place through which everything to and from registries goes. Nothing runs before the first call. */
export function createOras(options: OrasOptions): Oras {
  const findBinary = remembered(options.binary);
  return {
    async provide({ signal }) {
      await findBinary({ signal });
    },
    async run(call, { signal }) {
      const answer = await runDirectly(call, options, signal);
      if (answer !== undefined) return answer.content;
      const binary = await findBinary({ signal });
      return await runWithRetries(call, binary, options, signal);
    },
  };
}

/** What came of a call without oras; `undefined` where oras must run. */
async function runDirectly(
  { doing, directly, optional = false }: OrasCall,
  { direct, clock, onAttempt }: OrasOptions,
  signal: AbortSignal,
): Promise<{ readonly content: Uint8Array | undefined } | undefined> {
  if (directly === undefined || direct === undefined) return undefined;
  const startedAt = clock.now().getTime();
  const answer = await directly(direct, { signal });
  const took = durationText(clock.now().getTime() - startedAt);
  onAttempt?.(
    `${doing}: ${answer.kind === 'unsettled' ? `left to oras, ${answer.why}` : answer.kind} in ${took}`,
  );
  if (answer.kind === 'found') return { content: answer.content };
  return answer.kind === 'absent' && optional ? { content: undefined } : undefined;
}

function remembered(find: OrasOptions['binary']): OrasOptions['binary'] {
  let finding: Promise<string> | undefined;
  // Calls at the same time wait for one download; one that failed is tried again by the next call.
  return (options) =>
    (finding ??= find(options).catch((thrown: unknown) => {
      finding = undefined;
      throw thrown;
    }));
}

async function runWithRetries(
  call: OrasCall,
  binary: string,
  options: OrasOptions,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  let oneAtATime = false;
  try {
    return await retry(() => attempt(call, binary, options, signal, oneAtATime), {
      policy: call.sides.length === 2 ? COPY_POLICY : READ_POLICY,
      clock: options.clock,
      signal,
      retryable: createRetryJudge(),
      onRetry: (thrown, count, delayMs) => {
        if (!(thrown instanceof AttemptFailure)) return;
        const { kind, doing, why } = thrown.failure;
        oneAtATime ||= kind === 'crashed' && call.sides.length === 2;
        options.onRetry?.(
          `cannot ${doing} yet: ${why}; attempt ${count + 1} in ${(delayMs / 1000).toFixed(1)} s`,
        );
      },
    });
  } catch (thrown) {
    if (!(thrown instanceof AttemptFailure)) throw thrown;
    if (call.optional === true && thrown.failure.kind === 'not-found') return undefined;
    throw preheatErrorOf(thrown.failure);
  }
}

async function attempt(
  call: OrasCall,
  binary: string,
  { credentials, clock, onAttempt, plainHttp = [], limits = DEFAULT_LIMITS }: OrasOptions,
  signal: AbortSignal,
  oneAtATime: boolean,
): Promise<Uint8Array> {
  const registries = registriesOf(call);
  await using config = await writeRegistryConfig(registries, credentials, { signal, phase: call.phase });
  let underWay = false;
  const onLine = (line: string): void => {
    underWay = true;
    call.onLine?.(line);
  };
  const args = argumentsOf(call, config.path, plainHttp, oneAtATime);
  const startedAt = clock.now().getTime();
  const end = await runOras({
    binary,
    args,
    deadlineMs: deadlineOf(call, limits),
    signal,
    ...(call.cwd === undefined ? {} : { cwd: call.cwd }),
    ...(call.onLine === undefined ? {} : { onLine }),
  });
  const took = durationText(clock.now().getTime() - startedAt);
  onAttempt?.(`oras ${args.join(' ')}: ${end.ok ? 'done' : end.trouble.why} in ${took}`);
  if (end.ok) return end.stdout;
  const { doing, phase } = call;
  throw new AttemptFailure(
    { doing, phase, registry: meantBy(end.trouble.why, registries), ...end.trouble },
    underWay,
  );
}

/** The registry that a reason names; of a copy between two it need not be the one that is written to. */
function meantBy(why: string, registries: readonly string[]): string {
  return registries.find((registry) => why.includes(registry)) ?? registries.at(-1) ?? 'the layout';
}
