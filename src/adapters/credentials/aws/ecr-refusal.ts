import { z } from 'zod';
import { oneLine } from '../../../kernel/one-line.ts';
import { pageText } from '../../../kernel/page-text.ts';
import { parseJson } from '../../../kernel/parse-json.ts';
import type { Refusal } from '../exchange-refusal.ts';

/** The AWS JSON protocol's errors; `__type` may have a namespace before `#`. */
const ErrorBody = z.object({
  __type: z.string(),
  message: z.string().optional(),
  Message: z.string().optional(),
});

const CLOCK = 'Set the clock of this machine: AWS takes signatures of the last five minutes only.';
const HINTS: Readonly<Record<string, string>> = {
  AccessDeniedException: 'Allow the role "ecr:GetAuthorizationToken" on resource "*".',
  InvalidSignatureException: CLOCK,
  RequestExpired: CLOCK,
  UnrecognizedClientException: 'Check that the region of the registry is enabled in the role’s account.',
};

/** Reads an error answer of the API of Amazon ECR (JSON), or a gateway's page. */
export function explainEcr(status: number, body: string): Refusal {
  const error = ErrorBody.safeParse(parseJson(body));
  if (!error.success)
    return {
      why: `Amazon ECR answered ${status}: ${oneLine(pageText(body))}`,
      hint: undefined,
      isPassing: false,
    };
  const { __type: type, message, Message } = error.data;
  const code = type.slice(type.indexOf('#') + 1);
  return {
    why: `Amazon ECR answered ${status} ${oneLine(code)}: ${oneLine(message ?? Message ?? '')}`,
    hint: HINTS[code],
    isPassing: /^Throttling|^ServerException$|^InternalFailure$/.test(code),
  };
}
