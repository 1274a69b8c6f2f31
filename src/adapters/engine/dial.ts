import { Readable } from 'node:stream';
import type Docker from 'dockerode';
import type * as z from 'zod';

type Query = Readonly<Record<string, string>>;

interface DialOptions {
  readonly path: string;
  readonly method: 'GET';
  readonly isStream?: boolean;
  readonly abortSignal: AbortSignal;
  readonly options?: Query;
  readonly statusCodes: Readonly<Record<number, true | string>>;
}

/** The part of docker-modem that dockerode's types leave out. */
interface Modem {
  dial(options: DialOptions, callback: (failure: Error | null, answer: unknown) => void): void;
}

/** Messages for docker-modem; a status that is missing here is a failure too. */
const STATUS = { 200: true, 404: 'not found', 500: 'server error' } as const;

/**
 * `GET` on the engine for the calls that dockerode makes without a signal: a JSON answer, read by `schema`. Where there
 * is a query, `path` ends with the question mark.
 */
export async function getJson<T>(
  docker: Docker,
  path: string,
  schema: z.ZodType<T>,
  signal: AbortSignal,
  query: Query = {},
): Promise<T> {
  const call = { path, method: 'GET', abortSignal: signal, statusCodes: STATUS, options: query } as const;
  return schema.parse(await dial(docker, call));
}

/** As {@link getJson}, but the answer's body as a stream. */
export async function getStream(docker: Docker, path: string, signal: AbortSignal): Promise<Readable> {
  const body = await dial(docker, {
    path,
    method: 'GET',
    isStream: true,
    abortSignal: signal,
    statusCodes: STATUS,
  });
  if (body instanceof Readable) return body;
  throw new TypeError('docker-modem gave an answer that is no stream');
}

async function dial(docker: Docker, options: DialOptions): Promise<unknown> {
  const modem: Modem = docker.modem;
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  modem.dial(options, (failure, answer) => {
    if (failure === null) resolve(answer);
    else reject(failure);
  });
  return promise;
}
