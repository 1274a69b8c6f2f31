import assert from 'node:assert/strict';
import { credentialOf, outdatedCredential } from '../../src/cli/bitbucket-credential.ts';
import { readSettings } from '../../src/cli/read-settings.ts';

const ACCESS = { BITBUCKET_ACCESS_TOKEN: 'access' };
const API = { BITBUCKET_EMAIL: 'dev@example.org', BITBUCKET_API_TOKEN: 'api' };
const APP = { BITBUCKET_USERNAME: 'dev', BITBUCKET_APP_PASSWORD: 'app' };

function given(environment: Readonly<Record<string, string>>) {
  return credentialOf(readSettings('build', {}, environment));
}

describe('the credential for Bitbucket', () => {
  it('is an access token, else an API token with an e-mail, else an app password', () => {
    assert.deepEqual(given({ ...APP, ...API, ...ACCESS }), { kind: 'bearer', token: 'access' });
    assert.deepEqual(given({ ...APP, ...API }), { kind: 'basic', email: 'dev@example.org', token: 'api' });
    assert.deepEqual(given(APP), { kind: 'app-password', username: 'dev', password: 'app' });
    assert.equal(given({}), undefined);
  });

  it('is none where a user name stands alone, which other tools use too', () => {
    assert.equal(given({ BITBUCKET_USERNAME: 'dev' }), undefined);
  });

  it('is warned of where it is an app password, with what to use instead', () => {
    const told = [ACCESS, API, APP].map((environment) => {
      const credential = given(environment);
      assert.ok(credential !== undefined);
      return outdatedCredential(credential);
    });
    assert.deepEqual(told.slice(0, 2), [undefined, undefined]);
    assert.match(told[2] ?? '', /giving up app passwords\. Create an access token .* BITBUCKET_ACCESS_TOKEN/);
  });
});
