/** What tasks left behind that no layer holds, a few names of each kind. */
export interface LeftOut {
  /** Names that a layer would read as deletions (image-spec, "Whiteouts"). */
  readonly whiteoutNames: Listed;
  readonly sockets: Listed;
}

export interface Listed {
  readonly count: number;
  /** The first few, raw bytes as latin1 text. */
  readonly paths: readonly string[];
}

const SHOWN = 3;
const WHITEOUT_NAME = /(?:^|\/)\.wh\./;

/** Download caches below a home: re-made on demand, and different after every run. Others *are* the install. */
const HOME_CACHES = ['.npm/_cacache', '.npm/_logs', '.cache/pip/http', '.cache/pip/http-v2'] as const;
const SYSTEM_CACHE = 'var/cache/apt/archives/';
const COMMON_HOME = /^(?:root|home\/[^/]+)\//;

/** Decides path by path what goes into layers, and remembers what cannot. */
export interface Keeps {
  /** Whether a changed path goes into a layer. */
  check(path: string, stat: string): boolean;
  /** Whether no layer can hold the path at all. */
  isUnstorable(path: string, stat: string): boolean;
  leftOut(): LeftOut;
}

/** Whether a layer would read the name, or that of a folder above it, as a deletion. */
export function isWhiteoutName(path: string): boolean {
  return WHITEOUT_NAME.test(path);
}

/** Creates the rules for an image whose tasks run in `home` (absolute). */
export function keepsOf(home: string): Keeps {
  const whiteoutNames = collector();
  const sockets = collector();
  const isCached = leftOutCaches(home);
  return {
    check(path, stat) {
      if (isWhiteoutName(path)) whiteoutNames.add(path);
      else if (isSocket(stat)) sockets.add(path);
      else return !isCached(path);
      return false;
    },
    isUnstorable: (path, stat) => isWhiteoutName(path) || isSocket(stat),
    leftOut: () => ({ whiteoutNames: whiteoutNames.listed(), sockets: sockets.listed() }),
  };
}

/** One warning for each kind of path that was left out. */
export function warningsOf({ whiteoutNames, sockets }: LeftOut): readonly string[] {
  return [
    ...warning(whiteoutNames, 'files named .wh.* are not kept: an image would read them as deletions'),
    ...warning(sockets, 'sockets are not kept: an image cannot hold them'),
  ];
}

function warning({ count, paths }: Listed, why: string): readonly string[] {
  if (count === 0) return [];
  const names = paths.map((path) => `/${Buffer.from(path, 'latin1').toString('utf8')}`).join(', ');
  return [`${why} (${names}${count > paths.length ? ` and ${count - paths.length} more` : ''})`];
}

function collector(): { add(path: string): void; listed(): Listed } {
  let count = 0;
  const paths: string[] = [];
  return {
    add(path) {
      count++;
      if (paths.length < SHOWN) paths.push(path);
    },
    listed: () => ({ count, paths }),
  };
}

function isSocket(stat: string): boolean {
  return stat.startsWith('s');
}

/** Tells which paths (raw) belong to a download cache that layers do not hold, where tasks run in `home` (absolute). */
export function leftOutCaches(home: string): (path: string) => boolean {
  const ownHome = `${home.replace(/^\/+|\/+$/g, '')}/`;
  return (path) => path.startsWith(SYSTEM_CACHE) || isCached(path, ownHome);
}

function isCached(path: string, ownHome: string): boolean {
  const home = ownHome !== '/' && path.startsWith(ownHome) ? ownHome : COMMON_HOME.exec(path)?.[0];
  if (home === undefined) return false;
  const inHome = path.slice(home.length);
  return HOME_CACHES.some((cache) => inHome.startsWith(cache) && (inHome[cache.length] ?? '/') === '/');
}
