import multipart from '@fastify/multipart';
import { type Input, LatchkeyError, operations } from '@latchkey/protocol';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type ExecutionDeps, requireReporter, uploadOutput } from '../domains/executions/index.ts';
import { successAnswer } from './answers.ts';
import { checkInput } from './input.ts';
import { placesOf } from './places.ts';

const operation = operations['executions.uploadOutput'];
const maxFileBytes = 100 * 1024 * 1024;
const limits = { fileSize: maxFileBytes, files: 2, fields: 10, fieldSize: 1000, parts: 11 };

function invalid(problem: string): LatchkeyError {
  return new LatchkeyError('INVALID_REQUEST', { details: { problem } });
}

/** What the parser has to say of a body that is no multipart is an error without a code. */
function isBroken(error: unknown): boolean {
  return error instanceof Error && error.constructor === Error && !('code' in error);
}

interface Upload {
  readonly fields: Input<'executions.uploadOutput'>;
  readonly bytes: Buffer;
}

/**
 * The fields come first and the file last: whose upload it is has to be known before 100 MB are read
 * (contract/codika.md F.6).
 */
async function readUpload(deps: ExecutionDeps, request: FastifyRequest): Promise<Upload> {
  const fields: Record<string, unknown> = {};
  let upload: Upload | undefined;
  for await (const part of request.parts({ limits })) {
    if (upload !== undefined) throw invalid('file: must be the last part, after all fields.');
    if (part.type === 'field') {
      if (part.value !== '') fields[part.fieldname] = part.value;
      continue;
    }
    const named = { fileName: part.filename, mimeType: part.mimetype, ...fields };
    const input = checkInput(operation, named) as Upload['fields'];
    requireReporter(deps, input);
    upload = { fields: input, bytes: await part.toBuffer() };
  }
  if (upload !== undefined) return upload;
  throw invalid('file: is missing. Send it as the last part, after all fields.');
}

async function answerUpload(deps: ExecutionDeps, request: FastifyRequest): Promise<object> {
  if (!request.isMultipart()) throw new LatchkeyError('UNSUPPORTED_MEDIA_TYPE');
  const { fields, bytes } = await readUpload(deps, request).catch((error: unknown) => {
    // What is still to come is thrown away: most clients read no answer before they have sent everything.
    request.raw.unpipe().resume();
    throw isBroken(error) ? invalid('the body is not the multipart/form-data that it says it is.') : error;
  });
  return successAnswer(request, operation.output.parse(await uploadOutput(deps, fields, bytes)));
}

/** Uploads of files, which are no JSON. */
export async function registerUploads(app: FastifyInstance, deps: ExecutionDeps): Promise<void> {
  await app.register(async (uploads) => {
    await uploads.register(multipart);
    for (const { route } of placesOf('executions.uploadOutput')) {
      uploads.route({
        ...route,
        bodyLimit: operation.bodyLimitBytes,
        handler: (request) => answerUpload(deps, request),
      });
    }
  });
}
