import { answerText, strangerRefusal, type Refusal } from '../exchange-refusal.ts';
import { xmlText } from './xml-text.ts';

const WHO = 'AWS STS';
/** Codes that come with status 400 and yet may pass. */
const PASSING = new Set(['IDPCommunicationError', 'Throttling', 'ThrottlingException', 'RequestThrottled']);

/**
 * What to change, by the error's code (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html).
 * STS says `AccessDenied` for a role that is not there, too.
 */
const HINTS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    AccessDenied:
      'Check AWS_OIDC_ROLE_ARN, and let the role’s trust policy allow sts:AssumeRoleWithWebIdentity to the aud and sub that the OpenID Connect page of the repository’s settings shows.',
    InvalidIdentityToken:
      'Add the identity provider URL and the audience of the OpenID Connect page of the repository’s settings to the account’s identity providers in IAM.',
    ExpiredTokenException:
      'Run the step again: its token has expired; a step that takes longer needs REGISTRY_USERNAME and REGISTRY_PASSWORD.',
    IDPRejectedClaim: 'Run the step again: its token is not accepted any more.',
    RegionDisabledException: 'Activate the region for AWS STS in the account settings of IAM.',
    ValidationError: 'Check AWS_OIDC_ROLE_ARN.',
  }),
);

/** Reads an error answer of AWS STS (XML), or a gateway's page. */
export function explainSts(status: number, body: string): Refusal {
  const code = xmlText(body, 'Code');
  if (code === undefined) return strangerRefusal(WHO, status, body);
  return {
    why: answerText(WHO, status, code, xmlText(body, 'Message') ?? ''),
    hint: HINTS.get(code),
    isPassing: PASSING.has(code),
  };
}
