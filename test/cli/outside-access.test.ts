import assert from 'node:assert/strict';
import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { outsideAccess } from '../../src/cli/outside-access.ts';
import { PreheatError } from '../../src/kernel/failure.ts';
import { testSession } from './test-session.ts';

const PEM = '-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n';

describe('access to the outside', () => {
  it('is nothing where nothing is given', async () => {
    assert.deepEqual(await outsideAccess(testSession({ environment: { HTTP_PROXY: '' } })), {});
  });

  it('takes proxies in capitals or not; an empty variable stands for nothing', async () => {
    const environment = {
      HTTP_PROXY: '',
      http_proxy: 'http://a:1',
      HTTPS_PROXY: 'http://b:2',
      no_proxy: 'c',
    };
    assert.deepEqual(await outsideAccess(testSession({ environment })), {
      proxies: { HTTP_PROXY: 'http://a:1', HTTPS_PROXY: 'http://b:2', NO_PROXY: 'c' },
    });
  });

  for (const [proxy, secret] of [
    ['http://me:s3cret@proxy:3128', 's3cret'],
    ['me:s3cret@proxy:3128', 's3cret'],
    ['http://me:p%40ssword@proxy', 'p@ssword'],
    ['http://me:p%40ssword@proxy', 'p%40ssword'],
    ['http://me:100%sure@proxy', '100%sure'],
  ] as const) {
    it(`never shows ${secret} of ${proxy}`, async () => {
      const session = testSession({ environment: { HTTPS_PROXY: proxy } });
      await outsideAccess(session);
      assert.equal(session.redactor.redact(`<${secret}>`), '<********>');
    });
  }

  it('reads the bundle of certificates, and refuses what is none', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'preheat-bundle-'));
    const file = join(folder.path, 'ca.pem');
    const read = () => outsideAccess(testSession({ options: { caBundle: file } }));
    const refused = (why: RegExp) => (thrown: unknown) =>
      thrown instanceof PreheatError && thrown.phase === 'usage' && why.test(thrown.message);
    await assert.rejects(read(), refused(/cannot use --ca-bundle .*ca\.pem: ENOENT/));
    await writeFile(file, 'not a certificate');
    await assert.rejects(read(), refused(/holds no PEM certificate/));
    await writeFile(file, PEM);
    assert.deepEqual((await read()).caBundle, Buffer.from(PEM));
  });
});
