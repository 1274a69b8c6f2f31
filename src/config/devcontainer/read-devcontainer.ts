import { dirname } from 'node:path/posix';
import { hasErrors } from '../../kernel/diagnostic.ts';
import { drawDiagnostics } from '../draw-diagnostics.ts';
import { extensions } from '../extensions.ts';
import type { Finding, Tell } from '../finding.ts';
import type { ConfigReading, ReadConfigOptions } from '../read-config.ts';
import { typeFindings } from '../type-findings.ts';
import type { Task, WorkspaceConfig } from '../workspace-config.ts';
import { LONGEST_TEXT } from '../yaml-source.ts';
import { clientMembers, extensionsOf } from './client-members.ts';
import { tellCommandScripts } from './command-scripts.ts';
import { declaredInputs } from './declared-inputs.ts';
import { devcontainerBase } from './devcontainer-base.ts';
import { containerEnvironment, remoteEnvironment } from './devcontainer-environment.ts';
import { DevcontainerFile } from './devcontainer-file.ts';
import { devcontainerFolders } from './devcontainer-folders.ts';
import { forwardedPorts } from './forwarded-ports.ts';
import { readJsonc } from './jsonc-source.ts';
import { IN_BUILDS, lifecycleScript } from './lifecycle-script.ts';
import { tellKeys } from './told-keys.ts';
import { answered, type KnownVariables } from './variables.ts';

/** The name of the one task that a `devcontainer.json` makes. */
const TASK = 'devcontainer';

/**
 * Reads the text of a `devcontainer.json` (`docs/devcontainer.md`) and tells all findings at once; `path` is where the
 * file lies in the repository. Throws for no input.
 */
export function readDevcontainer(written: string, path: string, options: ReadConfigOptions): ConfigReading {
  const text = written.replace(/^\uFEFF/, '');
  const { value, findings: syntax, rangeOf } = readJsonc(text);
  const findings: Finding[] = [...syntax];
  const tell: Tell = (finding) => findings.push(finding);
  const isReadable = syntax.every(({ severity }) => severity !== 'error');
  const config = isReadable ? interpret(value, { text, folder: dirname(path), options, tell }) : undefined;
  const strict = options.strict === true;
  const diagnostics = drawDiagnostics(findings, text.slice(0, LONGEST_TEXT), { rangeOf, strict });
  return { config: hasErrors(diagnostics) ? undefined : config, diagnostics };
}

interface Surroundings {
  readonly text: string;
  /** In which the file lies, from the root of the repository. */
  readonly folder: string;
  readonly options: ReadConfigOptions;
  readonly tell: Tell;
}

function interpret(value: unknown, around: Surroundings): WorkspaceConfig | undefined {
  const parsed = DevcontainerFile.safeParse(value ?? {});
  if (parsed.success) return meaningOf(parsed.data, around);
  for (const { suggestion, ...finding } of typeFindings(parsed.error.issues, value)) {
    // Other suggestions are how YAML would write it.
    const fits = suggestion !== undefined && /^(?:did you|put it in quotes|write true)/.test(suggestion);
    around.tell({ ...finding, ...(fits && { suggestion }) });
  }
  return undefined;
}

function meaningOf(file: DevcontainerFile, { text, folder, options, tell }: Surroundings): WorkspaceConfig {
  tellKeys(file, tell);
  const folders = devcontainerFolders(file, options.repositoryName, tell);
  const known: KnownVariables = {
    localWorkspaceFolderBasename: options.repositoryName,
    containerWorkspaceFolder: folders.workspaceLocation,
  };
  const containerEnv = containerEnvironment(file, known, tell);
  const base = devcontainerBase(file, folder, known, tell);
  tellCommandScripts(file, { hasDockerfile: base.kind === 'dockerfile' }, tell);
  return {
    schemaVersion: 1,
    base,
    ...folders,
    env: { ...containerEnv },
    tasks: tasksOf(file, { text, known, containerEnv, tell }),
    ports: forwardedPorts(file, tell),
    extensions: extensions(
      extensionsOf(file),
      tell,
      file.extensions === undefined ? EXTENSIONS : ['extensions'],
    ),
    containerEnv: { ...containerEnv },
    user: usersOf(file, known, tell),
    clients: clientMembers(file, tell),
  };
}

const EXTENSIONS = ['customizations', 'vscode', 'extensions'];

function usersOf(file: DevcontainerFile, known: KnownVariables, tell: Tell): WorkspaceConfig['user'] {
  const named = (key: 'remoteUser' | 'containerUser'): string | undefined =>
    file[key] && answered(file[key], [key], known, tell);
  const [remoteUser, containerUser] = [named('remoteUser'), named('containerUser')];
  return { ...(remoteUser && { remoteUser }), ...(containerUser && { containerUser }) };
}

interface TaskSurroundings {
  readonly text: string;
  readonly known: KnownVariables;
  readonly containerEnv: Readonly<Record<string, string>>;
  readonly tell: Tell;
}

/** One task: what runs in a build is its `init`, what runs at each start its `command`. */
function tasksOf(file: DevcontainerFile, { text, known, containerEnv, tell }: TaskSurroundings): Task[] {
  const inputs = declaredInputs(text, tell);
  const remoteEnv = remoteEnvironment(file, containerEnv, known, tell);
  const init = lifecycleScript(file, IN_BUILDS, { known, tell });
  const command = lifecycleScript(file, ['postStartCommand'], { known, tell });
  if (init === undefined && command === undefined) return [];
  const task = {
    name: TASK,
    ...(init !== undefined && { init: remoteEnv + init }),
    ...(command !== undefined && { command: remoteEnv + command }),
    env: {},
    ...(inputs.length > 0 && { inputs: [...inputs] }),
  };
  return [task];
}
