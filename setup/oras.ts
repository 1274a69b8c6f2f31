import { homedir } from 'node:os';
import { join } from 'node:path';
import { provideOras } from '../src/adapters/toolcache/oras.ts';

// Prints where oras is: for machines whose packages do not have it.
const cacheDir = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'preheat');
console.log(await provideOras({ cacheDir, signal: AbortSignal.timeout(300_000) }));
