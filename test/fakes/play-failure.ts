import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import type { FakeFailure } from './http-failures.ts';

/** Answers a request with a failure, or leaves it without an answer. */
export async function playFailure(failure: FakeFailure, response: ServerResponse): Promise<void> {
  switch (failure.kind) {
    case 'answer':
      response.writeHead(failure.status, failure.headers).end(failure.body);
      return;
    case 'reset':
      response.destroy();
      return;
    case 'endless':
      response.writeHead(failure.status, { 'content-type': 'text/html' });
      while (!response.destroyed) {
        if (!response.write('<p>still going</p>\n'.repeat(100))) await drained(response);
        await setImmediate();
      }
      return;
    case 'hang':
    default:
  }
}

async function drained(response: ServerResponse): Promise<void> {
  await Promise.race([once(response, 'drain'), once(response, 'close')]);
}
