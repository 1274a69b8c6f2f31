import assert from 'node:assert/strict';
import { portBindings, takenPort } from '../../../src/adapters/engine/published-ports.ts';

describe('takenPort', () => {
  for (const [words, port] of [
    [
      'driver failed programming external connectivity on endpoint x (ab12): Bind for 127.0.0.1:3000 failed: port is already allocated',
      3000,
    ],
    [
      'driver failed programming external connectivity on endpoint x (ab12): Error starting userland proxy: listen tcp4 127.0.0.1:8080: bind: address already in use',
      8080,
    ],
    ['failed to bind host port for 127.0.0.1:80:172.17.0.2:80/tcp: address already in use', 80],
    ['rootlessport cannot expose privileged port 80: listen tcp 127.0.0.1:80: bind: permission denied', 80],
  ] as const) {
    it(`finds ${port} in "${words.slice(-50)}"`, () => {
      assert.equal(takenPort(words), port);
    });
  }

  it('finds nothing in other failures', () => {
    assert.equal(takenPort('network 127.0.0.1:80 not found'), undefined);
    assert.equal(takenPort('OCI runtime create failed: exec: "x": permission denied'), undefined);
  });
});

describe('portBindings', () => {
  it('asks for a number, or for any', () => {
    assert.deepEqual(
      portBindings(
        new Map([
          [80, 8080],
          [3000, undefined],
        ]),
      ),
      {
        '80/tcp': [{ HostIp: '127.0.0.1', HostPort: '8080' }],
        '3000/tcp': [{ HostIp: '127.0.0.1', HostPort: '' }],
      },
    );
  });
});
