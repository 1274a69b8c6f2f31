import assert from 'node:assert/strict';
import { portUrl, waysIn } from '../../src/start/ways-in.ts';

describe('waysIn', () => {
  it('names the shell and the editor', () => {
    const ways = waysIn('preheat-app-1a2b3c4', '/workspace/my app');
    assert.equal(ways.shell, 'docker exec -it preheat-app-1a2b3c4 bash');
    const [, hex = '', folder] =
      /^vscode:\/\/vscode-remote\/attached-container\+([0-9a-f]+)(\/.*)$/.exec(ways.editor) ?? [];
    assert.equal(Buffer.from(hex, 'hex').toString('utf8'), '{"containerName":"/preheat-app-1a2b3c4"}');
    assert.equal(folder, '/workspace/my%20app');
  });

  it('writes addresses that a browser opens', () => {
    const url = (hostAddress: string): string => portUrl({ containerPort: 80, hostAddress, hostPort: 8080 });
    assert.equal(url('0.0.0.0'), 'http://127.0.0.1:8080');
    assert.equal(url('::1'), 'http://[::1]:8080');
    assert.equal(url('192.0.2.7'), 'http://192.0.2.7:8080');
    const secure = { containerPort: 443, hostAddress: '127.0.0.1', hostPort: 8443 };
    assert.equal(portUrl(secure, 'https'), 'https://127.0.0.1:8443');
  });
});
