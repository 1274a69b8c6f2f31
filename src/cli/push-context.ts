import { configError } from '../config/config-errors.ts';
import { CONFIG_FILE_NAMES, type ConfigFile } from '../config/config-file.ts';
import { interpretConfig } from '../config/interpret-config.ts';
import { countOf, renderDiagnostics } from '../config/render-diagnostics.ts';
import type { WorkspaceConfig } from '../config/workspace-config.ts';
import type { Diagnostic } from '../kernel/diagnostic.ts';
import type { PushEvent } from '../event/push-event.ts';
import type { CommitFacts } from '../observe/facts.ts';
import { observeCommit } from '../observe/observe-commit.ts';
import type { Repository } from '../observe/repository.ts';
import { findConfig } from './find-config.ts';
import type { Pin, PinnedRepository } from './pinned-repository.ts';
import type { Session } from './session.ts';

/** A push whose commit is known in full. */
export interface PushContext {
  readonly event: PushEvent;
  readonly commit: CommitFacts;
  /** The repositories that lie beside the pushed one, once they are known. */
  readonly repositories?: readonly PinnedRepository[];
  /** The repository whose configuration it is, where that is not the pushed one. */
  readonly main?: Pin;
}

/** Reads the event's commit, by its full id. */
export async function readCommit(
  event: PushEvent,
  { commit }: { readonly commit: string },
  repository: Repository,
  session: Session,
): Promise<PushContext> {
  return {
    event,
    commit: await observeCommit(commit, repository, {
      signal: session.signal,
      historyDepth: session.settings['history-depth'],
    }),
  };
}

/** A configuration as it was read, errors among its findings or not. */
export interface TakenConfig {
  readonly file: ConfigFile;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads the commit's configuration; its findings go to the log and to `told`, and errors among them end the run.
 */
export async function readPushConfig(
  { event, commit }: PushContext,
  repository: Repository,
  session: Session,
  told: (taken: TakenConfig) => void = () => undefined,
): Promise<WorkspaceConfig> {
  const file = await findConfig(commit, repository, session);
  const isUsual = CONFIG_FILE_NAMES.some((name) => name === file.path);
  if (!isUsual) session.log.info(`the configuration is ${file.path}`);
  return takeConfig(file, event.repository.name, session, told);
}

/** What the text of a configuration means; told as {@link readPushConfig} says. */
export function takeConfig(
  file: ConfigFile,
  repositoryName: string,
  { settings, log }: Pick<Session, 'settings' | 'log'>,
  told: (taken: TakenConfig) => void = () => undefined,
): WorkspaceConfig {
  const options = {
    repositoryName,
    defaultImage: settings['default-image'],
    strictTasks: settings['strict-tasks'],
  };
  const { config, diagnostics } = interpretConfig(file, options);
  told({ file, diagnostics });
  const report = renderDiagnostics(file.path, diagnostics, { color: false }).trimEnd();
  if (config === undefined) {
    log.error(report);
    throw configError(diagnostics, file.path);
  }
  if (diagnostics.some(({ severity }) => severity === 'warning')) log.warn(report);
  else if (diagnostics.length > 0) log.info(`${file.path}: ${countOf(diagnostics)}\n${report}`);
  return config;
}
