/**
 * The URL of a remote as it may be shown and kept in an image: without user names and passwords over HTTP and without
 * passwords elsewhere (`ssh://git@…` needs its user). Pipelines clones from `http://bitbucket.org`, which redirects;
 * it becomes https. What is no URL (`git@host:path`, a folder) stays as it is.
 */
export function publicRemoteUrl(url: string): string {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(url)) return url;
  // No address that anybody could reach, but perhaps a password with a slash in it.
  if (!URL.canParse(url)) return url.replace(/:\/\/.*@/s, '://');
  const parsed = new URL(url);
  if (parsed.username === '' && parsed.password === '' && !isPlainBitbucket(parsed)) return url;
  parsed.password = '';
  if (/^https?:$/.test(parsed.protocol)) parsed.username = '';
  if (isPlainBitbucket(parsed)) parsed.protocol = 'https:';
  return parsed.href;
}

/** A text of git or git-lfs without the passwords of the addresses in it, and without user names over HTTP. */
export function withoutPasswords(text: string): string {
  return text
    .replaceAll(/(https?:\/\/)[^\s/@]+@/gi, '$1')
    .replaceAll(/([a-z][a-z0-9+.-]*:\/\/[^\s/@:]*):[^\s/@]+@/gi, '$1@');
}

/** The last part of a remote's path, without `.git`. */
export function repositoryNameOf(url: string): string {
  return /([^/:]+?)(?:\.git)?\/*$/.exec(url)?.[1] ?? url;
}

function isPlainBitbucket({ protocol, hostname }: URL): boolean {
  return protocol === 'http:' && hostname === 'bitbucket.org';
}
