import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** The top folder of the sources. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** A program in one file, and what went into it. */
export interface Bundle {
  /** Paths of all sources in it, from the top folder. */
  readonly sources: readonly string[];
}

/** What CommonJS packages expect to find: esbuild's own `require` finds no module of Node in an ES module. */
const PREAMBLE = `import { createRequire as createRequireOfBundle } from 'node:module';
const require = createRequireOfBundle(import.meta.url);`;

/**
 * Puts a program and all packages that it imports into one ES module, which Node 24 runs without `node_modules`. Lines
 * and names stay as they are: Node prints the line of an error that nobody caught.
 *
 * `outfile` must lie two folders below a folder that holds `package.json` and `image/`, as sources do, since programs
 * look for them from where they are.
 */
export async function bundle(entry: string, outfile: string): Promise<Bundle> {
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    banner: { js: PREAMBLE },
    define: { __dirname: 'import.meta.dirname', __filename: 'import.meta.filename' },
    // The form that Node finds loads its parts by a "require" of its own, which esbuild cannot see.
    alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
    // ssh2, which dockerode brings, goes without them where they are absent.
    external: ['cpu-features'],
    loader: { '.node': 'empty' },
    metafile: true,
    logLevel: 'warning',
  });
  return { sources: Object.keys(metafile.inputs) };
}
