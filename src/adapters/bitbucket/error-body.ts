import * as z from 'zod';
import { oneLine } from '../../kernel/one-line.ts';
import { pageText } from '../../kernel/page-text.ts';
import { parseJson } from '../../kernel/parse-json.ts';

/** What an error answer of Bitbucket says. */
export interface ErrorBody {
  readonly message: string;
  /** The scopes that the call needs, where the answer lists them. */
  readonly requiredScopes: readonly string[];
}

const Usual = z.object({ error: z.object({ message: z.string(), detail: z.unknown().optional() }) });
const ScopeDetail = z.object({ required: z.array(z.string()) });
/** Code Insights answers in a shape of its own. */
const Insights = z.object({ code: z.number(), message: z.string() });

/**
 * Reads the body of an error answer: the API's usual JSON
 * (https://developer.atlassian.com/cloud/bitbucket/rest/intro/#standardized-error-responses), that of Code Insights,
 * or a gateway's HTML page. Never throws; the message is one line of at most 300 characters, empty for an empty body.
 */
export function readErrorBody(body: string): ErrorBody {
  const json = parseJson(body);
  const usual = Usual.safeParse(json);
  if (usual.success) return fromUsual(usual.data.error);
  const insights = Insights.safeParse(json);
  return { message: oneLine(insights.success ? insights.data.message : pageText(body)), requiredScopes: [] };
}

function fromUsual({ message, detail }: z.infer<typeof Usual>['error']): ErrorBody {
  const scopes = ScopeDetail.safeParse(detail);
  const extra = typeof detail === 'string' && detail !== '' ? ` (${detail})` : '';
  return {
    message: oneLine(`${message}${extra}`),
    requiredScopes: scopes.success ? scopes.data.required.map(oneLine) : [],
  };
}
