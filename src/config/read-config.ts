import { hasErrors, type Diagnostic } from '../kernel/diagnostic.ts';
import { additionalRepositories, addressedName } from './additional-repositories.ts';
import { baseSource } from './base-source.ts';
import { drawDiagnostics } from './draw-diagnostics.ts';
import { environment } from './environment.ts';
import { extensions } from './extensions.ts';
import type { Finding, NodePath, Tell } from './finding.ts';
import { gitSettings } from './git-settings.ts';
import { GitpodFile } from './gitpod-file.ts';
import { jetbrains } from './jetbrains.ts';
import { livedWith, withoutEntries } from './lived-with.ts';
import { tellNotActedOn } from './not-acted-on.ts';
import { ports } from './ports.ts';
import { taskInputs, type TaskInputs } from './task-inputs.ts';
import { tasks } from './tasks.ts';
import { tellScripts } from './scripts/script-findings.ts';
import { textMap } from './text-map.ts';
import { typeFindings, valueAt } from './type-findings.ts';
import { unknownKeys } from './unknown-keys.ts';
import type { WorkspaceConfig } from './workspace-config.ts';
import { workspaceFolders, type WorkspaceFolders } from './workspace-folders.ts';
import { yamlRanges } from './yaml-ranges.ts';
import { LONGEST_TEXT, readYaml } from './yaml-source.ts';

export interface ReadConfigOptions {
  /** Names the folder of the checkout where the file does not. */
  readonly repositoryName: string;
  /** The base where the file names none; Gitpod's own when absent. */
  readonly defaultImage?: string;
  /** Whether to refuse what Gitpod refused, such as unknown keys, instead of warning of it. */
  readonly strict?: boolean;
  /** Whether tasks are run with `set -e`. */
  readonly strictTasks?: boolean;
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
  const told = [...syntax, ...findings, ...declared];
  // Of a text that is refused for its length only the beginning is shown.
  const diagnostics = drawDiagnostics(told, text.slice(0, LONGEST_TEXT), {
    rangeOf: yamlRanges(document, text),
    strict,
  });
  return { config: hasErrors(diagnostics) ? undefined : config, diagnostics };
}

interface Interpretation {
  readonly config: WorkspaceConfig | undefined;
  readonly findings: readonly Finding[];
}

/**
 * Values with wrong types are told and put aside: alone where they can be lived with, else with their top-level key, so
 * that the rest can be checked in the same run.
 */
function interpret(value: unknown, inputs: TaskInputs, options: ReadConfigOptions): Interpretation {
  const findings: Finding[] = [...unknownKeys(value)];
  const tell: Tell = (finding) => findings.push(finding);
  const parsed = GitpodFile.safeParse(value);
  if (parsed.success) return { config: meaningOf(parsed.data, inputs, options, tell), findings };
  const wrong = typeFindings(parsed.error.issues, value).map(
    (finding) => livedWith(finding, (path) => valueAt(value, path)) ?? finding,
  );
  findings.push(...wrong);
  const [refused, errors] = [wrong.filter(isRefused), wrong.filter((finding) => !isRefused(finding))];
  const broken = new Set(errors.map((finding) => pathOf(finding)[0]));
  const sound = GitpodFile.safeParse(withoutKeys(withoutEntries(value, refused.map(pathOf)), broken));
  const config = sound.success ? meaningOf(sound.data, inputs, options, tell) : undefined;
  return { config: errors.length === 0 ? config : undefined, findings };
}

function isRefused({ severity }: Finding): boolean {
  return severity === 'refused';
}

function pathOf({ where }: Finding): NodePath {
  return 'path' in where ? where.path : [];
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
  tellScripts(file, { strictTasks: options.strictTasks === true }, tell);
  const folders = workspaceFolders(file, options.repositoryName, tell);
  return {
    schemaVersion: 1,
    base: baseSource(file.image, options.defaultImage ?? DEFAULT_IMAGE, tell),
    ...folders,
    env: environment(textMap(file.env ?? {}, ['env'], tell), ['env'], tell),
    tasks: tasks(file.tasks ?? [], inputs, tell),
    ports: ports(file.ports ?? [], tell),
    extensions: extensions(file.vscode?.extensions ?? [], tell),
    ...whereSaid(file, folders, tell),
  };
}

/** What is absent where a file says nothing of it. */
function whereSaid(
  file: GitpodFile,
  { checkoutLocation }: WorkspaceFolders,
  tell: Tell,
): Partial<WorkspaceConfig> {
  const { additionalRepositories: repositories, mainConfiguration, gitConfig, coreDump } = file;
  if (mainConfiguration) addressedName(mainConfiguration, ['mainConfiguration'], tell);
  return {
    ...(repositories && {
      additionalRepositories: additionalRepositories(repositories, checkoutLocation, tell),
    }),
    ...(mainConfiguration && { mainConfiguration }),
    ...(gitConfig && { gitConfig: gitSettings(textMap(gitConfig, ['gitConfig'], tell), tell) }),
    ...(file.jetbrains && { jetbrains: jetbrains(file.jetbrains) }),
    ...(coreDump && { coreDump }),
  };
}
