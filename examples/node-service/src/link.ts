import { z } from 'zod';

/** The short name of a link: what stands behind the slash. */
export const Name = z
  .string()
  .regex(/^[a-zA-Z0-9_-]{2,40}$/, 'use 2 to 40 letters, digits, "-" and "_"')
  .refine((name) => !['links', 'health'].includes(name), 'this name is taken by the service itself');

/** What a client sends to create a link; without a name it gets a random one. */
export const NewLink = z.object({
  url: z.url({ protocol: /^https?$/, error: 'use an http or https address' }),
  name: Name.optional(),
});

export const Link = z.object({
  name: z.string(),
  url: z.string(),
  createdAt: z.iso.datetime(),
  /** How often someone followed it. */
  visits: z.number().int().nonnegative(),
});
export type Link = Readonly<z.infer<typeof Link>>;
