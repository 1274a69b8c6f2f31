// Makes what is released: the npm package in dist/npm, and in dist/pipe what goes into the pipe's image.
import { join } from 'node:path';
import { ROOT } from './bundle.ts';
import { makeNpmPackage } from './npm-package.ts';
import { makePipeFolder } from './pipe-folder.ts';

const DIST = join(ROOT, 'dist');
await Promise.all([makeNpmPackage(join(DIST, 'npm')), makePipeFolder(join(DIST, 'pipe'))]);
console.log('dist/npm   the npm package\ndist/pipe  what goes into the image of the pipe');
