import * as z from 'zod';
import { parseJson } from '../../../kernel/parse-json.ts';
import type { CallOptions } from '../../../oci/content-store.ts';
import { exchange, type ExchangeTools } from '../exchange.ts';
import { CLOUD_SCOPE, type AccessToken, type GoogleEndpoints } from './access-token.ts';
import { explainImpersonation } from './google-refusal.ts';

/** The longest that an organisation's policies allow unasked. */
const LIFETIME = '3600s';
const Answer = z.object({ accessToken: z.string().min(1), expireTime: z.iso.datetime({ offset: true }) });

/**
 * Exchanges a pool identity's token for one of a service account
 * (https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/generateAccessToken). Throws
 * as {@link exchange} does.
 */
export async function impersonate(
  { iamCredentials }: GoogleEndpoints,
  account: string,
  { value: federated }: AccessToken,
  tools: ExchangeTools,
  options: CallOptions,
): Promise<AccessToken> {
  const { accessToken: value, expireTime } = await exchange(
    {
      action: `act as ${account}`,
      url: `${iamCredentials}/v1/projects/-/serviceAccounts/${account}:generateAccessToken`,
      headers: {
        authorization: `Bearer ${federated}`,
        'content-type': 'application/json',
        accept: 'application/json',
      },
      body: JSON.stringify({ scope: [CLOUD_SCOPE], lifetime: LIFETIME }),
      read: (body) => Answer.safeParse(parseJson(body)).data,
      explain: (status, body) => explainImpersonation(status, body, account),
    },
    tools,
    options,
  );
  tools.redactor.add(value);
  return { value, expiresAt: Date.parse(expireTime) };
}
