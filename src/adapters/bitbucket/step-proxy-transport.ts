import { once } from 'node:events';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { urlToHttpOptions } from 'node:url';
import { adviseOnProxy } from './refusal.ts';
import type { ApiTransport } from './transport.ts';

/** Answers that have no body (https://fetch.spec.whatwg.org/#null-body-status). */
const BODILESS: ReadonlySet<number> = new Set([204, 205, 304]);

/**
 * The way through the proxy of a step, which adds the step's own credential. It wants absolute addresses over plain HTTP
 * (RFC 9112, 3.2.2), which fetch cannot send, and it must never see a token of ours, so that there is none here
 * (https://support.atlassian.com/bitbucket-cloud/docs/code-insights/#Authentication). `address` is `http://host:port`.
 */
export function stepProxyTransport(address: string): ApiTransport {
  const { hostname, port } = urlToHttpOptions(new URL(address));
  return {
    peer: address,
    unreachableHint: 'Run preheat in a step of Pipelines or as a pipe; a build does without the proxy.',
    advise: adviseOnProxy,
    async send({ method, url, body }, _action, { signal }) {
      const path = url.replace(/^https:/, 'http:');
      const headers = {
        host: new URL(path).host,
        accept: 'application/json',
        ...(body === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
      };
      // Not above: Node loads its whole fetch with it, which a run that tells nobody does without.
      const { request } = await import('node:http');
      try {
        const call = request({ hostname, port, path, method, headers, agent: false, signal });
        return asResponse(await answerTo(call, body));
      } catch (thrown) {
        // node:http wraps the reason.
        signal.throwIfAborted();
        throw thrown;
      }
    },
  };
}

async function answerTo(call: ClientRequest, body: string | undefined): Promise<IncomingMessage> {
  const { promise, resolve } = Promise.withResolvers<IncomingMessage>();
  call.once('response', resolve);
  call.end(body);
  await once(call, 'response');
  // What breaks off later is seen by who reads the answer.
  call.on('error', () => undefined);
  return await promise;
}

function asResponse(answer: IncomingMessage): Response {
  const { statusCode: status = 0, statusMessage: statusText = '' } = answer;
  const init = { status, statusText, headers: headersOf(answer) };
  answer.on('error', () => undefined);
  if (!BODILESS.has(status)) return new Response(Readable.toWeb(answer), init);
  answer.resume();
  return new Response(null, init);
}

function headersOf({ headersDistinct }: IncomingMessage): Headers {
  const all = Object.entries(headersDistinct);
  return new Headers(
    all.flatMap(([name, values = []]) => values.map((value): [string, string] => [name, value])),
  );
}
