import { z } from 'zod';
import { errorAnswer, type FakeAnswer } from './bitbucket-answer.ts';
import { listAnswer, type ListRequest } from './bitbucket-query.ts';

/** A comment as it stands. */
export interface FakeComment {
  readonly id: number;
  readonly author: string;
  readonly raw: string;
  readonly deleted: boolean;
  readonly created_on: string;
  readonly updated_on: string;
}

const Body = z.strictObject({ content: z.strictObject({ raw: z.string().min(1) }) });

/** The comments of one pull request. */
export interface FakeComments {
  /** `POST …/comments`. */
  add(author: string, body: unknown): FakeAnswer;
  /** `GET …/comments`: oldest first, deleted ones too, without their text. */
  list(request: ListRequest): FakeAnswer;
  /** `PUT …/comments/{id}`: by its author alone. */
  change(author: string, id: number, body: unknown): FakeAnswer;
  /** `DELETE …/comments/{id}`, by whoever may. */
  remove(id: number): void;
  all(): readonly FakeComment[];
}

/** Creates the comments of a pull request; `nextId` counts those of all of them. */
export function createFakeComments(nextId: () => number, now: () => string): FakeComments {
  const comments = new Map<number, FakeComment>();
  const answer = (status: number, comment: FakeComment): FakeAnswer => {
    comments.set(comment.id, comment);
    return { status, body: shown(comment) };
  };
  return {
    all: () => [...comments.values()],
    add(author, body) {
      const { data, error } = Body.safeParse(body);
      if (data === undefined) return errorAnswer(400, z.prettifyError(error));
      const at = now();
      const { raw } = data.content;
      return answer(201, { id: nextId(), author, raw, deleted: false, created_on: at, updated_on: at });
    },
    list: (request) => listAnswer([...comments.values()].map(shown), request),
    change(author, id, body) {
      const comment = comments.get(id);
      if (comment === undefined || comment.deleted) return errorAnswer(404, `Comment not found: ${id}`);
      if (comment.author !== author) return errorAnswer(403, 'You cannot edit this comment.');
      const { data, error } = Body.safeParse(body);
      if (data === undefined) return errorAnswer(400, z.prettifyError(error));
      return answer(200, { ...comment, raw: data.content.raw, updated_on: now() });
    },
    remove(id) {
      const comment = comments.get(id);
      if (comment !== undefined) comments.set(id, { ...comment, deleted: true, raw: '' });
    },
  };
}

function shown({ id, author, raw, deleted, created_on, updated_on }: FakeComment): Record<string, unknown> {
  const content = { type: 'rendered', raw, markup: 'markdown', html: '' };
  const user = { type: 'user', uuid: author };
  return {
    type: 'pullrequest_comment',
    id,
    content: { raw: content.raw, markup: content.markup, html: content.html },
    user,
    deleted,
    created_on,
    updated_on,
    links: { self: { href: `https://api.bitbucket.org/2.0/comments/${id}` } },
  };
}
