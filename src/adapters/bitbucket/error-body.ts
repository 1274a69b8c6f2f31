import { z } from 'zod';

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

const LONGEST_MESSAGE = 300;

/**
 * Reads the body of an error answer: the API's usual JSON
 * (https://developer.atlassian.com/cloud/bitbucket/rest/intro/#standardized-error-responses), that of Code Insights,
 * or a gateway's HTML page. Never throws; the message is one line of at most 300 characters, empty for an empty body.
 */
export function readErrorBody(body: string): ErrorBody {
  const json = parsed(body);
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

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** The words of an HTML page: its title where it has one. Every step is linear, since the page may be hostile. */
function pageText(body: string): string {
  const title = /<title[^>]{0,200}>([^<]{0,500})/i.exec(body)?.[1]?.trim();
  if (title) return title;
  const [first = '', ...rest] = body.split(/<(?=(?:script|style)\b)/i);
  const visible = [first, ...rest.map((piece) => piece.split(/<\/(?:script|style)/i)[1] ?? '')];
  return visible
    .join('<')
    .split('<')
    .map((piece) => piece.slice(piece.indexOf('>') + 1))
    .join(' ');
}

/** One line without a full stop at its end, as messages have none. */
function oneLine(text: string): string {
  const line = text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();
  return line.length <= LONGEST_MESSAGE ? line.replace(/\.$/, '') : `${line.slice(0, LONGEST_MESSAGE - 1)}…`;
}
