import type { Context } from 'mocha';

/**
 * A test's body that mounts a disk, starts a second engine or becomes another user: only root may, and nothing else
 * would be the real thing. Anybody else's run shows it as pending; CI runs as root, where nothing is left out.
 */
export function asRoot(body: () => Promise<void>): (this: Context) => Promise<void> {
  return async function runAsRoot(this: Context) {
    if (process.getuid?.() !== 0) this.skip();
    await body();
  };
}
