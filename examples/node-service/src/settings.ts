import { z } from 'zod';

const Settings = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  LINKS_FILE: z.string().min(1).default('var/links.json'),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
});

export interface Settings {
  readonly port: number;
  /** Where links are kept between two starts. */
  readonly file: string;
  readonly logLevel: string;
}

/** Reads the settings from the environment; throws a `ZodError` that names each variable that is wrong. */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const { PORT, LINKS_FILE, LOG_LEVEL } = Settings.parse(env);
  return { port: PORT, file: LINKS_FILE, logLevel: LOG_LEVEL };
}
