import type { OutgoingHttpHeaders } from 'node:http';
import type Docker from 'dockerode';

/** Values that are lists are written once for each member. */
export type Query = Readonly<Record<string, string | readonly string[]>>;

/** A `POST` that dockerode itself does not offer. */
export interface Post {
  readonly path: string;
  /** With a path that ends in `?`. */
  readonly query?: Query;
  readonly headers?: OutgoingHttpHeaders;
  /** What comes of it: the answer's body as a stream, or the connection itself, upgraded. */
  readonly answer: 'stream' | 'connection';
  readonly signal: AbortSignal;
}

interface DialOptions {
  readonly path: string;
  readonly method: 'POST';
  readonly options?: { readonly _query: Query; readonly _body: object };
  readonly headers?: OutgoingHttpHeaders;
  readonly isStream: boolean;
  readonly hijack: boolean;
  readonly abortSignal: AbortSignal;
  readonly statusCodes: Readonly<Record<number, true | string>>;
}

/** The part of docker-modem that dockerode's types leave out. */
interface Modem {
  dial(options: DialOptions, callback: (failure: Error | null, answer: unknown) => void): void;
}

/** Messages for docker-modem; a status that is missing here is a failure too. */
const FAILURES = { 400: 'bad parameter', 404: 'this engine has no BuildKit', 500: 'server error' };

/** Sends the call; gives what docker-modem answers with. */
export async function post(docker: Docker, call: Post): Promise<unknown> {
  const modem: Modem = docker.modem;
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const options: DialOptions = {
    path: call.path,
    method: 'POST',
    ...(call.query !== undefined && { options: { _query: call.query, _body: {} } }),
    ...(call.headers !== undefined && { headers: call.headers }),
    isStream: call.answer === 'stream',
    hijack: call.answer === 'connection',
    abortSignal: call.signal,
    // An upgraded connection is never answered with 200.
    statusCodes: call.answer === 'stream' ? { 200: true, ...FAILURES } : FAILURES,
  };
  modem.dial(options, (failure, answer) => {
    if (failure === null) resolve(answer);
    else reject(failure);
  });
  return await promise;
}
