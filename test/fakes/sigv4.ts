import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import type { EndpointRequest } from './token-endpoint.ts';

/** What a signature says, apart from the signature. */
export interface SignedClaim {
  readonly accessKeyId: string;
  /** `yyyymmdd/region/api/aws4_request`. */
  readonly scope: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=(?<key>\w+)\/(?<scope>[^,]+), ?SignedHeaders=(?<headers>[a-z0-9;-]+), ?Signature=(?<signature>[0-9a-f]{64})$/;

/** Takes the `Authorization` header of Signature Version 4 apart. */
export function claimOf({ headers }: Pick<EndpointRequest, 'headers'>): SignedClaim {
  const groups = AUTHORIZATION.exec(headers.authorization ?? '')?.groups;
  assert.ok(groups !== undefined, `no signature: ${headers.authorization}`);
  const { key = '', scope = '', headers: names = '', signature = '' } = groups;
  return { accessKeyId: key, scope, signedHeaders: names.split(';'), signature };
}

/**
 * The signature that a request to a path without a query must have, from the description of the algorithm alone
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html).
 */
export function signatureOf(request: EndpointRequest, secretAccessKey: string): string {
  const { scope, signedHeaders } = claimOf(request);
  assert.deepEqual(signedHeaders, signedHeaders.toSorted(), 'the signed headers are not in order');
  assert.ok(!request.url.includes('?'), 'a query is not expected');
  const lines = signedHeaders.map(
    (name) => `${name}:${String(request.headers[name]).trim().replaceAll(/ +/g, ' ')}\n`,
  );
  const canonical = [
    request.method,
    request.url,
    '',
    lines.join(''),
    signedHeaders.join(';'),
    sha256(request.body),
  ];
  const text = [
    'AWS4-HMAC-SHA256',
    String(request.headers['x-amz-date']),
    scope,
    sha256(canonical.join('\n')),
  ];
  const key = scope
    .split('/')
    .reduce<Buffer>((last, part) => hmac(last, part), Buffer.from(`AWS4${secretAccessKey}`));
  return hmac(key, text.join('\n')).toString('hex');
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
