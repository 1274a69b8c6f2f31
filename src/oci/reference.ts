import { isDigest, type Digest } from './digest.ts';

/** An image reference as people write it, with Docker's defaults filled in. */
export interface Reference {
  /** `host[:port]`, lower-case; `docker.io` where none was written. */
  readonly registry: string;
  /** The path below the registry, `library/` included where Docker Hub means it. */
  readonly repository: string;
  readonly tag: string | undefined;
  readonly digest: Digest | undefined;
}

const PATH_COMPONENT = /^[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;
const HOST = /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9a-fA-F:]+\])(?::\d{1,5})?$/;

/** Whether `text` may be a tag (distribution-spec, "Pulling manifests"). */
export function isTag(text: string): boolean {
  return TAG.test(text);
}

/**
 * Reads `[registry/]repository[:tag][@digest]`. Without tag and digest the tag is `latest`.
 * Throws `RangeError` with the reason for anything else.
 */
export function parseReference(text: string): Reference {
  const [name = '', digestText, ...more] = text.split('@');
  if (more.length > 0) throw unreadable(text, 'more than one "@"');
  const digest = digestText === undefined ? undefined : parseDigestPart(text, digestText);
  const { registry, path } = splitRegistry(name);
  const { repository, tag } = splitTag(text, path);
  const full = registry === 'docker.io' && !repository.includes('/') ? `library/${repository}` : repository;
  refuseOddNames(text, full);
  return { registry, repository: full, tag: tag ?? (digest === undefined ? 'latest' : undefined), digest };
}

function parseDigestPart(text: string, digest: string): Digest {
  if (!isDigest(digest)) throw unreadable(text, `"${digest}" is no sha256 digest`);
  return digest;
}

function splitTag(
  text: string,
  path: string,
): { readonly repository: string; readonly tag: string | undefined } {
  const colon = path.lastIndexOf(':');
  if (colon < 0) return { repository: path, tag: undefined };
  const tag = path.slice(colon + 1);
  if (!isTag(tag)) throw unreadable(text, `"${tag}" is no tag`);
  return { repository: path.slice(0, colon), tag };
}

function refuseOddNames(text: string, repository: string): void {
  const odd = repository.split('/').find((component) => !PATH_COMPONENT.test(component));
  if (odd === undefined) return;
  throw unreadable(text, odd === '' ? 'an empty name' : `"${odd}" is no repository name`);
}

/** Writes a reference in full; a digest stands behind the tag. */
export function formatReference({ registry, repository, tag, digest }: Reference): string {
  return `${registry}/${repository}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
}

function splitRegistry(name: string): { readonly registry: string; readonly path: string } {
  const slash = name.indexOf('/');
  const first = slash < 0 ? '' : name.slice(0, slash);
  const isHost = first === 'localhost' || /[.:[]/.test(first) || first !== first.toLowerCase();
  if (!isHost) return { registry: 'docker.io', path: name };
  if (!HOST.test(first)) throw unreadable(name, `"${first}" is no host`);
  const host = first.toLowerCase();
  return { registry: host === 'index.docker.io' ? 'docker.io' : host, path: name.slice(slash + 1) };
}

function unreadable(text: string, why: string): RangeError {
  return new RangeError(`not an image reference: ${JSON.stringify(text)} (${why})`);
}
