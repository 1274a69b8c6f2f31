import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { startCountingProxy, type CountingProxy } from '../../bench/counting-proxy.ts';
import { digestOf } from '../../src/oci/digest.ts';
import { startRegistry, type TestRegistry } from '../support/registry.ts';
import { repositoryWriter } from '../support/base-image.ts';

const TAR = 'application/vnd.oci.image.layer.v1.tar';
const SIZE = 3_000_000;

describe('the counting proxy', () => {
  const stack = new AsyncDisposableStack();
  const layer = randomBytes(SIZE);
  layer[0] = 1;
  let registry: TestRegistry;
  let proxy: CountingProxy;

  before(async () => {
    registry = stack.use(await startRegistry());
    proxy = stack.use(await startCountingProxy(registry.host));
  });
  after(() => stack.disposeAsync());
  beforeEach(() => proxy.take());

  it('hands bytes through unchanged both ways, and counts them', async () => {
    const { digest } = await repositoryWriter(proxy.host, 'team/app').blob(TAR, layer);
    const answer = await fetch(`http://${proxy.host}/v2/team/app/blobs/${digest}`);
    assert.equal(digestOf(Buffer.from(await answer.arrayBuffer())), digest);
    const exchanges = await proxy.take();
    assert.equal(
      exchanges.reduce((total, { up }) => total + up, 0),
      SIZE,
    );
    const { method, status, down, json } = exchanges.at(-1) ?? {};
    assert.deepEqual({ method, status, down, json }, { method: 'GET', status: 200, down: SIZE, json: false });
  });

  it('sees what the registry sees, and tells JSON from layers', async () => {
    await registry.takeRequests();
    const pushed = await repositoryWriter(proxy.host, 'team/image').image({ layers: [layer] }, 'one');
    const headers = { accept: pushed.mediaType };
    const answer = await fetch(`http://${proxy.host}/v2/team/image/manifests/${pushed.digest}`, { headers });
    assert.equal(answer.status, 200);
    await answer.arrayBuffer();
    const exchanges = await proxy.take();
    const words = exchanges.map(({ method, url, status }) => `${method} ${url.split('?')[0]} ${status}`);
    const seen = (await registry.takeRequests()).map(
      ({ method, path, status }) => `${method} ${path.split('?')[0]} ${status}`,
    );
    assert.deepEqual(words, seen);
    assert.equal(exchanges.at(-1)?.json, true);
  });

  it('forgets what was taken', async () => {
    await (await fetch(`http://${proxy.host}/v2/`)).arrayBuffer();
    assert.equal((await proxy.take()).length, 1);
    assert.deepEqual(await proxy.take(), []);
  });

  it('breaks the connection where the registry cannot be reached', async () => {
    await using lonely = await startCountingProxy('127.0.0.1:1');
    await assert.rejects(fetch(`http://${lonely.host}/v2/`));
    assert.deepEqual(
      (await lonely.take()).map(({ status }) => status),
      [0],
    );
  });
});
