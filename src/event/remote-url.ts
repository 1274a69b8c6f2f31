/**
 * The URL of a repository as it may be shown and kept: no user name, password, query or fragment. `undefined` for
 * anything but an absolute `http` or `https` URL.
 */
export function publicRemoteUrl(text: string): string | undefined {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol) || url.hostname === '') return undefined;
  return `${url.protocol}//${url.host}${url.pathname.replace(/\/+$/, '')}`;
}

/** As {@link publicRemoteUrl}, but `https` where it was `http`: Pipelines tells the URL of its own proxy's scheme. */
export function secureRemoteUrl(text: string): string | undefined {
  return publicRemoteUrl(text)?.replace(/^http:/, 'https:');
}

/**
 * The remote of a local checkout as it may be kept in an image: an `http` or `https` URL without credentials, or an ssh
 * address (whose user name is no secret, and whose password is dropped). `undefined` for folders of this machine.
 */
export function localRemoteUrl(text: string): string | undefined {
  if (/^https?:/i.test(text)) return publicRemoteUrl(text);
  if (/^[A-Za-z0-9_.-]+@[A-Za-z0-9.-]+:[^\u0000-\u0020\u007F]+$/.test(text)) return text;
  const url = /^ssh:/i.test(text) ? URL.parse(text) : null;
  if (url === null || url.hostname === '') return undefined;
  return `ssh://${url.username === '' ? '' : `${url.username}@`}${url.host}${url.pathname}`;
}
