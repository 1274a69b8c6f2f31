import * as z from 'zod';

/** A file within a group, and what it is: `mode id`, and the attributes that change what a checkout lays. */
const Member = z.tuple([z.string(), z.string()]);

/**
 * What a commit answers to the question for one input, from git's objects alone. Equal answers mean that a checkout lays
 * the same there. Paths are raw bytes as latin1 text.
 */
export const InputAnswer = z.object({
  /** The path or pattern that was asked for, below the root of the repository; or `.git`. */
  asked: z.string(),
  /**
   * `folder` and `matches` are groups: everything below a path, or that a pattern matches; of `names`, only names and
   * modes count. `outside` is what lies behind a link that leads out of the repository, or what preheat itself laid;
   * `repository` is another one, by the absolute folder of its checkout.
   */
  kind: z.enum([
    'file',
    'link',
    'submodule',
    'folder',
    'matches',
    'names',
    'absent',
    'outside',
    'git',
    'repository',
  ]),
  /** Of a file: `100644` or `100755`. */
  mode: z.string().optional(),
  /** Object id; the commit of a submodule; a digest of all members of a group, or of what `.git` is made from. */
  id: z.string().optional(),
  /**
   * In effect for a file: text, eol, ident, filter, encoding. Of a submodule: whether its files are laid down. Of another
   * repository: a digest of how it is laid.
   */
  attributes: z.string().optional(),
  /** Of what is absent: the deepest folder or file above it that is there. */
  ancestor: z.string().optional(),
  /** The members of a small group, to tell which of them changed; `id` alone decides. */
  members: z.array(Member).optional(),
});
export type InputAnswer = Readonly<z.infer<typeof InputAnswer>>;

/** The part of an answer that decides whether it is another one; members only tell. */
export const DecidingAnswer = InputAnswer.omit({ members: true });
