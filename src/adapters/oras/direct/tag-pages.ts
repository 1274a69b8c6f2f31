import * as z from 'zod';
import { parseJson } from '../../../kernel/parse-json.ts';
import { classify } from '../classify.ts';
import { unsettled, type RegistryAnswer } from './direct-registry.ts';
import type { HttpAnswer } from './http-exchange.ts';

const MOST_PAGES = 10_000;

/** distribution-spec, "Error Codes". */
const ErrorAnswer = z.object({
  errors: z.array(z.object({ code: z.string(), message: z.string().optional() })).optional(),
});

/**
 * All tags, a line for each, from the pages of a listing, each of which names the next one in its `Link` (RFC 8288;
 * distribution-spec, "Content Discovery").
 */
export async function readTagPages(get: (path: string) => Promise<HttpAnswer>): Promise<RegistryAnswer> {
  const tags: string[] = [];
  let path: string | undefined = 'tags/list';
  for (let pages = 0; path !== undefined; pages++) {
    const answer: HttpAnswer = await get(path);
    if (answer.status === 404 && pages === 0 && saysAbsent(answer.body)) return { kind: 'absent' };
    const found = answer.status === 200 ? tagsOf(answer.body) : undefined;
    if (found === undefined) return unsettled(`status ${answer.status} or no list of tags`);
    for (const tag of found) tags.push(tag);
    const link = answer.headers['link'];
    if (link === undefined) break;
    path = nextOf(String(link));
    if (path === undefined || pages === MOST_PAGES) return unsettled('the list of tags goes on elsewhere');
  }
  return { kind: 'found', content: Buffer.from(tags.map((tag) => `${tag}\n`).join('')) };
}

function tagsOf(body: Buffer): readonly string[] | undefined {
  const answer = parseJson(body.toString('utf8'));
  if (typeof answer !== 'object' || answer === null || !('tags' in answer)) return undefined;
  // A repository whose last tag went answers with null.
  const tags: unknown = answer.tags ?? [];
  return Array.isArray(tags) && tags.every((tag) => typeof tag === 'string') ? tags : undefined;
}

/** Of a listing oras tells the codes that the body has, which may be others than that there is none. */
function saysAbsent(body: Buffer): boolean {
  const { errors = [] } = ErrorAnswer.safeParse(parseJson(body.toString('utf8'))).data ?? {};
  const words = errors.map(({ code, message = '' }) => `${code.replaceAll('_', ' ')}: ${message}`).join('; ');
  return errors.length === 0 || classify(words).kind === 'not-found';
}

/** What the spec lets a registry say: a path from the root of the same one (URLs take `\\` for `/`, and leave tabs out). */
function nextOf(link: string): string | undefined {
  return /^<(\/[^/\\>\s][^>\s]*)>;\s*rel="?next"?\s*$/.exec(link)?.[1];
}
