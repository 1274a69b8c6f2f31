import { dirname, parse } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Metafile, type Plugin } from 'esbuild';

/** The top folder of the sources. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** A program, and what went into it. */
export interface Bundle {
  /** Paths of all sources in it, from the top folder. */
  readonly sources: readonly string[];
  /** What esbuild says of each file that it wrote. */
  readonly outputs: Metafile['outputs'];
}

/** What CommonJS packages expect to find: esbuild's own `require` finds no module of Node in an ES module. */
const PREAMBLE = `import { createRequire as createRequireOfBundle } from 'node:module';
const require = createRequireOfBundle(import.meta.url);`;

/**
 * What brings most of dockerode's weight, and is reached by no call of ours: engines behind SSH (`engine-address.ts`
 * refuses them) and its own way to lead a build.
 */
const UNUSED = /\/node_modules\/(docker-modem\/lib\/ssh|dockerode\/lib\/(session|buildkit))\.js$/;

const withoutUnused: Plugin = {
  name: 'without-unused',
  setup(build) {
    const contents = `module.exports = () => { throw new Error('this part of dockerode is left out'); };`;
    build.onLoad({ filter: UNUSED }, () => ({ contents }));
  },
};

/**
 * Puts a program and all packages that it imports into ES modules, which Node 24 runs without `node_modules`: `outfile`,
 * and beside it a chunk for each part that `import()` brings, so that a run reads nothing but what it needs. Lines and
 * names stay as they are: Node prints the line of an error that nobody caught.
 *
 * `outfile` must lie two folders below a folder that holds `package.json` and `image/`, as sources do, since programs
 * look for them from where they are. Chunks of earlier calls stay beside it.
 */
export async function bundle(entry: string, outfile: string): Promise<Bundle> {
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: [{ in: entry, out: parse(outfile).name }],
    outdir: dirname(outfile),
    outExtension: { '.js': parse(outfile).ext },
    chunkNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    banner: { js: PREAMBLE },
    define: { __dirname: 'import.meta.dirname', __filename: 'import.meta.filename' },
    // The form that Node finds loads its parts by a "require" of its own, which esbuild cannot see.
    alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
    plugins: [withoutUnused],
    metafile: true,
    logLevel: 'warning',
  });
  return { sources: Object.keys(metafile.inputs), outputs: metafile.outputs };
}
