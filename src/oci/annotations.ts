/** Annotations and labels that preheat writes; the `org.opencontainers` ones are the image-spec's. */
export const ANNOTATION = {
  /** On an image manifest: the key of everything that went into the image. */
  imageKey: 'dev.preheat.image.key',
  /** On an image manifest: the content key of the step that ran its tasks, by which its record is found. */
  stepKey: 'dev.preheat.step.key',
  /** On an image manifest: of which commit its source layer is, where a delta lies upon it. */
  sourceCommit: 'dev.preheat.source.commit',
  /** On an image manifest: the repositories of its lowest source layers, in their order, as JSON. */
  repositories: 'dev.preheat.source.repositories',
  /** On a layer's descriptor: what the layer holds. */
  layerRole: 'dev.preheat.layer.role',
  /** On the manifest of a base that was built from a Dockerfile: the key of everything that went into it. */
  baseKey: 'dev.preheat.base.key',
  /** On the manifest of the default branch's pins: what base images mean, as JSON. */
  basePins: 'dev.preheat.base.pins',
  /** On the manifest of a step's hint: its newest runs, as JSON. */
  stepHint: 'dev.preheat.step.hint',
  /** On the manifest of a download cache: what its layers are, as JSON. */
  downloadCache: 'dev.preheat.downloads',
  /** On the manifest of a report: the runs that led to its image, newest first, as JSON. */
  pastRuns: 'dev.preheat.report.runs',
  /** Label of a record's config: the record as JSON. */
  record: 'dev.preheat.record',
  /** Label of a keyframe's config: the keyframe, compressed. */
  keyframe: 'dev.preheat.keyframe',
  /** Label of a workspace image's config: what the warm start needs, as JSON. */
  workspace: 'dev.preheat.workspace',
  /** Label of a workspace image's config: what `.gitpod.yml` says for JetBrains' editors, as JSON. */
  jetbrains: 'dev.preheat.jetbrains',
  /** Label of a workspace image's config, of the Dev Containers specification. */
  devcontainer: 'devcontainer.metadata',
  revision: 'org.opencontainers.image.revision',
  source: 'org.opencontainers.image.source',
  baseName: 'org.opencontainers.image.base.name',
  baseDigest: 'org.opencontainers.image.base.digest',
} as const;
