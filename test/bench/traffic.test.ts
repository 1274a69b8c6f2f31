import assert from 'node:assert/strict';
import type { Exchange } from '../../bench/counting-proxy.ts';
import { sumTraffic } from '../../bench/traffic.ts';

const BASE = `sha256:${'b'.repeat(64)}`;
const OWN = `sha256:${'c'.repeat(64)}`;
const CONFIG = `sha256:${'d'.repeat(64)}`;

function exchange(method: string, url: string, rest: Partial<Exchange> = {}): Exchange {
  return { method, url, status: 200, up: 0, down: 0, json: false, ...rest };
}

describe('traffic', () => {
  it('is added up, the base apart', () => {
    const exchanges = [
      exchange('GET', '/v2/app/manifests/latest', { down: 400, json: true }),
      exchange('GET', `/v2/app/blobs/${CONFIG}`, { down: 300, json: true }),
      exchange('GET', `/v2/app/blobs/${BASE}`, { down: 5000 }),
      exchange('GET', `/v2/base/blobs/${BASE}`, { down: 1000 }),
      exchange('GET', `/v2/app/blobs/${OWN}`, { down: 70 }),
      exchange('HEAD', `/v2/app/blobs/${OWN}`),
      exchange('GET', `/v2/gone/blobs/${OWN}`, { status: 404 }),
      exchange('PUT', `/v2/app/blobs/uploads/1?digest=${OWN}`, { up: 70, status: 201 }),
    ];
    assert.deepEqual(sumTraffic(exchanges, new Set([BASE])), {
      requests: 8,
      up: 70,
      down: 6770,
      layersRead: 2,
      baseDown: 6000,
    });
  });

  it('is nothing where nothing passed', () => {
    const nothing = { requests: 0, up: 0, down: 0, layersRead: 0, baseDown: 0 };
    assert.deepEqual(sumTraffic([], new Set([BASE])), nothing);
  });
});
