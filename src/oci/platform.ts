import * as z from 'zod';

/** An operating system and processor in the words of the image-spec (`linux`, `amd64`, `v8`). */
export const Platform = z.object({
  os: z.string(),
  architecture: z.string(),
  variant: z.string().optional(),
});
export type Platform = Readonly<z.infer<typeof Platform>>;

/** Other names of processors, as container engines take them (containerd, platforms/database.go). */
const ALIASES: Readonly<Record<string, string>> = {
  x86_64: 'amd64',
  'x86-64': 'amd64',
  aarch64: 'arm64',
  armhf: 'arm/v7',
  armel: 'arm/v6',
  i386: '386',
};

/** Variants that an architecture means when it names none (image-spec, "Platform Variants"). */
const UNNAMED: Readonly<Record<string, string>> = { amd64: 'v1', arm64: 'v8', arm: 'v7' };

/**
 * Reads `os/architecture[/variant]`, in any case and with the other names that engines take (`linux/x86_64`,
 * `linux/arm64/v8`), and gives it in the image-spec's words. Throws `RangeError` for any other form.
 */
export function parsePlatform(text: string): Platform {
  const words = text.toLowerCase().split('/');
  const [os, named = '', ...more] = words;
  const [architecture, implied] = (ALIASES[named] ?? named).split('/');
  if (!os || !architecture || words.length > 3 || words.includes(''))
    throw new RangeError(`not a platform (os/architecture[/variant]): ${text}`);
  const variant = more[0] ?? implied;
  const isUnnamed = variant === undefined || (architecture !== 'arm' && variant === UNNAMED[architecture]);
  return isUnnamed ? { os, architecture } : { os, architecture, variant };
}

/** Writes a platform as `os/architecture[/variant]`. */
export function formatPlatform({ os, architecture, variant }: Platform): string {
  return [os, architecture, variant].filter(Boolean).join('/');
}

/**
 * Whether an image made for `offered` runs on `wanted`, as engines judge: of variants that count up (`v2`, `v3`) lower
 * ones run on higher ones, and an architecture without a variant means its usual one.
 */
export function platformMatches(offered: Platform, wanted: Platform): boolean {
  if (offered.os !== wanted.os || offered.architecture !== wanted.architecture) return false;
  const [has, needs] = [variantOf(wanted), variantOf(offered)];
  return needs === has || levelOf(needs) <= levelOf(has);
}

/** Orders platforms of one architecture by variant, the highest first: of all that run somewhere, it fits best. */
export function byVariant(a: Platform, b: Platform): number {
  return (levelOf(variantOf(b)) || 0) - (levelOf(variantOf(a)) || 0);
}

function variantOf({ architecture, variant }: Platform): string {
  return variant || (UNNAMED[architecture] ?? '');
}

/** `NaN`, which is comparable to nothing, for a variant that is no level. */
function levelOf(variant: string): number {
  return Number(/^v?(\d+(?:\.\d+)?)$/.exec(variant)?.[1] ?? Number.NaN);
}
