import { ANNOTATION } from '../oci/annotations.ts';
import { shortDigest } from '../oci/digest.ts';
import type { WarmImage } from './warm-image.ts';
import type { WorkspaceSpec } from './workspace-engine.ts';
import type { LabelPort, WorkspaceLabel } from './workspace-label.ts';

/** Labels of the containers that are workspaces. */
export const WORKSPACE_LABEL = {
  id: 'dev.preheat.workspace.id',
  repository: 'dev.preheat.workspace.repository',
  revision: ANNOTATION.revision,
} as const;

/** Main program of a workspace, part of each workspace image. */
const START = '/.preheat/start';

/** What `image/gp` reads. */
const PORTS_VARIABLE = 'PREHEAT_PORTS';

/** A range of ports that is wider is not published: each port costs the engine a program of its own. */
const WIDEST_RANGE = 20;

export interface RunSpecRequest {
  readonly warm: WarmImage;
  /** What the engine knows the image by. */
  readonly image: string;
  /** Tells workspaces apart. */
  readonly id: string;
  readonly repository: string;
  readonly network: string;
  /** More environment for the workspace. */
  readonly env: Readonly<Record<string, string>>;
  /** The name of the container; made of repository and commit where none is given. */
  readonly name?: string;
  /** Names that other containers have. */
  readonly takenNames: ReadonlySet<string>;
}

/** How to run a warm image as a workspace. Pure. */
export function runSpec(request: RunSpecRequest): WorkspaceSpec {
  const { warm, image, id, repository, network, env, takenNames } = request;
  return {
    image,
    name: request.name ?? freeName(workspaceName(repository, warm), takenNames),
    command: [START],
    user: warm.label.user,
    workingDirectory: warm.label.workspaceLocation,
    env,
    labels: { [WORKSPACE_LABEL.id]: id, [WORKSPACE_LABEL.repository]: repository },
    ports: publishedPorts(warm.label),
    portsVariable: PORTS_VARIABLE,
    network,
  };
}

/** The ports that a workspace publishes, each once, in order; those of `ignore-completely` and of wide ranges not. */
export function publishedPorts({ ports }: WorkspaceLabel): readonly number[] {
  const wanted = ports
    .filter(isPublished)
    .flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, step) => first + step));
  return [...new Set(wanted)].toSorted((a, b) => a - b);
}

/** Whether a start publishes the ports of an entry. */
export function isPublished({ first, last, onOpen }: LabelPort): boolean {
  return onOpen !== 'ignore-completely' && last - first < WIDEST_RANGE;
}

/** `preheat-<repository>-<commit>`, in the characters that engines take for names. */
function workspaceName(repository: string, { config, digest }: WarmImage): string {
  const revision = config.config?.Labels?.[ANNOTATION.revision];
  const short = revision === undefined ? shortDigest(digest) : revision.slice(0, 7);
  const readable = repository.replaceAll(/[^A-Za-z0-9_.-]+/g, '-').slice(0, 40);
  return `preheat-${readable}-${short}`;
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  let free = name;
  for (let suffix = 2; taken.has(free); suffix++) free = `${name}-${suffix}`;
  return free;
}
