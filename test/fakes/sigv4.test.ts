import assert from 'node:assert/strict';
import { claimOf, signatureOf } from './sigv4.ts';

describe('the fake of Amazon’s signatures', () => {
  // The first example of Amazon's own test suite for Signature Version 4, "get-vanilla".
  const signature = '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31';
  const request = {
    method: 'GET',
    url: '/',
    headers: {
      host: 'example.amazonaws.com',
      'x-amz-date': '20150830T123600Z',
      authorization: `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=${signature}`,
    },
    body: '',
  };
  const secret = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';

  it('signs as Amazon does', () => {
    assert.equal(claimOf(request).signature, signature);
    assert.equal(signatureOf(request, secret), signature);
  });

  it('signs another request and with another key otherwise', () => {
    assert.notEqual(signatureOf({ ...request, body: 'x' }, secret), signature);
    assert.notEqual(signatureOf(request, `${secret}x`), signature);
  });
});
