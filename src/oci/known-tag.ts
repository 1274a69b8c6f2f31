/** What the tag of the image of a commit says, and that of the report on it. */
interface OfCommit {
  /** Who wrote it, as it stands in the tag: `protected.main`, `branch.feature-x.0123456789ab`, `pr.7`. */
  readonly scope: string;
  readonly commit: string;
  readonly platform?: string;
}

/** What a tag of a repository of workspace images says by its form alone. */
export type KnownTag =
  | ({ readonly kind: 'commit' } & OfCommit)
  | ({ readonly kind: 'report' } & OfCommit)
  /** The newest image of a branch (its name as it stands in the tag) or pull request (its number). */
  | { readonly kind: 'branch' | 'pull-request'; readonly name: string; readonly platform?: string }
  /** The number and the commit (its first 40 digits) of a keyframe. */
  | { readonly kind: 'keyframe'; readonly scope: string; readonly number: number; readonly commit: string }
  /** The record of a step, and the hint to its newest runs: forty hex digits of their keys. */
  | { readonly kind: 'step' | 'hint'; readonly scope: string; readonly key: string }
  /** A base that was built from a Dockerfile (its scope and forty hex digits of its key). */
  | { readonly kind: 'base'; readonly scope: string; readonly key: string; readonly image?: undefined }
  /** A base that came out of an engine: the hex digits of its image ID. */
  | { readonly kind: 'base'; readonly image: string; readonly scope?: undefined }
  /** Of a default branch (its name as it stands in the tag). */
  | { readonly kind: 'pins'; readonly name: string; readonly platform?: string }
  | { readonly kind: 'cache'; readonly scope: string; readonly platform?: string };

const SLUG = String.raw`[A-Za-z0-9_-]+?(?:\.[0-9a-f]{12})?`;
/** No architecture looks like the check digits of a slug. */
const PLATFORM = String.raw`(?:-(?<platform>[a-z0-9]+\.(?![0-9a-f]{12}$)[a-z0-9.]+))?`;
const SCOPE = String.raw`(?<scope>(?:protected|branch)\.${SLUG}|pr\.\d+)`;
const COMMIT = new RegExp(
  `^(?<kind>commit|report)-${SCOPE}-(?<commit>[0-9a-f]{40}(?:[0-9a-f]{24})?)${PLATFORM}$`,
);
const KEYFRAME = new RegExp(`^keyframe-${SCOPE}-(?<number>\\d{1,9})-(?<commit>[0-9a-f]{40})$`);
const BRANCH = new RegExp(`^branch-(?<name>${SLUG})${PLATFORM}$`);
const PULL_REQUEST = new RegExp(`^pr-(?<name>\\d+)${PLATFORM}$`);
const KEYED = new RegExp(`^(?<kind>step|hint|base)-${SCOPE}-(?<key>[0-9a-f]{40})$`);
const IMPORTED = /^base-(?<image>[0-9a-f]{64})$/;
const PINS = new RegExp(`^pins-(?<name>${SLUG})${PLATFORM}$`);
const CACHE = new RegExp(`^cache-${SCOPE}${PLATFORM}$`);

/** Reads a tag as `oci/tags.ts` writes it; `undefined` for a foreign one. */
export function readTag(tag: string): KnownTag | undefined {
  return (
    readCommitTag(tag) ??
    readKeyframeTag(tag) ??
    readHint(tag, 'branch', BRANCH) ??
    readHint(tag, 'pull-request', PULL_REQUEST) ??
    readOwn(tag)
  );
}

function readCommitTag(tag: string): KnownTag | undefined {
  const { kind, scope, commit, platform } = COMMIT.exec(tag)?.groups ?? {};
  if (scope === undefined || commit === undefined) return undefined;
  const found = { scope, commit, ...platformPart(platform) };
  return kind === 'report' ? { kind, ...found } : { kind: 'commit', ...found };
}

function readKeyframeTag(tag: string): KnownTag | undefined {
  const { scope, number, commit } = KEYFRAME.exec(tag)?.groups ?? {};
  if (scope === undefined || commit === undefined) return undefined;
  return { kind: 'keyframe', scope, number: Number(number), commit };
}

function readHint(tag: string, kind: 'branch' | 'pull-request', form: RegExp): KnownTag | undefined {
  const { name, platform } = form.exec(tag)?.groups ?? {};
  return name === undefined ? undefined : { kind, name, ...platformPart(platform) };
}

function readOwn(tag: string): KnownTag | undefined {
  const { kind, scope, key } = KEYED.exec(tag)?.groups ?? {};
  if (scope !== undefined && key !== undefined) {
    const own = { scope, key };
    return kind === 'step' || kind === 'hint' ? { kind, ...own } : { kind: 'base', ...own };
  }
  const { image } = IMPORTED.exec(tag)?.groups ?? {};
  return image === undefined ? (readPins(tag) ?? readCache(tag)) : { kind: 'base', image };
}

function readPins(tag: string): KnownTag | undefined {
  const { name, platform } = PINS.exec(tag)?.groups ?? {};
  return name === undefined ? undefined : { kind: 'pins', name, ...platformPart(platform) };
}

function readCache(tag: string): KnownTag | undefined {
  const { scope, platform } = CACHE.exec(tag)?.groups ?? {};
  return scope === undefined ? undefined : { kind: 'cache', scope, ...platformPart(platform) };
}

function platformPart(platform: string | undefined): { readonly platform?: string } {
  return platform === undefined ? {} : { platform };
}
