import { errorAnswer, type FakeAnswer } from './bitbucket-answer.ts';

type Value = Readonly<Record<string, unknown>>;

/** What a list is asked for, and under which address. */
export interface ListRequest {
  /** The address without its query. */
  readonly address: string;
  readonly query: URLSearchParams;
}

const LONGEST_PAGE = 100;
const USUAL_PAGE = 10;

/**
 * Answers with one page of a list, as `q`, `sort`, `pagelen`, `page` and `fields` ask for it
 * (https://developer.atlassian.com/cloud/bitbucket/rest/intro/#filtering). Of the language of queries it knows comparisons
 * by `=`, `!=` and `~` that are joined by `AND`; it refuses all else, so that no filter can be passed over in silence.
 */
export function listAnswer(all: readonly Value[], { address, query }: ListRequest): FakeAnswer {
  const pagelen = Number(query.get('pagelen') ?? USUAL_PAGE);
  const page = Number(query.get('page') ?? 1);
  if (!(pagelen >= 1 && pagelen <= LONGEST_PAGE)) return errorAnswer(400, 'Invalid pagelen');
  const terms = parseQuery(query.get('q'));
  if (terms === undefined) return errorAnswer(400, `Invalid query: ${query.get('q') ?? ''}`);
  const found = sorted(
    all.filter((value) => terms.every((term) => term(value))),
    query.get('sort'),
  );
  const values = found.slice((page - 1) * pagelen, page * pagelen);
  const next = found.length > page * pagelen ? { next: nextOf(address, query, page + 1) } : {};
  const body = { page, pagelen, size: found.length, values, ...next };
  return { status: 200, body: selected(body, query.get('fields')) };
}

function nextOf(address: string, query: URLSearchParams, page: number): string {
  const wanted = new URLSearchParams(query);
  wanted.set('page', String(page));
  return `${address}?${wanted.toString()}`;
}

type Term = (value: Value) => boolean;

const TERM = /^\s*([a-z_.]+)\s*(=|!=|~)\s*("(?:[^"\\]|\\.)*"|true|false|null)\s*(?:AND\s|$)/;

function parseQuery(text: string | null): readonly Term[] | undefined {
  const terms: Term[] = [];
  for (let rest = text ?? ''; rest !== '';) {
    const [whole, path, operator, literal] = TERM.exec(rest) ?? [];
    if (whole === undefined || path === undefined || literal === undefined) return undefined;
    const wanted = literalOf(literal);
    terms.push((value) => holds(at(value, path), operator, wanted));
    rest = rest.slice(whole.length);
  }
  return terms;
}

function literalOf(text: string): unknown {
  return text.startsWith('"') ? text.slice(1, -1).replaceAll(/\\(.)/g, '$1') : JSON.parse(text);
}

function holds(value: unknown, operator: string | undefined, wanted: unknown): boolean {
  if (operator === '~') return String(value).toLowerCase().includes(String(wanted).toLowerCase());
  return ((value ?? null) === wanted) === (operator === '=');
}

function at(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((inner, name) => (isObject(inner) ? inner[name] : undefined), value);
}

function sorted(values: readonly Value[], sort: string | null): readonly Value[] {
  if (sort === null) return values;
  const path = sort.replace(/^-/, '');
  const ascending = values.toSorted((a, b) => String(at(a, path)).localeCompare(String(at(b, path))));
  return sort.startsWith('-') ? ascending.toReversed() : ascending;
}

/** Only the named fields, where there are names (https://developer.atlassian.com/cloud/bitbucket/rest/intro/#partial-response). */
function selected(body: unknown, fields: string | null): unknown {
  if (fields === null) return body;
  const names = fields.split(',').map((path) => path.split('.'));
  return pick(body, names);
}

function pick(value: unknown, paths: readonly (readonly string[])[]): unknown {
  if (paths.some((path) => path.length === 0)) return value;
  if (Array.isArray(value)) return value.map((item) => pick(item, paths));
  if (!isObject(value)) return value;
  const kept = Object.keys(value).filter((name) => paths.some(([first]) => first === name));
  return Object.fromEntries(
    kept.map((name) => {
      const below = paths.filter(([first]) => first === name).map((path) => path.slice(1));
      return [name, pick(value[name], below)];
    }),
  );
}

function isObject(value: unknown): value is Value {
  return typeof value === 'object' && value !== null;
}
