import type { CallOptions } from '../../oci/content-store.ts';
import type { Peer } from './refusal.ts';

/** A request as it goes out, whichever way it takes. */
export interface OutgoingRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  /** JSON; absent where nothing is sent. */
  readonly body?: string;
}

/** One way to the API: with a credential of ours, or through the proxy of the step, which has its own. */
export interface ApiTransport extends Peer {
  /** What to do where nobody answers: one sentence that starts with a verb. */
  readonly unreachableHint: string;
  /**
   * Sends a request once. Follows no redirect. Rejects with a `PreheatError` for what cannot be sent, with the reason of
   * the signal when that aborts, and with whatever else kept the answer from coming.
   */
  send(request: OutgoingRequest, action: string, options: CallOptions): Promise<Response>;
}
