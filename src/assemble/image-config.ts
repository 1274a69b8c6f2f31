import { dirname } from 'node:path/posix';
import type { WorkspaceConfig } from '../config/workspace-config.ts';
import { COMMANDS_FOLDER, workspaceVariables } from '../kernel/workspace-variables.ts';
import type { ImageUser } from '../observe/step-record.ts';
import { ANNOTATION } from '../oci/annotations.ts';
import type { ImageConfig } from '../oci/image-config.ts';
import type { Layer } from '../oci/layer.ts';
import { devcontainerMetadata } from './devcontainer-metadata.ts';
import { keptVolumes, type WrittenPaths } from './kept-volumes.ts';

export interface ImageConfigRequest {
  readonly base: ImageConfig;
  /** The layers above the base, bottom to top. */
  readonly layers: readonly Layer[];
  readonly config: WorkspaceConfig;
  readonly user: ImageUser;
  readonly labels: Readonly<Record<string, string>>;
  /** What the layers above the base hold. */
  readonly written: WrittenPaths;
}

/** What tells an image's platform (image-spec, "OCI Image Configuration"): the base's word, whatever was asked for. */
const PLATFORM_MEMBERS = ['os', 'architecture', 'variant', 'os.version', 'os.features'] as const;

/**
 * The config of a workspace image (image-spec): the base's, except that a container starts as the workspace's user in
 * the workspace's folder with a shell, and no entrypoint stands before it, as Gitpod ignored entrypoints. What belongs
 * to the base's own program goes with it (health check, signal to stop, triggers), and so do volumes over what layers
 * of ours hold. It holds no time of day: equal inputs give equal bytes.
 */
export function workspaceImageConfig(request: ImageConfigRequest): ImageConfig {
  const { base, layers, config } = request;
  const {
    Entrypoint: _entrypoint,
    Healthcheck: _healthcheck,
    OnBuild: _onBuild,
    StopSignal: _stopSignal,
    Volumes: volumes,
    ...inherited
  } = base.config ?? {};
  return {
    ...platformOf(base),
    ...(base.created === undefined ? {} : { created: base.created }),
    config: {
      ...inherited,
      ...environment(request),
      User: startsAs(request),
      WorkingDir: openedFolder(config),
      Cmd: ['bash'],
      ...keptVolumes(volumes ?? {}, checkoutsOf(config), request.written),
      ...exposedPorts(base, config),
      Labels: { ...base.config?.Labels, ...request.labels, ...workspaceLabels(request) },
    },
    rootfs: { type: 'layers', diff_ids: [...base.rootfs.diff_ids, ...layers.map(({ diffId }) => diffId)] },
    ...history(base, layers),
  };
}

function platformOf(base: ImageConfig): Pick<ImageConfig, 'os' | 'architecture' | 'variant'> {
  const { os, architecture } = base;
  const told = PLATFORM_MEMBERS.flatMap((name) =>
    base[name] === undefined ? [] : [[name, base[name]] as const],
  );
  return { ...Object.fromEntries(told), os, architecture };
}

/** What an engine gives a container whose image sets no `PATH` (moby, `oci/caps` and `libcontainer`'s default). */
const USUAL_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * The base's, with Gitpod's variables and `gp` for every shell. Where a base sets `HOME` at all, it becomes the home in
 * which the tasks ran: what they left there must be found. Variables of the container take the place of the base's. That
 * a build runs is never true of an image.
 */
function environment({ base, user, config }: ImageConfigRequest): { readonly Env: string[] } {
  const { PATH: wanted, HOME: _home, ...containerEnv } = config.containerEnv ?? {};
  const own = { ...containerEnv, ...workspaceVariables(config) };
  const isOwn = (variable: string): boolean => {
    const [name = ''] = variable.split('=');
    return name === 'PATH' || name === 'GITPOD_HEADLESS' || Object.hasOwn(own, name);
  };
  const inherited = base.config?.Env ?? [];
  const path =
    wanted ?? inherited.findLast((variable) => variable.startsWith('PATH='))?.slice('PATH='.length);
  return {
    Env: [
      `PATH=${COMMANDS_FOLDER}:${path ?? USUAL_PATH}`,
      ...inherited
        .filter((variable) => !isOwn(variable))
        .map((variable) => (variable.startsWith('HOME=') ? `HOME=${user.home}` : variable)),
      ...Object.entries(own).map(([name, value]) => `${name}=${value}`),
    ],
  };
}

/** A base that names its user's group means it; `gitpod` takes the place of any other user. */
function startsAs({ base, user }: ImageConfigRequest): string {
  const configured = base.config?.User ?? '';
  // `:group` is a group of root's.
  const named = configured.startsWith(':') ? '0' : configured.split(':')[0];
  return named === user.name || named === String(user.uid) ? configured : user.name;
}

function workspaceLabels(request: ImageConfigRequest): Record<string, string> {
  const { base, config, user } = request;
  const { checkoutLocation, workspaceLocation, codeWorkspace, ports } = config;
  return {
    [ANNOTATION.workspace]: JSON.stringify({
      schemaVersion: 1,
      checkoutLocation,
      workspaceLocation,
      ...(codeWorkspace !== undefined && { codeWorkspace }),
      user: startsAs(request),
      ports,
      tasks: config.tasks.map(({ name }) => name),
    }),
    [ANNOTATION.devcontainer]: devcontainerMetadata(
      config,
      user.name,
      base.config?.Labels?.[ANNOTATION.devcontainer],
    ),
    ...(config.jetbrains && { [ANNOTATION.jetbrains]: JSON.stringify(config.jetbrains) }),
  };
}

/** Of a `.code-workspace` file, whose folders are relative to it, the folder in which it lies. */
function openedFolder({ workspaceLocation, codeWorkspace }: WorkspaceConfig): string {
  return codeWorkspace === undefined ? workspaceLocation : dirname(codeWorkspace);
}

function checkoutsOf({ checkoutLocation, additionalRepositories = [] }: WorkspaceConfig): readonly string[] {
  return [checkoutLocation, ...additionalRepositories.map((repository) => repository.checkoutLocation)];
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
