import assert from 'node:assert/strict';
import { pullFailure } from '../../../src/adapters/engine/pull-failure.ts';

/** What engines said (Docker 20 to 28, Podman 4). */
const said = {
  unauthorized: [
    "pull access denied for acme/app, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
    'Head "https://r.test/v2/acme/app/manifests/1": unauthorized: authentication required',
    'Get "https://r.test/v2/acme/app/manifests/1": no basic auth credentials',
    'unexpected status from HEAD request to https://r.test/v2/a/manifests/1: 403 Forbidden',
  ],
  'not-found': [
    'manifest for r.test/acme/app:1 not found: manifest unknown: manifest unknown',
    'no matching manifest for linux/arm64/v8 in the manifest list entries: not found',
    'initializing source docker://r.test/app:1: reading manifest 1 in r.test/app: name unknown',
  ],
  unreachable: [
    'Get "http://127.0.0.1:1/v2/": dial tcp 127.0.0.1:1: connect: connection refused',
    'Get "https://r.test/v2/": dial tcp: lookup r.test on 10.0.0.2:53: no such host',
    'Get "https://r.test/v2/": net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers) i/o timeout',
    'toomanyrequests: You have reached your pull rate limit.',
    'unexpected EOF',
    'received unexpected HTTP status: 503 Service Unavailable',
  ],
  engine: ['write /var/lib/docker/tmp/GetImageBlob1: no space left on device'],
} as const;

describe('pullFailure', () => {
  for (const [code, texts] of Object.entries(said)) {
    for (const text of texts) {
      it(`knows ${code} in "${text.slice(0, 60)}"`, () => {
        const thrown = new Error(`(HTTP code 500) server error - ${text} `);
        const failure = pullFailure('r.test/acme/app:1', 'r.test', thrown, 'start');
        assert.deepEqual(
          [failure.phase, failure.code, failure.retryable],
          ['start', code, code === 'unreachable'],
        );
        assert.equal(failure.message, `cannot pull r.test/acme/app:1: ${text}`);
        assert.match(failure.hint ?? '', /^[A-Z][a-z]+ .*r\.test.*\.$/);
      });
    }
  }
});
