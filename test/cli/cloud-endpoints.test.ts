import assert from 'node:assert/strict';
import { endpointIn } from '../../src/cli/cloud-endpoints.ts';
import { exitCodeOf } from '../../src/cli/exit-codes.ts';

const read = (text: string | undefined) => endpointIn({ AWS_ENDPOINT_URL_STS: text }, 'awsSts');

describe('the endpoints of clouds', () => {
  it('are the usual ones unless a variable says otherwise', () => {
    assert.equal(read(undefined), undefined);
    assert.equal(read(''), undefined);
    assert.equal(read('https://vpce-1.sts.example/'), 'https://vpce-1.sts.example');
    assert.equal(read('https://sts.example/path//'), 'https://sts.example/path');
    assert.equal(endpointIn({ AWS_ENDPOINT_URL_STS: 'https://sts.example' }, 'awsEcr'), undefined);
  });

  it('get secrets over HTTP on this machine only', () => {
    assert.equal(read('http://127.0.0.1:8080'), 'http://127.0.0.1:8080');
    assert.equal(read('http://localhost'), 'http://localhost');
    for (const text of ['http://sts.example', 'ftp://127.0.0.1', 'sts.example', 'no url'])
      assert.throws(
        () => read(text),
        (thrown) => exitCodeOf(thrown) === 2 && /cannot use AWS_ENDPOINT_URL_STS/.test(String(thrown)),
        text,
      );
  });
});
