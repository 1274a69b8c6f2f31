import * as z from 'zod';
import { eventError } from './event-error.ts';

const PORT = 29_418;

/** Set in pipes alone: where Pipelines lets a pipe keep files. */
const PipeStorage = z.object({
  BITBUCKET_PIPE_STORAGE_DIR: z
    .string()
    .regex(/^\/[^\u0000-\u001F\u007F]*$/, 'is no absolute path')
    .optional(),
});

/**
 * The address of the proxy through which a step reaches its own repository over plain HTTP without a credential
 * (https://jira.atlassian.com/browse/BCLOUD-21842). A pipe is a container beside the one in which the proxy listens.
 *
 * Throws a `PreheatError` of phase `event` where the variable of a pipe is none.
 */
export function stepProxyOf(env: Readonly<Record<string, string | undefined>>): string {
  const values = { BITBUCKET_PIPE_STORAGE_DIR: env['BITBUCKET_PIPE_STORAGE_DIR']?.trim() || undefined };
  const parsed = PipeStorage.safeParse(values, { reportInput: false });
  if (!parsed.success) {
    const hint = 'Do not override the variables that start with "BITBUCKET_"';
    throw eventError('the place of the pipe from the variables of Pipelines', parsed.error, values, hint);
  }
  const isPipe = parsed.data.BITBUCKET_PIPE_STORAGE_DIR !== undefined;
  return `http://${isPipe ? 'host.docker.internal' : 'localhost'}:${PORT}/`;
}

/**
 * Reads what a user says of the proxy: its address, or `none`. Throws `RangeError` for what is no plain HTTP address of
 * a host, or holds more than that.
 */
export function parseStepProxy(text: string): string {
  if (text === 'none') return text;
  const url = URL.parse(text);
  const isBare = url?.pathname === '/' && url.username + url.password + url.search + url.hash === '';
  if (url === null || url.protocol !== 'http:' || url.hostname === '' || !isBare)
    throw new RangeError('it is neither "none" nor an address such as http://localhost:29418/');
  return url.href;
}
