import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { claimOf, signatureOf } from './sigv4.ts';
import {
  formOf,
  startTokenEndpoint,
  type EndpointAnswer,
  type EndpointRequest,
  type TokenEndpoint,
} from './token-endpoint.ts';

export interface FakeAwsOptions {
  readonly roleArn: string;
  /** The step's OIDC tokens that the role trusts, and until when. */
  readonly tokens: ReadonlyMap<string, Date>;
  readonly region: string;
  /** What registries take, together with the user `AWS`. */
  readonly password: string;
  readonly now?: () => Date;
}

/** STS and the API of ECR in one region of AWS; requests of any other form than AWS takes fail the test. */
export interface FakeAws extends AsyncDisposable {
  readonly sts: TokenEndpoint;
  readonly ecr: TokenEndpoint;
}

interface Session {
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly until: number;
}

const HOUR_MS = 60 * 60 * 1000;
const SKEW_MS = 5 * 60 * 1000;
const SIGNED = ['host', 'x-amz-date', 'x-amz-security-token', 'x-amz-target'];

/** Starts both APIs. */
export async function startFakeAws(options: FakeAwsOptions): Promise<FakeAws> {
  const sessions = new Map<string, Session>();
  const sts = await startTokenEndpoint((request) => assumeRole(request, options, sessions));
  const ecr = await startTokenEndpoint((request) => authorize(request, options, sessions));
  return {
    sts,
    ecr,
    async [Symbol.asyncDispose]() {
      await using _sts = sts;
      await ecr[Symbol.asyncDispose]();
    },
  };
}

function assumeRole(
  request: EndpointRequest,
  { roleArn, tokens, now = () => new Date() }: FakeAwsOptions,
  sessions: Map<string, Session>,
): EndpointAnswer {
  assert.deepEqual([request.method, request.url], ['POST', '/']);
  assert.equal(request.headers.authorization, undefined, 'the call is not to be signed');
  const { RoleArn, RoleSessionName = '', WebIdentityToken = '', ...rest } = formOf(request);
  assert.deepEqual(rest, { Action: 'AssumeRoleWithWebIdentity', Version: '2011-06-15' });
  assert.match(RoleSessionName, /^[\w+=,.@-]{2,64}$/);
  const until = tokens.get(WebIdentityToken);
  if (until === undefined) return stsError(400, 'InvalidIdentityToken', 'Incorrect token audience');
  if (until <= now())
    return stsError(400, 'ExpiredTokenException', `Token expired: current time & ${until.toISOString()}`);
  if (RoleArn !== roleArn)
    return stsError(403, 'AccessDenied', 'Not authorized to perform sts:AssumeRoleWithWebIdentity');
  const accessKeyId = `ASIA${randomBytes(8).toString('hex').toUpperCase()}`;
  const session = {
    secretAccessKey: randomBytes(30).toString('base64'),
    sessionToken: randomBytes(90).toString('base64'),
    until: now().getTime() + HOUR_MS,
  };
  sessions.set(accessKeyId, session);
  return xml(
    200,
    `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <AssumeRoleWithWebIdentityResult>
    <SubjectFromWebIdentityToken>{1f0c}:{2e9d}</SubjectFromWebIdentityToken>
    <Audience>ari:cloud:bitbucket::workspace/1f0c</Audience>
    <AssumedRoleUser><Arn>${roleArn}/${RoleSessionName}</Arn><AssumedRoleId>AROA:x</AssumedRoleId></AssumedRoleUser>
    <Credentials>
      <SessionToken>${session.sessionToken}</SessionToken>
      <SecretAccessKey>${session.secretAccessKey}</SecretAccessKey>
      <Expiration>${new Date(session.until).toISOString()}</Expiration>
      <AccessKeyId>${accessKeyId}</AccessKeyId>
    </Credentials>
  </AssumeRoleWithWebIdentityResult>
</AssumeRoleWithWebIdentityResponse>`,
  );
}

function authorize(
  request: EndpointRequest,
  { region, password, now = () => new Date() }: FakeAwsOptions,
  sessions: ReadonlyMap<string, Session>,
): EndpointAnswer {
  const { headers } = request;
  assert.deepEqual([request.method, request.url, request.body], ['POST', '/', '{}']);
  assert.equal(headers['content-type'], 'application/x-amz-json-1.1');
  assert.equal(headers['x-amz-target'], 'AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken');
  const { accessKeyId, scope, signedHeaders, signature } = claimOf(request);
  const session = sessions.get(accessKeyId);
  if (session === undefined || headers['x-amz-security-token'] !== session.sessionToken)
    return ecrError('UnrecognizedClientException', 'The security token included in the request is invalid.');
  assert.deepEqual(signedHeaders, SIGNED);
  const date = String(headers['x-amz-date']);
  assert.equal(scope, `${date.slice(0, 8)}/${region}/ecr/aws4_request`);
  assert.equal(signature, signatureOf(request, session.secretAccessKey));
  const at = Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  const time = now().getTime();
  if (!(Math.abs(at - time) < SKEW_MS)) return ecrError('InvalidSignatureException', 'Signature expired');
  if (session.until <= time)
    return ecrError('ExpiredTokenException', 'The security token included in the request is expired');
  const authorizationToken = Buffer.from(`AWS:${password}`).toString('base64');
  const body = {
    authorizationData: [
      {
        authorizationToken,
        expiresAt: (time + 12 * HOUR_MS) / 1000,
        proxyEndpoint: `https://123456789012.dkr.ecr.${region}.amazonaws.com`,
      },
    ],
  };
  return { status: 200, type: 'application/x-amz-json-1.1', body: JSON.stringify(body) };
}

/** An error of STS. */
export function stsError(status: number, code: string, message: string): EndpointAnswer {
  const text = message.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return xml(
    status,
    `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <Error><Type>Sender</Type><Code>${code}</Code><Message>${text}</Message></Error>
  <RequestId>4c3a8d5e</RequestId>
</ErrorResponse>`,
  );
}

/** An error of the API of ECR. */
export function ecrError(code: string, message: string): EndpointAnswer {
  const body = JSON.stringify({ __type: code, message });
  return { status: 400, type: 'application/x-amz-json-1.1', body };
}

function xml(status: number, body: string): EndpointAnswer {
  return { status, type: 'text/xml', body };
}
