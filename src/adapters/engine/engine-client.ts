import { addAbortSignal, Readable } from 'node:stream';
import type Docker from 'dockerode';
import { withDeadline } from '../../kernel/deadline.ts';
import type { Phase } from '../../kernel/failure.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import { engineFailure } from './engine-failure.ts';

/** How long a call that moves no contents may take before the engine counts as hung. */
const CALL_DEADLINE_MS = 120_000;

type Work<T> = (docker: Docker, signal: AbortSignal) => Promise<T>;

type Decode<T> = (chunks: AsyncIterable<Uint8Array>) => AsyncIterable<T>;

/**
 * One engine as one stage of the street sees it: failures are `PreheatError`s of that stage's phase, and a call whose
 * signal aborts rejects at once with the signal's reason. `doing` completes the sentence `cannot <doing>: …`.
 */
export interface EngineClient {
  /** A call that moves no contents; bounded by a deadline. */
  call<T>(doing: string, work: Work<T>, options: CallOptions): Promise<T>;
  /** A call that takes as long as its contents do. */
  transfer<T>(doing: string, work: Work<T>, options: CallOptions): Promise<T>;
  /**
   * A call that is answered by a stream, which breaks when the signal aborts. It is to be {@link read} or
   * destroyed.
   */
  open(doing: string, work: Work<NodeJS.ReadableStream>, options: CallOptions): Promise<Readable>;
  /** What a stream holds, as `decode` reads it; ends its connection when the reader is done with it. */
  read<T>(doing: string, body: Readable, decode: Decode<T>, options: CallOptions): AsyncGenerator<T>;
}

/** A client for `phase`; `connect` is called once, by the first call. */
export function createEngineClient(
  connect: () => Promise<Docker>,
  context: { readonly phase: Phase; readonly address: string },
): EngineClient {
  const run = async <T>(doing: string, work: () => Promise<T>, signal: AbortSignal): Promise<T> => {
    signal.throwIfAborted();
    try {
      return await work();
    } catch (thrown) {
      signal.throwIfAborted();
      throw engineFailure(doing, thrown, context);
    }
  };
  const transfer: EngineClient['transfer'] = async (doing, work, { signal }) =>
    run(doing, async () => work(await connect(), signal), signal);
  return {
    transfer,
    call: async (doing, work, { signal }) =>
      run(doing, async () => work(await connect(), withDeadline(signal, CALL_DEADLINE_MS)), signal),
    open: async (doing, work, options) => {
      const body = await transfer(doing, work, options);
      // Always so (http.IncomingMessage); dockerode's types promise less.
      if (!(body instanceof Readable)) throw new TypeError('dockerode gave an answer that is no stream');
      return addAbortSignal(options.signal, body);
    },
    async *read(doing, body, decode, { signal }) {
      try {
        yield* decode(body);
      } catch (thrown) {
        signal.throwIfAborted();
        throw engineFailure(doing, thrown, context);
      } finally {
        body.destroy();
      }
    },
  };
}
