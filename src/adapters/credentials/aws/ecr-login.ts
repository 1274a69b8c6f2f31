import { AwsV4Signer } from 'aws4fetch';
import * as z from 'zod';
import { parseJson } from '../../../kernel/parse-json.ts';
import type { CallOptions } from '../../../oci/content-store.ts';
import { exchange, type ExchangeTools } from '../exchange.ts';
import type { ExpiringCredentials } from '../renewal.ts';
import type { AwsKeys } from './assume-role.ts';
import { explainEcr } from './ecr-refusal.ts';
import type { EcrPlace } from './ecr-place.ts';

const BODY = '{}';
const HEADERS = {
  'content-type': 'application/x-amz-json-1.1',
  'x-amz-target': 'AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken',
};

/** `expiresAt` is in seconds since the epoch, with fractions. */
const Answer = z.object({
  authorizationData: z.tuple(
    [z.object({ authorizationToken: z.base64(), expiresAt: z.number() })],
    z.unknown(),
  ),
});

/**
 * Gets user name and password for all registries of a region that the role may use
 * (https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetAuthorizationToken.html); they hold for 12 hours,
 * longer than the role's own session. Throws as {@link exchange} does.
 */
export async function logInToEcr(
  place: EcrPlace,
  keys: AwsKeys,
  tools: ExchangeTools,
  options: CallOptions,
): Promise<ExpiringCredentials> {
  const found = await exchange(
    {
      action: `log in to ${place.name}`,
      url: place.ecr,
      headers: await signedHeaders(place, keys, tools),
      body: BODY,
      read: credentialsIn,
      explain: explainEcr,
    },
    tools,
    options,
  );
  tools.redactor.add(found.password);
  return found;
}

async function signedHeaders(
  { ecr, region }: EcrPlace,
  keys: AwsKeys,
  { clock }: ExchangeTools,
): Promise<Readonly<Record<string, string>>> {
  const datetime = clock
    .now()
    .toISOString()
    .replaceAll(/[:-]|\.\d{3}/g, '');
  const signer = new AwsV4Signer({
    method: 'POST',
    url: ecr,
    headers: HEADERS,
    body: BODY,
    service: 'ecr',
    region,
    datetime,
    ...keys,
  });
  const { headers } = await signer.sign();
  return Object.fromEntries(headers);
}

function credentialsIn(body: string): ExpiringCredentials | undefined {
  const answer = Answer.safeParse(parseJson(body));
  if (!answer.success) return undefined;
  const [{ authorizationToken, expiresAt }] = answer.data.authorizationData;
  const pair = Buffer.from(authorizationToken, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  if (colon <= 0 || colon === pair.length - 1) return undefined;
  return { username: pair.slice(0, colon), password: pair.slice(colon + 1), expiresAt: expiresAt * 1000 };
}
