import type { CallOptions } from '../../../oci/content-store.ts';
import { exchange, type ExchangeTools } from '../exchange.ts';
import type { EcrPlace } from './ecr-place.ts';
import { explainSts } from './sts-refusal.ts';
import { xmlText } from './xml-text.ts';

/** Who assumes which role. */
export interface RoleClaim {
  readonly roleArn: string;
  readonly sessionName: string;
  /** The step's OIDC token. */
  readonly token: string;
}

/** Keys of an assumed role, for signing requests. */
export interface AwsKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** The API's own name of its edition. */
const API_DATE = '2011-06-15';

/**
 * Assumes a role by the step's identity; the call is not signed, the token is its proof
 * (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html). The region's own endpoint is
 * asked: the global one may be switched off, and hangs on one region. Throws as {@link exchange} does.
 */
export async function assumeRole(
  { sts }: EcrPlace,
  { roleArn, sessionName, token }: RoleClaim,
  tools: ExchangeTools,
  options: CallOptions,
): Promise<AwsKeys> {
  const keys = await exchange(
    {
      action: `assume ${roleArn}`,
      url: sts,
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/xml' },
      body: new URLSearchParams({
        Action: 'AssumeRoleWithWebIdentity',
        Version: API_DATE,
        RoleArn: roleArn,
        RoleSessionName: sessionName,
        WebIdentityToken: token,
      }).toString(),
      read: keysIn,
      explain: explainSts,
    },
    tools,
    options,
  );
  tools.redactor.add(keys.secretAccessKey);
  tools.redactor.add(keys.sessionToken);
  return keys;
}

function keysIn(xml: string): AwsKeys | undefined {
  const [accessKeyId, secretAccessKey, sessionToken] = ['AccessKeyId', 'SecretAccessKey', 'SessionToken'].map(
    (name) => xmlText(xml, name),
  );
  return accessKeyId && secretAccessKey && sessionToken
    ? { accessKeyId, secretAccessKey, sessionToken }
    : undefined;
}
