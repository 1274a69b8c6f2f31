import { createRequire } from 'node:module';
import * as z from 'zod';

const Package = z.object({ version: z.string() });

/** preheat's own version, from its package.json. */
export const VERSION = Package.parse(createRequire(import.meta.url)('../../package.json')).version;
