import { repositoryRoots } from './checkouts.ts';
import type { Task, WorkspaceConfig } from '../config/workspace-config.ts';
import type { ImageUser } from '../observe/step-record.ts';
import { proxyPasswords } from './proxy-passwords.ts';

/** What tasks get from outside; none of it may enter a layer. */
export interface OutsideAccess {
  /** A PEM bundle of certificate authorities, put where no layer takes it. */
  readonly caBundle?: Uint8Array;
  /** `HTTP_PROXY`, `HTTPS_PROXY`, `NO_PROXY`, in capitals. */
  readonly proxies?: Readonly<Record<string, string>>;
  /** Variables whose values are secret, by name. */
  readonly secrets?: Readonly<Record<string, string>>;
}

/** Where the certificate authorities lie in the container while tasks run. */
export const CA_BUNDLE_PATH = '/run/preheat/ca.pem';

/** The variables by which tools are told of another bundle: Node, OpenSSL, curl, git, Python requests, pip, Cargo. */
const CA_VARIABLES = [
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'CURL_CA_BUNDLE',
  'GIT_SSL_CAINFO',
  'REQUESTS_CA_BUNDLE',
  'PIP_CERT',
  'CARGO_HTTP_CAINFO',
] as const;

/**
 * What a task sees beside the image's own environment, in Gitpod's order: what the file sets for all tasks, what a
 * workspace sets itself, what the task sets. The same on every CI, so that results do not depend on where they
 * were made. Secrets win over all of it: whoever may push may change the file, but shall put nothing in a secret's place.
 */
export function taskEnvironment(
  config: WorkspaceConfig,
  task: Task,
  user: ImageUser,
  access: OutsideAccess,
): Readonly<Record<string, string>> {
  return {
    ...accessVariables(access),
    ...config.env,
    HOME: user.home,
    USER: user.name,
    TERM: 'xterm-256color',
    GITPOD_HEADLESS: 'true',
    ...repositoryRoots(config),
    ...task.env,
    ...access.secrets,
  };
}

/** What of it must not stand in a layer, by the variable's name: the secrets, and the passwords of proxies. */
export function secretsOf({ proxies = {}, secrets = {} }: OutsideAccess): Readonly<Record<string, string>> {
  const passwords = Object.entries(proxies).flatMap(([name, address]) => {
    const password = proxyPasswords(address).at(-1);
    return password === undefined ? [] : [[name, password] as const];
  });
  return { ...Object.fromEntries(passwords), ...secrets };
}

/** Programs disagree on the case of proxy variables (curl reads `http_proxy` in lower case only). */
function accessVariables({ caBundle, proxies = {} }: OutsideAccess): Readonly<Record<string, string>> {
  const authorities = caBundle === undefined ? [] : CA_VARIABLES.map((name) => [name, CA_BUNDLE_PATH]);
  const both = Object.entries(proxies).flatMap(([name, value]) => [
    [name.toUpperCase(), value],
    [name.toLowerCase(), value],
  ]);
  return Object.fromEntries([...authorities, ...both]);
}
