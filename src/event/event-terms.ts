import * as z from 'zod';
import { isRefName } from '../kernel/ref-name.ts';
import { secureRemoteUrl } from './remote-url.ts';

/** A commit id, whole or cut (Pipelines cuts it to 12 digits in pull requests). */
export const CommitId = z
  .string()
  .regex(/^[0-9a-f]{7,40}$/i, 'is no commit id of 7 to 40 hex digits')
  .toLowerCase();

/** A branch or a tag, without `refs/heads/` or `refs/tags/`. */
export const RefName = z
  .string()
  .max(1024, 'is longer than 1024 characters')
  .refine(isRefName, { error: 'is no name that git allows', abort: true });

/** A repository or a Bitbucket workspace in URLs. */
export const Slug = z
  .string()
  .regex(/^(?!\.{1,2}$)[A-Za-z0-9_.-]{1,128}$/, 'is no slug of letters, digits, "-", "_" and "."');

/** The name of the checkout's folder. */
export const FolderName = z
  .string()
  .regex(/^(?!\.{1,2}$)[^\u0000-\u001F\u007F/]{1,255}$/, 'is no name of a folder');

/** The `http` or `https` URL of a repository; yields it without credentials, as `https`. */
export const RemoteUrl = z.string().transform((text, context) => {
  const url = secureRemoteUrl(text);
  if (url !== undefined) return url;
  // The value is left out of the message: it may hold a password.
  context.addIssue({ code: 'custom', message: 'is no http or https URL', params: { secret: true } });
  return z.NEVER;
});

/** A number as text, counted from one. */
export const Counter = z.string().regex(/^[1-9]\d{0,14}$/, 'is no whole number above zero');
