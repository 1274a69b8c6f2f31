import { ENDPOINT_VARIABLES } from './endpoint-variables.ts';

/** A name that a shell can export (POSIX.1-2017, 3.235). */
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Whether a shell can export a variable of this name. */
export function isVariableName(name: string): boolean {
  return NAME.test(name);
}

/** Characters of what may be a secret: enough to find it again. */
const SHOWN = 3;

/** Read by preheat beside its options: they lead to the engine, to its credentials, or to those of registries. */
const OWN = [
  'DOCKER_HOST',
  'DOCKER_CONFIG',
  'DOCKER_TLS_VERIFY',
  'DOCKER_CERT_PATH',
  'XDG_CACHE_HOME',
  ...Object.values(ENDPOINT_VARIABLES),
];

/** Set for tasks by preheat or the image; a value of this machine would break them. */
const OF_TASKS =
  /^(?:HOME|USER|LOGNAME|PATH|PWD|OLDPWD|SHELL|SHLVL|TERM|IFS|ENV|BASH_ENV|LD_.*|GITPOD_.*|THEIA_WORKSPACE_ROOT|GIT_CONFIG_.*|https?_proxy|no_proxy|NODE_EXTRA_CA_CERTS|SSL_CERT_FILE|CURL_CA_BUNDLE|GIT_SSL_CAINFO|REQUESTS_CA_BUNDLE|PIP_CERT|CARGO_HTTP_CAINFO)$/;

/**
 * Reads the names of `--task-secrets`: sorted, each once. `options` are the variables of preheat's own options. Throws
 * an `Error` that says why a name cannot be given to tasks.
 */
export function parseTaskSecrets(text: string, options: readonly string[]): readonly string[] {
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const reserved = new Set([...options, ...OWN]);
  for (const name of names) {
    const fault = faultOf(name, reserved);
    if (fault === undefined) continue;
    const shown = isVariableName(name) ? name : shownName(name);
    throw new RangeError(`cannot give tasks ${JSON.stringify(shown)}: ${fault}`);
  }
  return [...new Set(names)].toSorted();
}

/**
 * What a message may show of what stands where the name of a variable should: `NAME=value` and `$NAME` put a secret
 * there. Names that are written as is usual (POSIX.1-2017, 8.1) are shown whole.
 */
export function shownName(name: string): string {
  const [usual = ''] = /^[A-Z_][A-Z0-9_]*(?==|$)/.exec(name) ?? [];
  if (usual !== '') return usual === name ? name : `${usual}=…`;
  return `${name.slice(0, SHOWN)}…`;
}

function faultOf(name: string, reserved: ReadonlySet<string>): string | undefined {
  if (!isVariableName(name))
    return 'it is not the name of a variable (names only: the values come from the environment)';
  if (reserved.has(name)) return 'it is preheat’s own; give the value another name';
  if (/^(?:BITBUCKET|PREHEAT)_/.test(name)) return 'it is the pipeline’s own; give the value another name';
  if (OF_TASKS.test(name) || /^(?:https?_proxy|no_proxy)$/i.test(name)) return 'tasks have one already';
  return undefined;
}
