import type { WorkspaceConfig } from '../config/workspace-config.ts';
import type { ImageUser } from '../observe/step-record.ts';
import { ANNOTATION } from '../oci/annotations.ts';
import type { ImageConfig } from '../oci/image-config.ts';
import type { Layer } from '../oci/layer.ts';
import type { Platform } from '../oci/platform.ts';
import { devcontainerMetadata } from './devcontainer-metadata.ts';

export interface ImageConfigRequest {
  readonly base: ImageConfig;
  /** The layers above the base, bottom to top. */
  readonly layers: readonly Layer[];
  readonly config: WorkspaceConfig;
  readonly user: ImageUser;
  readonly platform: Platform;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * The config of a workspace image (image-spec): the base's, except that a container starts as the workspace's user in
 * the workspace's folder with a shell, and no entrypoint stands before it, as Gitpod ignored entrypoints. It holds no
 * time of day: equal inputs give equal bytes.
 */
export function workspaceImageConfig(request: ImageConfigRequest): ImageConfig {
  const { base, layers, config, platform } = request;
  const {
    Entrypoint: _entrypoint,
    Healthcheck: _healthcheck,
    OnBuild: _onBuild,
    ...inherited
  } = base.config ?? {};
  return {
    ...platform,
    ...(base.created === undefined ? {} : { created: base.created }),
    config: {
      ...inherited,
      User: startsAs(request),
      WorkingDir: config.workspaceLocation,
      Cmd: ['bash'],
      ...exposedPorts(base, config),
      Labels: { ...base.config?.Labels, ...request.labels, ...workspaceLabels(request) },
    },
    rootfs: { type: 'layers', diff_ids: [...base.rootfs.diff_ids, ...layers.map(({ diffId }) => diffId)] },
    ...history(base, layers),
  };
}

/** A base that names its user's group means it; `gitpod` takes the place of any other user. */
function startsAs({ base, user }: ImageConfigRequest): string {
  const configured = base.config?.User ?? '';
  const isItsOwn = [user.name, String(user.uid)].includes(configured.split(':')[0] ?? '');
  return isItsOwn ? configured : user.name;
}

function workspaceLabels(request: ImageConfigRequest): Record<string, string> {
  const { base, config, user } = request;
  const { checkoutLocation, workspaceLocation, ports } = config;
  return {
    [ANNOTATION.workspace]: JSON.stringify({
      schemaVersion: 1,
      checkoutLocation,
      workspaceLocation,
      user: startsAs(request),
      ports,
      tasks: config.tasks.map(({ name }) => name),
    }),
    [ANNOTATION.devcontainer]: devcontainerMetadata(
      config,
      user.name,
      base.config?.Labels?.[ANNOTATION.devcontainer],
    ),
  };
}

function exposedPorts(base: ImageConfig, { ports }: WorkspaceConfig) {
  const single = ports
    .filter(({ first, last }) => first === last)
    .map(({ first }) => [`${first}/tcp`, {}] as const);
  const exposed = { ...base.config?.ExposedPorts, ...Object.fromEntries(single) };
  return Object.keys(exposed).length === 0 ? {} : { ExposedPorts: exposed };
}

/**
 * One entry a layer, as the image-spec asks; a base without a history gets none, so that the numbers never
 * disagree.
 */
function history(base: ImageConfig, layers: readonly Layer[]) {
  const entries = base.history ?? [];
  const described = entries.filter(({ empty_layer: empty }) => empty !== true).length;
  if (described !== base.rootfs.diff_ids.length) return {};
  return { history: [...entries, ...layers.map(({ role }) => ({ created_by: `preheat ${role} layer` }))] };
}
