const NAMES = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'];

/**
 * Whether requests to other machines may have to go through a proxy that the environment names. Which hosts are excepted
 * is for Go's rules to say (`golang.org/x/net/http/httpproxy`), which are not repeated here.
 */
export function mayPassProxy(environment: Readonly<Record<string, string | undefined>>): boolean {
  return NAMES.some((name) => Boolean(environment[name]));
}
