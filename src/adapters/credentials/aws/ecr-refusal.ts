import * as z from 'zod';
import { parseJson } from '../../../kernel/parse-json.ts';
import { answerText, strangerRefusal, type Refusal } from '../exchange-refusal.ts';

/** The AWS JSON protocol's errors; `__type` may have a namespace before `#`. */
const ErrorBody = z.object({
  __type: z.string(),
  message: z.string().optional(),
  Message: z.string().optional(),
});

const WHO = 'Amazon ECR';
const CLOCK = 'Set the clock of this machine: AWS takes signatures of the last five minutes only.';
const HINTS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    AccessDeniedException: 'Allow the role "ecr:GetAuthorizationToken" on resource "*".',
    InvalidSignatureException: CLOCK,
    RequestExpired: CLOCK,
    UnrecognizedClientException: 'Check that the region of the registry is enabled in the role’s account.',
  }),
);

/** Reads an error answer of the API of Amazon ECR (JSON), or a gateway's page. */
export function explainEcr(status: number, body: string): Refusal {
  const error = ErrorBody.safeParse(parseJson(body));
  if (!error.success) return strangerRefusal(WHO, status, body);
  const { __type: type, message, Message } = error.data;
  const code = type.slice(type.indexOf('#') + 1);
  return {
    why: answerText(WHO, status, code, message ?? Message ?? ''),
    hint: HINTS.get(code),
    isPassing: /^Throttling|^ServerException$|^InternalFailure$/.test(code),
  };
}
