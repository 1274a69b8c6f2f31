import assert from 'node:assert/strict';
import { parseEngineAddress } from '../../../src/adapters/engine/engine-address.ts';

describe('parseEngineAddress', () => {
  for (const [text, path] of [
    ['unix:///run/user/1000/docker.sock', '/run/user/1000/docker.sock'],
    ['unix://', '/var/run/docker.sock'],
    ['npipe:////./pipe/other', '//./pipe/other'],
    ['npipe://', '//./pipe/docker_engine'],
  ] as const) {
    it(`reads ${text}`, () => {
      const address = parseEngineAddress(text);
      assert.deepEqual(address, {
        kind: 'socket',
        path,
        text: text.endsWith('://') ? `${text}${path}` : text,
      });
    });
  }

  for (const [text, host, port, tls] of [
    ['tcp://localhost:2375', 'localhost', 2375, false],
    ['tcp://docker', 'docker', 2375, false],
    ['tcp://docker:2376', 'docker', 2376, true],
    ['localhost:2375', 'localhost', 2375, false],
    ['http://10.0.0.1:80', '10.0.0.1', 80, false],
    ['https://engine.test', 'engine.test', 2376, true],
    ['https://engine.test:443/', 'engine.test', 443, true],
    ['tcp://[::1]:2375', '::1', 2375, false],
  ] as const) {
    it(`reads ${text}`, () => {
      assert.deepEqual(parseEngineAddress(text), { kind: 'tcp', text, host, port, tls });
    });
  }

  for (const text of [
    'ssh://root@host',
    'tcp://',
    'tcp://a b',
    'tcp://host:x',
    'tcp://host:2375/path',
    'fd://',
  ]) {
    it(`refuses ${text}`, () => {
      assert.throws(() => parseEngineAddress(text), RangeError);
    });
  }
});
