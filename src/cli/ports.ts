import { join } from 'node:path';
import { connectDocker, type DockerAdapter } from '../adapters/engine/connect-docker.ts';
import { openBuildContext } from '../adapters/git/build-context.ts';
import { openContextTree } from '../adapters/git/context-tree.ts';
import { openRepository } from '../adapters/git/repository.ts';
import { openSourceTree } from '../adapters/git/source-tree.ts';
import { rememberingTreeLists } from '../adapters/git/tree-lists.ts';
import { openLayoutBlobs } from '../adapters/layout/layout-blobs.ts';
import { openLayoutStore } from '../adapters/layout/layout-store.ts';
import { openStaging } from '../adapters/layout/staging-layout.ts';
import { openBlobSource } from '../adapters/oras/blob-source.ts';
import { openDirectRegistry } from '../adapters/oras/direct/open-direct-registry.ts';
import { createLayoutCopier } from '../adapters/oras/layout-copier.ts';
import type { OrasLimits } from '../adapters/oras/oras-options.ts';
import { createOras, type Oras } from '../adapters/oras/oras.ts';
import { openRegistryStore } from '../adapters/oras/registry-store.ts';
import { createHostToolbox } from '../adapters/toolbox/host-toolbox.ts';
import { provideOras } from '../adapters/toolcache/oras.ts';
import type { BaseBuilder } from '../build/base-builder.ts';
import type { BaseExporter } from '../build/base-exporter.ts';
import type { BuildContext } from '../build/build-context.ts';
import type { Engine } from '../build/engine.ts';
import type { SourceTree } from '../build/source-tree.ts';
import type { Toolbox } from '../build/toolbox.ts';
import type { ContextTree } from '../observe/dockerfile/context-tree.ts';
import type { EngineTriggers } from '../observe/dockerfile/image-triggers.ts';
import type { LocalImages } from '../observe/local-images.ts';
import type { Repository } from '../observe/repository.ts';
import type { BlobSource } from '../oci/blob-source.ts';
import type { CallOptions, ContentStore } from '../oci/content-store.ts';
import type { Location } from '../oci/location.ts';
import type { Reference } from '../oci/reference.ts';
import type { Staging } from '../oci/staging.ts';
import type { Uploader } from '../publish/uploader.ts';
import type { LayoutBlobs } from '../start/layout-blobs.ts';
import type { WorkspaceImages } from '../start/workspace-engine.ts';
import type { Folders } from './folders.ts';
import { homeFolder } from './home-folder.ts';
import { deltaTreesOf, type OpenDeltaTree } from './open-delta-tree.ts';
import type { Sources } from './open-sources.ts';
import { otherRepositories, type OtherRepositories } from './other-repositories.ts';
import { openCredentials } from './registry-credentials.ts';
import type { Session } from './session.ts';
import { sourceOptions } from './source-options.ts';

/** The outside world of a push, behind the stages' ports. Nothing is contacted before it is used. */
export interface Ports {
  readonly repository: Repository;
  readonly sourceTree: SourceTree;
  /** Those that the configuration names. */
  readonly others: OtherRepositories;
  /** The commit as it differs from earlier ones. */
  readonly openDeltaTree: OpenDeltaTree;
  /** Where workspace images are kept. */
  readonly target: ContentStore & Uploader;
  readonly openStore: (reference: Reference) => ContentStore;
  readonly openStaging: (directory: string) => Promise<Staging>;
  /** Finds what uploads more than a little: who makes that calls it first, so as not to work for nothing. */
  readonly provideUploads: (options: CallOptions) => Promise<void>;
  readonly engine: Engine;
  readonly localImages: LocalImages;
  /** The engine's images, for bases that are kept in the target. */
  readonly images: WorkspaceImages;
  /** Blobs of the target of any size, such as those of download caches. */
  readonly blobSource: BlobSource;
  /** Blobs of the target where it is a layout. */
  readonly blobs: LayoutBlobs | undefined;
  readonly exporter: BaseExporter;
  readonly baseBuilder: BaseBuilder;
  readonly engineTriggers: EngineTriggers;
  /** The commit's files as a Dockerfile's build reads them. */
  readonly contextTree: ContextTree;
  readonly buildContext: BuildContext;
  readonly toolbox: Toolbox;
}

