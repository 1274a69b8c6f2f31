import { parseJson } from '../../../kernel/parse-json.ts';
import type { HttpAnswer } from './http-exchange.ts';
import { unsettled, type RegistryAnswer } from './direct-registry.ts';

const MOST_PAGES = 10_000;

/**
 * All tags, a line for each, from the pages of a listing, each of which names the next one in its `Link` (RFC 8288;
 * distribution-spec, "Content Discovery").
 */
export async function readTagPages(get: (path: string) => Promise<HttpAnswer>): Promise<RegistryAnswer> {
  const tags: string[] = [];
  let path: string | undefined = 'tags/list';
  for (let pages = 0; path !== undefined; pages++) {
    const answer: HttpAnswer = await get(path);
    if (answer.status === 404 && pages === 0) return { kind: 'absent' };
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

/** What the spec lets a registry say: a path from the root of the same one. */
function nextOf(link: string): string | undefined {
  return /^<(\/[^/>][^>]*)>;\s*rel="?next"?\s*$/.exec(link)?.[1];
}
