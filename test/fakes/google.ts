import assert from 'node:assert/strict';
import {
  formOf,
  startTokenEndpoint,
  type EndpointAnswer,
  type EndpointRequest,
  type TokenEndpoint,
} from './token-endpoint.ts';

export interface FakeGoogleOptions {
  /** The full name of the workload identity provider. */
  readonly provider: string;
  /** The step's OIDC tokens that it trusts. */
  readonly tokens: readonly string[];
  /** The service account that the pool's identities may act as. */
  readonly account?: string;
  /** The access token that is given out in the end; registries take it. */
  readonly password: string;
  readonly now?: () => Date;
}

/** The Security Token Service and the IAM credentials API; requests of any other form than Google takes fail the test. */
export interface FakeGoogle extends AsyncDisposable {
  readonly sts: TokenEndpoint;
  readonly iamCredentials: TokenEndpoint;
}

const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';
const FEDERATED = 'ya29.federated-token-of-the-pool';
const LIFETIME_S = 3600;

/** Starts both APIs. */
export async function startFakeGoogle(options: FakeGoogleOptions): Promise<FakeGoogle> {
  const sts = await startTokenEndpoint((request) => exchange(request, options));
  const iamCredentials = await startTokenEndpoint((request) => generate(request, options));
  return {
    sts,
    iamCredentials,
    async [Symbol.asyncDispose]() {
      await using _sts = sts;
      await iamCredentials[Symbol.asyncDispose]();
    },
  };
}

function exchange(request: EndpointRequest, options: FakeGoogleOptions): EndpointAnswer {
  assert.deepEqual([request.method, request.url], ['POST', '/v1/token']);
  const { audience, subject_token: token = '', ...rest } = formOf(request);
  assert.deepEqual(rest, {
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    requested_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    scope: SCOPE,
    subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
  });
  if (audience !== options.provider)
    return oauthError(
      'invalid_target',
      'The target service indicated by the "audience" parameters is invalid. This might either be because the pool or provider is disabled or deleted or because it doesn\'t exist.',
    );
  if (!options.tokens.includes(token))
    return oauthError('unauthorized_client', 'The given credential is rejected by the attribute condition.');
  return json(200, {
    access_token: options.account === undefined ? options.password : FEDERATED,
    issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    token_type: 'Bearer',
    expires_in: LIFETIME_S,
  });
}

function generate(request: EndpointRequest, options: FakeGoogleOptions): EndpointAnswer {
  const { now = () => new Date() } = options;
  const account = /^\/v1\/projects\/-\/serviceAccounts\/([^/:]+):generateAccessToken$/.exec(request.url)?.[1];
  assert.equal(request.method, 'POST');
  assert.ok(account !== undefined, request.url);
  assert.equal(request.headers.authorization, `Bearer ${FEDERATED}`);
  assert.deepEqual(JSON.parse(request.body), { scope: [SCOPE], lifetime: `${LIFETIME_S}s` });
  if (account !== options.account) {
    const message =
      "Permission 'iam.serviceAccounts.getAccessToken' denied on resource (or it may not exist).";
    return json(403, { error: { code: 403, message, status: 'PERMISSION_DENIED' } });
  }
  const expireTime = new Date(now().getTime() + LIFETIME_S * 1000).toISOString();
  return json(200, { accessToken: options.password, expireTime });
}

/** An error of the Security Token Service. */
export function oauthError(error: string, description: string): EndpointAnswer {
  return json(400, { error, error_description: description });
}

function json(status: number, body: unknown): EndpointAnswer {
  return { status, type: 'application/json; charset=UTF-8', body: JSON.stringify(body) };
}
