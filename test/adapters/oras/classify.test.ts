import assert from 'node:assert/strict';
import { classify, type TroubleKind } from '../../../src/adapters/oras/classify.ts';

/** What oras 1.2.0 printed against docker-registry 2.8.2, a proxy that breaks things, and closed ports. */
const SEEN: readonly (readonly [TroubleKind, string])[] = [
  [
    'not-found',
    'Error response from registry: failed to resolve digest: 127.0.0.1:46843/t/a:nix: not found\n',
  ],
  [
    'not-found',
    'Error response from registry: failed to fetch the content of "h/t/zz:v1": h/t/zz:v1: not found\n',
  ],
  [
    'not-found',
    'Error response from registry: name unknown: repository name not known to registry: map[name:t/zz]\n',
  ],
  ['not-found', 'Error response from registry: name unknown: The repository with name foo does not exist\n'],
  [
    'not-found',
    'Error response from registry: sha256:6acf: application/vnd.oci.image.layer.v1.tar+gzip: not found\n',
  ],
  ['not-found', 'Error: failed to resolve nix: not found\n'],
  [
    'unauthorized',
    'Error: failed to resolve digest: basic credential not found\nPlease check whether the registry credential stored in the authentication file at "/root/.docker/config.json" is correct\n',
  ],
  [
    'unauthorized',
    'Error response from registry: recognizable error message not found: HEAD "http://h/v2/t/a/manifests/sha256:e6f0": response status code 401: Unauthorized\n',
  ],
  [
    'unauthorized',
    'WARNING! Using --password via the CLI is insecure. Use --password-stdin.\nError response from registry: failed to resolve digest: HEAD "http://h/v2/up/n1/manifests/v1": unauthorized: incorrect username or password\n',
  ],
  ['unauthorized', 'Error response from registry: unauthorized: authentication required\n'],
  ['denied', 'Error response from registry: denied: requested access to the resource is denied\n'],
  [
    'denied',
    'Error response from registry: recognizable error message not found: HEAD "http://h/v2/x/y/manifests/z": response status code 403: Forbidden\n',
  ],
  [
    'full',
    'Error: failed to ingest: copy failed: write /srv/images/ingest/dda1_398: no space left on device\n',
  ],
  [
    'full',
    'Error response from registry: recognizable error message not found: PUT "http://h/v2/a/blobs/uploads/1": response status code 507: Insufficient Storage\n',
  ],
  [
    'full',
    'Error response from registry: unknown: unknown error: map[DriverName:filesystem Enclosed:map[Err:28 Op:write Path:/v2/data]]\n',
  ],
  ['rate-limited', 'Error response from registry: toomanyrequests: You have reached your pull rate limit\n'],
  [
    'rate-limited',
    'Error response from registry: recognizable error message not found: HEAD "http://h/v2/x/y/manifests/z": response status code 429: Too Many Requests\n',
  ],
  [
    'transient',
    'Error: Put "http://h/v2/team/ws/blobs/uploads/e2b6": readfrom tcp 127.0.0.1:50794->127.0.0.1:42573: write tcp 127.0.0.1:50794->127.0.0.1:42573: use of closed network connection\n',
  ],
  [
    'transient',
    'Error: Get "https://h/v2/a/blobs/sha256:6acf": read tcp 10.0.0.2:1->10.0.0.3:443: read: connection timed out\n',
  ],
  ['transient', 'Error: stream error: stream ID 3; INTERNAL_ERROR; received from peer\n'],
  [
    'transient',
    'Error: Put "http://h/v2/up/n2/blobs/uploads/a18e?_state=HXpo&digest=sha256%3A6acf": read tcp 127.0.0.1:54908->127.0.0.1:36029: read: connection reset by peer\n',
  ],
  [
    'transient',
    'Error: failed to resolve digest: Head "http://127.0.0.1:1/v2/a/manifests/b": dial tcp 127.0.0.1:1: connect: connection refused\n',
  ],
  [
    'transient',
    'Error: failed to resolve digest: Head "https://nohost.invalid/v2/a/manifests/b": dial tcp: lookup nohost.invalid on 192.0.2.53:53: no such host\n',
  ],
  ['transient', 'Error: Head "http://h/v2/a/manifests/b": EOF\n'],
  [
    'transient',
    'Error: failed to fetch the content of "h/up/n1:v1": read failed: expected content size of 582, got 100, for digest sha256:cd87: unexpected EOF\n',
  ],
  ['transient', 'Error: failed to ingest: copy failed: unexpected EOF\n'],
  ['transient', 'Error response from registry: unknown: injected\n'],
  ['transient', 'Error response from registry: failed to fetch the content of "h/up/n1:v1": unknown: boom\n'],
  [
    'transient',
    'Error response from registry: recognizable error message not found: PUT "http://h/v2/up/n5/blobs/uploads/84eb?_state=WWOx&digest=sha256%3A0826": response status code 503: Service Unavailable\n',
  ],
  [
    'plain-http',
    'Error: failed to resolve digest: Head "https://h/v2/a/manifests/b": http: server gave HTTP response to HTTPS client\n',
  ],
  [
    'certificate',
    'Error: Head "https://h/v2/a/manifests/b": tls: failed to verify certificate: x509: certificate signed by unknown authority\n',
  ],
  [
    'failed',
    'Error response from registry: tag invalid: The image tag v1 already exists and cannot be overwritten because the repository is immutable.\n',
  ],
  [
    'failed',
    'Error response from registry: digest invalid: provided digest did not match uploaded content\n',
  ],
  [
    'failed',
    'Error response from registry: recognizable error message not found: PUT "http://h/v2/u/blobs/uploads/2?_state=i&digest=sha256%3A": response status code 413: Request Entity Too Large\n',
  ],
  [
    'crashed',
    'panic: sync/atomic: compare and swap of inconsistently typed value into Value\n\ngoroutine 21 [running]:\nsync/atomic.(*Value).CompareAndSwap(0xc000195a50, {0x0, 0x0}, {0x9931a0, 0xc0002bee40})\n',
  ],
  ['failed', ''],
];

describe('classify', () => {
  for (const [kind, stderr] of SEEN) {
    it(`finds ${kind} in: ${stderr.slice(0, 90).trim().replaceAll('\n', ' ')}`, () => {
      assert.equal(classify(stderr).kind, kind);
    });
  }

  it('tells the reason on one line, without prefixes, warnings, advice and upload state', () => {
    const reset = SEEN.find(([, stderr]) => stderr.includes('_state=HXpo'))?.[1] ?? '';
    assert.equal(
      classify(reset).why,
      'Put "http://h/v2/up/n2/blobs/uploads/a18e": read tcp 127.0.0.1:54908->127.0.0.1:36029: read: connection reset by peer',
    );
    const warned = SEEN.find(([, stderr]) => stderr.startsWith('WARNING!'))?.[1] ?? '';
    assert.equal(
      classify(warned).why,
      'failed to resolve digest: HEAD "http://h/v2/up/n1/manifests/v1": unauthorized: incorrect username or password',
    );
    assert.equal(classify('').why, 'oras gave no reason');
  });
});
