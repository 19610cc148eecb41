import Fastify, { type FastifyError, type FastifyInstance, type FastifyRequest } from 'fastify';
import { countWords, type Outcome } from './count-words.ts';
import type { Delivery } from './delivery.ts';
import { OncePerId } from './once-per-id.ts';
import { report } from './report.ts';
import type { Settings } from './settings.ts';
import { createVerifier, KeysUnavailable, NotGenuine } from './verify.ts';

function statusOf(error: FastifyError | Error): number {
  if (error instanceof NotGenuine) return 401;
  if (error instanceof KeysUnavailable) return 503;
  return 'statusCode' in error ? (error.statusCode ?? 500) : 500;
}

/** The delivery of a verified request, and the id that all repetitions of it share: that of the execution. */
function deliveryOf({ headers, body }: FastifyRequest): { id: string; delivery: Delivery } {
  return { id: String(headers['webhook-id']), delivery: JSON.parse(String(body)) };
}

/** The server: `POST /sync` answers the result, `POST /callback` answers at once and reports the result later. */
export function buildTarget(settings: Settings): FastifyInstance {
  const app = Fastify({ logger: true });
  const verify = createVerifier(settings);
  const work = new OncePerId<Outcome>();
  const reports = new OncePerId<void>();

  // What is signed are bytes, which parsing and writing again would change.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.addHook('preHandler', async ({ headers, body }) => await verify(headers, body as Buffer));
  app.setErrorHandler(async (error: FastifyError, request, reply) => {
    request.log.warn({ err: error }, 'refused');
    return await reply.code(statusOf(error)).send({ error: error.message });
  });

  app.post('/sync', async (request, reply) => {
    const { id, delivery } = deliveryOf(request);
    const outcome = await work.do(id, () => countWords(delivery.text));
    return outcome.ok ? outcome.resultData : await reply.code(422).send({ error: outcome.errorMessage });
  });

  app.post('/callback', async (request, reply) => {
    const { id, delivery } = deliveryOf(request);
    const finish = async () => {
      const outcome = await work.do(id, () => countWords(delivery.text));
      await reports.do(id, () => report(delivery.executionMetadata, outcome));
    };
    // Not awaited: the answer only says that it was taken. What could not be reported is, if it is delivered again.
    void finish().catch((error: unknown) =>
      request.log.error({ err: error, executionId: id }, 'not reported'),
    );
    return await reply.code(202).send();
  });

  return app;
}
