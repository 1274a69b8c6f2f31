import { hasErrors, type Diagnostic } from '../kernel/diagnostic.ts';
import { baseSource } from './base-source.ts';
import { drawDiagnostics } from './draw-diagnostics.ts';
import { environment } from './environment.ts';
import type { Finding, Tell } from './finding.ts';
import { GitpodFile } from './gitpod-file.ts';
import { tellNotActedOn } from './not-acted-on.ts';
import { ports } from './ports.ts';
import { taskInputs, type TaskInputs } from './task-inputs.ts';
import { tasks } from './tasks.ts';
import { typeFindings } from './type-findings.ts';
import { unknownKeys } from './unknown-keys.ts';
import { Jetbrains, type WorkspaceConfig } from './workspace-config.ts';
import { workspaceFolders } from './workspace-folders.ts';
import { readYaml } from './yaml-source.ts';

export interface ReadConfigOptions {
  /** Names the folder of the checkout where the file does not. */
  readonly repositoryName: string;
  /** The base where the file names none; Gitpod's own when absent. */
  readonly defaultImage?: string;
  /** Whether to refuse what Gitpod refused, such as unknown keys, instead of warning of it. */
  readonly strict?: boolean;
}

export interface ConfigReading {
  /** Absent exactly when a diagnostic is an error. */
  readonly config: WorkspaceConfig | undefined;
  /** Everything found, ordered by position. */
  readonly diagnostics: readonly Diagnostic[];
}

const DEFAULT_IMAGE = 'gitpod/workspace-full';

/**
 * Reads the text of a `.gitpod.yml` (a byte order mark is allowed) and tells all findings at once. Throws for no input.
 */
export function readConfig(written: string, options: ReadConfigOptions): ConfigReading {
  // The parser takes a byte order mark for a column of the first line, which breaks lists there.
  const text = written.replace(/^\uFEFF/, '');
  const { document, value, findings: syntax } = readYaml(text);
  const readable = syntax.every(({ severity }) => severity !== 'error');
  const declared: Finding[] = [];
  const inputs: TaskInputs =
    readable && document ? taskInputs(text, document, (finding) => declared.push(finding)) : new Map();
  const { config, findings } = readable
    ? interpret(value, inputs, options)
    : { config: undefined, findings: [] };
  const strict = options.strict === true;
  const diagnostics = drawDiagnostics([...syntax, ...findings, ...declared], text, { document, strict });
  return { config: hasErrors(diagnostics) ? undefined : config, diagnostics };
}

interface Interpretation {
  readonly config: WorkspaceConfig | undefined;
  readonly findings: readonly Finding[];
}

/** Top-level keys with wrong types are told and put aside, so that the rest can be checked in the same run. */
function interpret(value: unknown, inputs: TaskInputs, options: ReadConfigOptions): Interpretation {
  const findings: Finding[] = [...unknownKeys(value)];
  const tell: Tell = (finding) => findings.push(finding);
  const parsed = GitpodFile.safeParse(value);
  if (parsed.success) return { config: meaningOf(parsed.data, inputs, options, tell), findings };
  findings.push(...typeFindings(parsed.error.issues, value));
  const broken = new Set(parsed.error.issues.map(({ path }) => path[0]));
  const sound = GitpodFile.safeParse(withoutKeys(value, broken));
  if (sound.success) meaningOf(sound.data, inputs, options, tell);
  return { config: undefined, findings };
}

function withoutKeys(value: unknown, keys: ReadonlySet<unknown>): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.fromEntries(Object.entries(value).filter(([key]) => !keys.has(key)));
}

function meaningOf(
  file: GitpodFile,
  inputs: TaskInputs,
  options: ReadConfigOptions,
  tell: Tell,
): WorkspaceConfig {
  tellNotActedOn(file, tell);
  return {
    schemaVersion: 1,
    base: baseSource(file.image, options.defaultImage ?? DEFAULT_IMAGE, tell),
    ...workspaceFolders(file, options.repositoryName, tell),
    env: environment(file.env, ['env'], tell),
    tasks: tasks(file.tasks ?? [], inputs, tell),
    ports: ports(file.ports ?? [], tell),
    extensions: file.vscode?.extensions ?? [],
    ...(file.jetbrains && { jetbrains: Jetbrains.parse(file.jetbrains) }),
  };
}
