import { devNull } from 'node:os';

/** Variables that would lead git to another repository, index or configuration, or change what it prints. */
const FOREIGN = [
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_ATTR_SOURCE',
  'GIT_CEILING_DIRECTORIES',
  'GIT_COMMON_DIR',
  'GIT_CONFIG',
  'GIT_CONFIG_PARAMETERS',
  'GIT_CONFIG_SYSTEM',
  'GIT_DEFAULT_HASH',
  'GIT_DIR',
  'GIT_GLOB_PATHSPECS',
  'GIT_GRAFT_FILE',
  'GIT_ICASE_PATHSPECS',
  'GIT_IMPLICIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_INDEX_VERSION',
  'GIT_NAMESPACE',
  'GIT_NOGLOB_PATHSPECS',
  'GIT_OBJECT_DIRECTORY',
  'GIT_PREFIX',
  'GIT_QUARANTINE_PATH',
  'GIT_REPLACE_REF_BASE',
  'GIT_SHALLOW_FILE',
  'GIT_TRACE',
  'GIT_TRACE_SETUP',
  'GIT_WORK_TREE',
];

/** Settings that hold for each call, above those of the repository. */
const SETTINGS: readonly (readonly [string, string])[] = [
  ['core.attributesFile', devNull],
  ['core.excludesFile', devNull],
  ['core.fsmonitor', 'false'],
  ['core.hooksPath', devNull],
  ['core.quotePath', 'false'],
];

/**
 * The environment in which git sees the repository that it was given and nothing of the machine: no system or user
 * configuration, no prompts, no hooks, messages in English. `safeDirectory` may belong to another user
 * (https://git-scm.com/docs/git-config#Documentation/git-config.txt-safedirectory).
 *
 * With `configuration`, the file of a clone, it is that clone's and this machine's settings that count, below those that
 * hold for each call: what a fetch needs to reach a remote as its user would.
 */
export function gitEnvironment(
  safeDirectory: string,
  configuration?: string,
): Readonly<Record<string, string | undefined>> {
  const included = configuration === undefined ? [] : [['include.path', configuration] as const];
  const settings = [...included, ...SETTINGS, ['safe.directory', safeDirectory] as const];
  const isolated = { GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: devNull, GIT_ATTR_NOSYSTEM: '1' };
  return {
    ...Object.fromEntries(FOREIGN.map((name) => [name, undefined])),
    ...Object.fromEntries(
      settings.flatMap(([key, value], at) => [
        [`GIT_CONFIG_KEY_${at}`, key],
        [`GIT_CONFIG_VALUE_${at}`, value],
      ]),
    ),
    GIT_CONFIG_COUNT: String(settings.length),
    ...(configuration === undefined ? isolated : {}),
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_NO_LAZY_FETCH: '1',
    GIT_LITERAL_PATHSPECS: '1',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: 'true',
    LC_ALL: 'C',
  };
}
