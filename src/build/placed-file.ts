/** A file that preheat itself puts into a layer. */
export interface PlacedFile {
  /** Absolute path in the image. */
  readonly path: string;
  readonly mode: number;
  readonly content: Uint8Array;
}
