import { posix } from 'node:path';

/** Environment variables by name. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** A package manager, and where it keeps what it downloaded. */
export interface CacheTool {
  readonly name: string;
  /**
   * Whether images leave its cache out. Where not, the cache is what the tool installs from, or the install itself: it
   * is captured as something that the tasks made.
   */
  readonly leftOut: boolean;
  /** Whether installing hard-links its files, which moves their ctime and changes nothing. */
  readonly links?: boolean;
  /** The cache's folders. What is not absolute is no folder of a cache. */
  folders(variables: Variables, home: string): readonly string[];
}

/** The tools whose caches can be kept, in the order in which messages name them. */
export const CACHE_TOOLS: readonly CacheTool[] = [
  {
    name: 'npm',
    leftOut: true,
    folders: (variables, home) => [
      below(anyCase(variables, 'npm_config_cache') ?? below(home, '.npm'), '_cacache'),
    ],
  },
  {
    name: 'pip',
    leftOut: true,
    folders: (variables, home) => {
      const cache = set(variables['PIP_CACHE_DIR']) ?? below(cacheHome(variables, home), 'pip');
      return [below(cache, 'http'), below(cache, 'http-v2')];
    },
  },
  {
    name: 'maven',
    leftOut: false,
    folders: (_, home) => [below(home, '.m2/repository')],
  },
  {
    name: 'gradle',
    leftOut: false,
    folders: (variables, home) => {
      const user = set(variables['GRADLE_USER_HOME']) ?? below(home, '.gradle');
      return [below(user, 'caches/modules-2'), below(user, 'wrapper/dists')];
    },
  },
  {
    name: 'go',
    leftOut: false,
    folders: (variables, home) => {
      const [first = ''] = (variables['GOPATH'] ?? '').split(':');
      const path = set(first) ?? below(home, 'go');
      return [below(set(variables['GOMODCACHE']) ?? below(path, 'pkg/mod'), 'cache/download')];
    },
  },
  {
    name: 'cargo',
    leftOut: false,
    folders: (variables, home) => {
      const own = set(variables['CARGO_HOME']) ?? below(home, '.cargo');
      return ['registry/index', 'registry/cache', 'git/db'].map((folder) => below(own, folder));
    },
  },
  {
    name: 'yarn',
    leftOut: false,
    // The first is that of Yarn 1, the second that of later ones; the variable is read by both.
    folders: (variables, home) => {
      const given = set(variables['YARN_CACHE_FOLDER']);
      if (given !== undefined) return [given];
      const later = set(variables['YARN_GLOBAL_FOLDER']) ?? below(home, '.yarn/berry');
      return [below(cacheHome(variables, home), 'yarn'), below(later, 'cache')];
    },
  },
  {
    name: 'pnpm',
    leftOut: false,
    links: true,
    folders: (variables, home) => {
      const given = anyCase(variables, 'npm_config_store_dir');
      if (given !== undefined) return [given];
      const own = set(variables['PNPM_HOME']);
      if (own !== undefined) return [below(own, 'store')];
      const data = set(variables['XDG_DATA_HOME']) ?? below(home, '.local/share');
      return [below(data, 'pnpm/store')];
    },
  },
];

/** The tool of this name. */
export function cacheTool(name: string): CacheTool | undefined {
  return CACHE_TOOLS.find((tool) => tool.name === name);
}

function cacheHome(variables: Variables, home: string): string {
  return set(variables['XDG_CACHE_HOME']) ?? below(home, '.cache');
}

/** npm's and pnpm's variables are read in any case. */
function anyCase(variables: Variables, name: string): string | undefined {
  const found = Object.keys(variables).find((key) => key.toLowerCase() === name);
  return found === undefined ? undefined : set(variables[found]);
}

function set(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}

function below(folder: string, name: string): string {
  return posix.join(folder, name);
}
