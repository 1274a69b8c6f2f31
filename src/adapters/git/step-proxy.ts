/**
 * Settings of a git call that goes through a step's proxy. The proxy takes plain HTTP in absolute form and adds the
 * credential itself; it takes no `CONNECT`, so a redirect to https must not be followed.
 */
export function proxySettings(proxy: string): readonly string[] {
  return [`http.proxy=${proxy}`, 'http.followRedirects=false'];
}

/**
 * Environment of such a call: plain HTTP only, and nothing from which git or curl would take a credential of their own
 * (`~/.netrc`, a program that asks) or a reason to pass the proxy by. `home` is a folder without settings.
 */
export function proxyEnvironment(home: string): Readonly<Record<string, string>> {
  return { GIT_ALLOW_PROTOCOL: 'http', GIT_ASKPASS: '', HOME: home, NO_PROXY: '', no_proxy: '' };
}
