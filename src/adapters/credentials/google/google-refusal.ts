import * as z from 'zod';
import { parseJson } from '../../../kernel/parse-json.ts';
import { answerText, strangerRefusal, type Refusal } from '../exchange-refusal.ts';

const STS = 'Google’s STS';
const IAM = 'IAM Credentials';

/** RFC 6749, 5.2. */
const OauthError = z.object({ error: z.string(), error_description: z.string().optional() });
/** https://cloud.google.com/apis/design/errors#http_mapping */
const ApiError = z.object({ error: z.object({ message: z.string(), status: z.string().optional() }) });

/** What to change, by the words of the description: the codes are too few to tell. First match wins. */
const HINTS: readonly (readonly [RegExp, string])[] = [
  [
    /attribute condition/i,
    'Let the provider’s attribute condition accept this repository: assertion.repositoryUuid == "{…}", as the OpenID Connect page of the repository’s settings shows it.',
  ],
  [
    /audience in ID token|allowed audience|expected audience/i,
    'Add the audience of the OpenID Connect page of the repository’s settings to the provider’s allowed audiences.',
  ],
  [
    /expired|stale/i,
    'Run the step again: its token has expired; a step that takes longer needs REGISTRY_USERNAME and REGISTRY_PASSWORD.',
  ],
  [/issuer/i, 'Set the provider’s issuer to the identity provider URL of the OpenID Connect page.'],
  [
    /pool or provider|audience/i,
    'Check GCP_WORKLOAD_IDENTITY_PROVIDER: it names the number of the project, an enabled pool and its provider.',
  ],
  [
    /mapped attribute|attribute mapping|google\.subject/i,
    'Map google.subject to assertion.sub in the provider.',
  ],
];

/** Reads an error answer of Google's Security Token Service, or a gateway's page. */
export function explainGoogleSts(status: number, body: string): Refusal {
  const error = OauthError.safeParse(parseJson(body));
  if (!error.success) return strangerRefusal(STS, status, body);
  const { error: code, error_description: description = '' } = error.data;
  return {
    why: answerText(STS, status, code, description),
    hint: HINTS.find(([words]) => words.test(description))?.[1],
    isPassing: false,
  };
}

/** Reads an error answer of the IAM Service Account Credentials API, or a gateway's page. */
export function explainImpersonation(status: number, body: string, account: string): Refusal {
  const error = ApiError.safeParse(parseJson(body));
  if (!error.success) return strangerRefusal(IAM, status, body);
  const { message, status: code } = error.data.error;
  const grant = `Grant the pool’s identities roles/iam.workloadIdentityUser on ${account}.`;
  const enable = 'Enable the API iamcredentials.googleapis.com in the project.';
  const isDisabled = /has not been used|is disabled/i.test(message);
  return {
    why: answerText(IAM, status, code ?? '', message),
    hint: isDisabled ? enable : status === 403 || status === 404 ? grant : undefined,
    isPassing: false,
  };
}
