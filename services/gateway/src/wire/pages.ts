import { Type } from 'typebox';

/** Lists that are read page by page, newest first. */
const before = Type.Optional(
  Type.Integer({
    minimum: 0,
    maximum: Number.MAX_SAFE_INTEGER,
    description: '`next` of the page before: what is older than that page; without it the newest',
  }),
);
/** Fields of a query; `maximum` is what the read model keeps. */
export const pageFields = (maximum: number) => ({
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum,
      default: 100,
      description: 'a page may be longer by what else its last command did',
    }),
  ),
  before,
});
/** Field of an answer. */
export const next = Type.Union([Type.Integer({ minimum: 0 }), Type.Null()], {
  description: '`before` of the next page; null = there is nothing older here, only in the journal',
});
