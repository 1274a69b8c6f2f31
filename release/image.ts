// Builds the image of the pipe from dist/pipe and prints how large it is; fails where it is larger than it may be.
import { join } from 'node:path';
import { ROOT } from './bundle.ts';
import { makePipeFolder } from './pipe-folder.ts';
import { buildPipeImage, compressedSize, pipeImageName, standInsBelow } from './pipe-image.ts';

const MEGABYTE = 1_000_000;
/** Every step pulls it, which takes about a second for 16 MB. */
const MOST_BYTES = 120 * MEGABYTE;

const name = await pipeImageName();
await makePipeFolder(join(ROOT, 'dist', 'pipe'));
await buildPipeImage(name);
const size = await compressedSize(name);
const standIns = await standInsBelow();
console.log(`${name}: ${(size / MEGABYTE).toFixed(1)} MB compressed (at most ${MOST_BYTES / MEGABYTE} MB)`);
if (standIns.length > 0) console.log(`built upon stand-ins: ${standIns.join(', ')}`);
if (size > MOST_BYTES) process.exitCode = 1;
