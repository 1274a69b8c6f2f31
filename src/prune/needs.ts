import type { StockedManifest } from './stock.ts';

/** What images that are kept need beside themselves. */
export interface Needs {
  /** Forty hex digits of the content keys of their steps. */
  readonly stepKeys: ReadonlySet<string>;
  readonly layers: ReadonlySet<string>;
  readonly bases: ReadonlySet<string>;
  /** `<scope> <commit> <platform>` of their tags. */
  readonly commits: ReadonlySet<string>;
  /** The scopes that have any of them. */
  readonly scopes: ReadonlySet<string>;
}

/** Collects what these manifests need, of which only the images count. */
export function needsOf(kept: readonly StockedManifest[]): Needs {
  const images = kept.flatMap((manifest) =>
    manifest.content.kind === 'image' ? [{ ...manifest, content: manifest.content }] : [],
  );
  const tags = images.flatMap((image) => image.tags.flatMap(({ known }) => known ?? []));
  const commits = tags.flatMap((known) => (known.kind === 'commit' ? [known] : []));
  return {
    stepKeys: new Set(images.flatMap(({ content }) => content.stepKey ?? [])),
    layers: new Set(images.flatMap(({ blobs }) => blobs.map(({ digest }) => digest))),
    bases: new Set(images.flatMap(({ content }) => content.baseDigest ?? [])),
    commits: new Set(commits.map(commitKey)),
    scopes: new Set(commits.map(({ scope }) => scope)),
  };
}

/** The image of a commit, of whatever name. */
export function commitKey(of: {
  readonly scope: string;
  readonly commit: string;
  readonly platform?: string;
}): string {
  return `${of.scope} ${of.commit} ${of.platform ?? ''}`;
}
