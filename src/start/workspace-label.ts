import * as z from 'zod';
import { messageOf, PreheatError } from '../kernel/failure.ts';
import { ANNOTATION } from '../oci/annotations.ts';
import type { ImageConfig } from '../oci/image-config.ts';

/** What a start reads of one entry of `ports:`; images of earlier versions say less. */
const LabelPort = z.object({
  first: z.number().int().min(1).max(65535),
  last: z.number().int().min(1).max(65535),
  onOpen: z.string(),
  visibility: z.string().default('private'),
  protocol: z.enum(['http', 'https']).optional(),
  name: z.string().optional(),
  description: z.string().optional(),
});
export type LabelPort = Readonly<z.infer<typeof LabelPort>>;

/**
 * What the label `dev.preheat.workspace` of a workspace image says, as far as a start needs it; members that other
 * versions wrote are passed over.
 */
export const WorkspaceLabel = z.object({
  schemaVersion: z.literal(1),
  checkoutLocation: z.string().startsWith('/'),
  workspaceLocation: z.string().startsWith('/'),
  /** The `.code-workspace` file that an editor opens in the place of that folder. */
  codeWorkspace: z.string().startsWith('/').optional(),
  user: z.string().min(1),
  ports: z.array(LabelPort),
});
export type WorkspaceLabel = Readonly<z.infer<typeof WorkspaceLabel>>;

/**
 * Reads the label of `image`'s config. Throws a `PreheatError` of phase `start` where it is missing or not
 * readable.
 */
export function workspaceLabelOf(config: ImageConfig, image: string): WorkspaceLabel {
  const text = config.config?.Labels?.[ANNOTATION.workspace];
  if (text === undefined) throw unreadable(image, `it has no label ${ANNOTATION.workspace}`);
  const parsed = WorkspaceLabel.safeParse(jsonOf(text, image));
  if (!parsed.success) throw unreadable(image, `its label says ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

function jsonOf(text: string, image: string): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    throw unreadable(image, `its label is no JSON (${messageOf(thrown)})`);
  }
}

function unreadable(image: string, why: string): PreheatError {
  return new PreheatError(`cannot start ${image}: ${why}`, {
    phase: 'start',
    code: 'corrupt',
    hint: 'Build the image again with this version of preheat.',
  });
}
