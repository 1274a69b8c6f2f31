import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempDisposable, readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { answer, startScripted } from '../../../support/direct.ts';
import { listenOnLoopback } from '../../../support/listen.ts';

const PROGRAM = 'test/support/ask-directly.ts';

describe('the direct way over TLS', () => {
  it('trusts the authorities that oras trusts, and no server that they do not know', async () => {
    await using place = await startTls((_, response) => void response.end('bytes'));
    assert.equal(await place.ask({ SSL_CERT_FILE: place.certificate }), 'found');
    const untrusted = /self-signed certificate/;
    assert.match(await place.ask({}), untrusted);
    assert.match(await place.ask({ NODE_EXTRA_CA_CERTS: place.certificate }), untrusted);
    assert.match(await place.ask({ NODE_TLS_REJECT_UNAUTHORIZED: '0' }), untrusted);
  });

  it('follows no redirect to a place without TLS', async () => {
    await using store = await startScripted(() => answer(200, 'bytes'));
    const location = `http://${store.host}/blob`;
    await using place = await startTls((_, response) => void response.writeHead(307, { location }).end());
    assert.equal(await place.ask({ SSL_CERT_FILE: place.certificate }), 'status 307');
    assert.deepEqual(store.requests, []);
  });

  it('gives no password to a place without TLS that a registry with TLS names', async () => {
    await using tokens = await startScripted(() => answer(200, '{"token":"good"}'));
    const headers = { 'www-authenticate': `Bearer realm="http://${tokens.host}/token"` };
    await using place = await startTls((_, response) => void response.writeHead(401, headers).end());
    assert.equal(await place.ask({ SSL_CERT_FILE: place.certificate }, 'account'), 'status 401');
    assert.deepEqual(tokens.requests, []);
  });
});

/** An HTTPS server whose name is no loopback address for the product, with a certificate that it signed itself. */
async function startTls(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await mkdtempDisposable(join(tmpdir(), 'preheat-tls-')));
  const key = join(folder.path, 'key.pem');
  const certificate = join(folder.path, 'certificate.pem');
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-noenc', '-days', '2'];
  const name = ['-subj', '/CN=test', '-addext', 'subjectAltName=IP:127.0.0.1,IP:::ffff:127.0.0.1'];
  await execa('openssl', ['req', '-x509', ...kind, ...name, '-keyout', key, '-out', certificate]);
  const server = createServer({ key: await readFile(key), cert: await readFile(certificate) }, answer);
  const port = await listenOnLoopback(server);
  stack.defer(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  const host = `[::ffff:127.0.0.1]:${port}`;
  const owned = stack.move();
  return {
    certificate,
    async ask(env: Readonly<Record<string, string>>, mode = ''): Promise<string> {
      const { stdout } = await execa(process.execPath, [PROGRAM, host, mode], { env, timeout: 60_000 });
      return stdout;
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
