import * as z from 'zod';
import { parseJson } from '../../../kernel/parse-json.ts';
import type { CallOptions } from '../../../oci/content-store.ts';
import { exchange, type ExchangeTools } from '../exchange.ts';
import { CLOUD_SCOPE, type AccessToken, type GoogleEndpoints } from './access-token.ts';
import { explainGoogleSts } from './google-refusal.ts';

const URN = 'urn:ietf:params:oauth';
const Answer = z.object({ access_token: z.string().min(1), expires_in: z.number().positive() });

/**
 * Exchanges the step's OIDC token for an access token of the pool's identity (RFC 8693,
 * https://cloud.google.com/iam/docs/reference/sts/rest/v1/TopLevel/token). `provider` is the full name of the workload
 * identity provider. Throws as {@link exchange} does.
 */
export async function exchangeToken(
  { sts }: GoogleEndpoints,
  { provider, token }: { readonly provider: string; readonly token: string },
  tools: ExchangeTools,
  options: CallOptions,
): Promise<AccessToken> {
  const askedAt = tools.clock.now().getTime();
  const { access_token: value, expires_in: seconds } = await exchange(
    {
      action: 'exchange the token of the step for one of Google Cloud',
      url: `${sts}/v1/token`,
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: new URLSearchParams({
        audience: provider,
        grant_type: `${URN}:grant-type:token-exchange`,
        requested_token_type: `${URN}:token-type:access_token`,
        scope: CLOUD_SCOPE,
        subject_token: token,
        subject_token_type: `${URN}:token-type:id_token`,
      }).toString(),
      read: (body) => Answer.safeParse(parseJson(body)).data,
      explain: explainGoogleSts,
    },
    tools,
    options,
  );
  tools.redactor.add(value);
  return { value, expiresAt: askedAt + seconds * 1000 };
}
