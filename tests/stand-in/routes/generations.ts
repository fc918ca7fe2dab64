import { Hono } from 'hono';
import { z } from 'zod';
import { authenticate } from '../auth.ts';
import { seededContent } from '../content.ts';
import { ApiError, parse } from '../errors.ts';
import { requireOffer } from '../offer.ts';
import type { World } from '../world.ts';

const Page = z.object({
  limit: z.coerce.number().int().min(1).max(1000).default(50),
  offset: z.coerce.number().int().min(0).default(0),
});
const Id = z.object({ id: z.string().min(1) });

/** `GET /generations`, `GET /generation`, `GET /generation/content`. Both kinds of key see the whole account. */
export function generationRoutes({ account, keys, offer }: World): Hono {
  const found = (id: string) => {
    const row = account.find(id);
    if (!row) throw new ApiError(404, `Generation ${id} not found`);
    return row;
  };

  return new Hono()
    .get('/generations', (c) => {
      requireOffer(c, keys, offer.generations);
      const { limit, offset } = parse(Page, c.req.query());
      const data: unknown[] = account.injected.slice(offset, offset + limit);
      const ahead = account.injected.length;
      for (let i = Math.max(0, offset - ahead); data.length < limit && i < account.length; i++)
        data.push(account.generation(i).api);
      return c.json({ data });
    })
    .get('/generation', (c) => {
      authenticate(c, keys);
      return c.json({ data: found(parse(Id, c.req.query()).id).api });
    })
    .get('/generation/content', (c) => {
      authenticate(c, keys);
      const { api } = found(parse(Id, c.req.query()).id);
      const said = account.content(api.id);
      const data = said
        ? {
            input: { messages: said.messages },
            output: { completion: said.completion, reasoning: null },
            error: null,
          }
        : seededContent(api);
      return c.json({ data });
    });
}
