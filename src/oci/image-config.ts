import * as z from 'zod';
import { isDiffId, type DiffId } from './digest.ts';

/** A diff ID in an image config. */
export const DiffIdText = z.custom<DiffId>((value) => typeof value === 'string' && isDiffId(value), {
  message: 'not a diff ID',
});

/** The part of an image config that a container starts from (image-spec, "config"). Unknown members are kept. */
export const ContainerConfig = z.looseObject({
  User: z.string().nullish(),
  Env: z.array(z.string()).nullish(),
  Entrypoint: z.array(z.string()).nullish(),
  Cmd: z.array(z.string()).nullish(),
  WorkingDir: z.string().nullish(),
  Labels: z.record(z.string(), z.string()).nullish(),
  ExposedPorts: z.record(z.string(), z.unknown()).nullish(),
  Volumes: z.record(z.string(), z.unknown()).nullish(),
});
export type ContainerConfig = Readonly<z.infer<typeof ContainerConfig>>;

/** An image config (image-spec, "OCI Image Configuration"). Unknown members are kept. */
export const ImageConfig = z.looseObject({
  os: z.string(),
  architecture: z.string(),
  variant: z.string().optional(),
  created: z.string().optional(),
  config: ContainerConfig.nullish(),
  // Docker leaves the list out, or writes null, for an image without layers.
  rootfs: z.object({
    type: z.literal('layers'),
    diff_ids: z
      .array(DiffIdText)
      .nullish()
      .transform((ids) => ids ?? []),
  }),
  history: z.array(z.looseObject({ empty_layer: z.boolean().optional() })).nullish(),
});
export type ImageConfig = Readonly<z.infer<typeof ImageConfig>>;
