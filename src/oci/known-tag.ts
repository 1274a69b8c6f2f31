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
  /** What else preheat keeps for itself. */
  | { readonly kind: 'step' | 'hint' | 'base' | 'pins' | 'cache' };

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
const OWN_KINDS = ['step', 'hint', 'base', 'pins', 'cache'] as const;

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
  const kind = OWN_KINDS.find((own) => tag.startsWith(`${own}-`));
  return kind && { kind };
}

function platformPart(platform: string | undefined): { readonly platform?: string } {
  return platform === undefined ? {} : { platform };
}