/** Connects the adapters of a push; all that read its commit read it from its sources. */
export function openPorts(
  { location }: Pick<Folders, 'location'>,
  sources: Sources,
  session: Session,
): Ports {
  const outside = openOutside({ location }, session);
  const { directory, openFolder } = sources;
  const treeLists = rememberingTreeLists(openFolder);
  const { readers } = sources;
  const context = { treeLists, readers, ...(openFolder && { openFolder }) };
  return {
    repository: openRepository(directory, { ...session.settings, readers }),
    sourceTree: openSourceTree(directory, sourceOptions(sources, session)),
    others: otherRepositories(sources, session),
    openDeltaTree: deltaTreesOf(sources, treeLists, session),
    target: openTarget(location, outside.oras),
    openStore: ({ registry, repository }) =>
      openRegistryStore({ kind: 'registry', registry, repository }, outside.oras),
    openStaging: (directory) => openStaging(directory, session),
    provideUploads: async (options) => await outside.oras.provide(options),
    engine: outside.docker.engine,
    localImages: outside.docker.localImages,
    images: outside.docker.workspaceImages,
    blobSource: openBlobSource(location, outside.oras),
    blobs: openBlobs(location),
    exporter: outside.docker.baseExporter,
    baseBuilder: outside.docker.baseBuilder,
    engineTriggers: outside.docker.engineTriggers,
    contextTree: openContextTree(directory, context),
    buildContext: openBuildContext(directory, context),
    toolbox: createHostToolbox(),
  };
}

/** What a push and a start share: the engine and the registries, with the same credentials. */
export interface Outside {
  readonly docker: DockerAdapter;
  readonly oras: Oras;
  /** Where the credentials for the place of workspace images come from, never what they are; `undefined` for none. */
  readonly originOf: (options: CallOptions) => Promise<string | undefined>;
}

/** Connects engine and registries. */
export function openOutside(
  { location }: Pick<Folders, 'location'>,
  session: Session,
  limits?: OrasLimits,
): Outside {
  const { settings, environment, log, clock } = session;
  const registry = location.kind === 'registry' ? location.registry : undefined;
  const credentials = openCredentials(location, session);
  const host = settings['docker-host'];
  const certificates = environment['DOCKER_TLS_VERIFY'] ? environment['DOCKER_CERT_PATH'] : undefined;
  const docker = connectDocker({
    ...(host === undefined ? {} : { host }),
    ...(certificates === undefined ? {} : { certificates }),
    credentials,
    warn: (text) => log.warn(text),
  });
  const cacheDir = toolCacheOf(session);
  const plainHttp = settings['plain-http'] && registry ? [registry] : [];
  const oras = createOras({
    binary: ({ signal }) => provideOras({ cacheDir, signal }),
    credentials,
    clock,
    plainHttp,
    direct: openDirectRegistry({ credentials, plainHttp, environment }),
    onRetry: (text) => log.warn(text),
    onAttempt: (text) => log.debug(text),
    ...(limits === undefined ? {} : { limits }),
  });
  const originOf = async (options: CallOptions): Promise<string | undefined> =>
    registry === undefined ? undefined : await credentials.originOf(registry, options);
  return { docker, oras, originOf };
}

/** Where programs are kept that were downloaded. */
export function toolCacheOf({ environment }: Pick<Session, 'environment'>): string {
  return join(environment['XDG_CACHE_HOME'] || join(homeFolder(), '.cache'), 'preheat');
}

/** The blobs of the place of workspace images, where it is a folder. */
export function openBlobs(location: Location): LayoutBlobs | undefined {
  return location.kind === 'layout' ? openLayoutBlobs(location.directory) : undefined;
}

/** Opens the place of workspace images. */
export function openTarget(location: Location, oras: Oras): ContentStore & Uploader {
  return location.kind === 'layout'
    ? openLayoutStore(location, createLayoutCopier(oras))
    : openRegistryStore(location, oras);
}
