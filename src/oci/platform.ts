import { z } from 'zod';

/** An operating system and processor in the words of the image-spec (`linux`, `amd64`, `v8`). */
export const Platform = z.object({
  os: z.string(),
  architecture: z.string(),
  variant: z.string().optional(),
});
export type Platform = Readonly<z.infer<typeof Platform>>;

/** Reads `os/architecture[/variant]`; throws `RangeError` for any other form. */
export function parsePlatform(text: string): Platform {
  const [os, architecture, variant, ...more] = text.split('/');
  if (!os || !architecture || more.length > 0)
    throw new RangeError(`not a platform (os/architecture): ${text}`);
  return variant ? { os, architecture, variant } : { os, architecture };
}

/** Writes a platform as `os/architecture[/variant]`. */
export function formatPlatform({ os, architecture, variant }: Platform): string {
  return [os, architecture, variant].filter(Boolean).join('/');
}

/** Whether an image made for `offered` runs on `wanted`; a variant counts only where both name one. */
export function platformMatches(offered: Platform, wanted: Platform): boolean {
  return (
    offered.os === wanted.os &&
    offered.architecture === wanted.architecture &&
    (!offered.variant || !wanted.variant || offered.variant === wanted.variant)
  );
}
