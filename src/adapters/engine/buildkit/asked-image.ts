import type { Vertex } from './build-status.ts';

/** What BuildKit calls its look at an image, for `FROM` and `COPY --from`, and for `# syntax`. */
const LOOKS = [
  /^\[internal\] load metadata for (\S+)$/,
  /^resolve image config for (?:docker-image:\/\/)?(\S+)$/,
];

/** The image that this piece of a build looks for by its name; `undefined` where it looks for none. */
export function askedImage({ name }: Vertex): string | undefined {
  for (const pattern of LOOKS) {
    const image = pattern.exec(name)?.[1];
    if (image !== undefined) return image;
  }
  return undefined;
}
