import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { type Answer, describeEachEngine, startTestApp, type TestApp } from '@latchkey/testkit';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createApp } from '../../app.ts';
import { countRows } from '../rows-for-tests.sql.ts';
import { flatRefusal } from './answers-for-tests.ts';
import { executionSecretOf } from './execution-secret.ts';
import {
  type Instance,
  type RecordingTarget,
  recordingTarget,
  type Stage,
  stageOn,
} from './executions-for-tests.ts';

const boundary = 'part-of-the-upload';
const head = `POST /uploadworkflowoutput HTTP/1.1\r\nhost: x\r\ncontent-type: multipart/form-data; boundary=${boundary}\r\n`;

function fieldText(name: string, value: string): string {
  return `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
}

const fileStart = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="a.txt"\r\n\r\n`;

describeEachEngine('uploading an output', (open) => {
  let app: TestApp;
  let server: FastifyInstance;
  let baseUrl: string;
  let stage: Stage;
  let target: RecordingTarget;
  let instance: Instance;
  let executionId: string;
  let executionSecret: string;
  beforeAll(async () => {
    app = await startTestApp(await open());
    server = await createApp(app.deps);
    baseUrl = await server.listen({ host: '127.0.0.1', port: 0 });
    stage = await stageOn(app);
    target = await recordingTarget();
    instance = await stage.instance({ targetUrl: target.url, mode: 'callback' });
  });
  beforeEach(async () => {
    executionId = await stage.trigger(instance);
    executionSecret = executionSecretOf(app.deps.secrets, executionId);
  });
  afterAll(async () => {
    await server.close();
    await app.close();
    await target.close();
  });

  async function send(body: FormData | string, contentType?: string): Promise<Omit<Answer, 'headers'>> {
    const headers = contentType === undefined ? {} : { 'content-type': contentType };
    const answer = await fetch(`${baseUrl}/uploadworkflowoutput`, { method: 'POST', body, headers });
    return { status: answer.status, body: await answer.json() };
  }

  function formOf(fields: Readonly<Record<string, string | File>>): FormData {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    return form;
  }

  const upload = (fields: Readonly<Record<string, string | File>>) =>
    send(formOf({ executionId, executionSecret, ...fields }));

  const documents = () =>
    app.deps.store.db
      .selectFrom('execution_documents')
      .selectAll()
      .where('execution_id', '=', executionId)
      .orderBy('id')
      .execute();

  /** Sends bytes and waits for the answer's status line, however much is still to be sent. */
  async function statusAfter(text: string): Promise<string> {
    const socket = connect((server.server.address() as AddressInfo).port, '127.0.0.1');
    socket.write(text);
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    return chunk.toString().split('\r\n', 1)[0] ?? '';
  }

  it('keeps the file, to the byte, and says what it is called', async () => {
    const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, index) => index % 256));
    const file = new File([bytes], 'Rechnung ü.pdf', { type: 'application/pdf' });
    const { status, body } = await upload({ fieldKey: 'invoice', file });
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        success: true,
        documentId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        storagePath: `executions/${executionId}/${body.documentId}`,
        fileName: 'Rechnung ü.pdf',
        fileSize: 100_000,
        mimeType: 'application/pdf',
        requestId: expect.any(String),
      },
    });
    const [row, ...others] = await documents();
    expect(others).toEqual([]);
    expect(row).toMatchObject({
      id: body.documentId,
      field_key: 'invoice',
      file_name: 'Rechnung ü.pdf',
      mime_type: 'application/pdf',
      size_bytes: 100_000,
    });
    expect(Buffer.compare(Buffer.from(row?.bytes ?? ''), bytes)).toBe(0);
  });

  it('goes by what the fields call the file, where they do', async () => {
    const fields = { fileName: 'named.txt', mimeType: 'text/plain', fieldKey: '' };
    const { body } = await upload({ ...fields, file: new File(['x'], 'other.bin') });
    expect(body).toMatchObject({ fileName: 'named.txt', mimeType: 'text/plain', fileSize: 1 });
    expect(await documents()).toMatchObject([{ field_key: null }]);
  });

  it('takes several, and a file of nothing', async () => {
    for (const content of ['one', '']) {
      const { body } = await upload({ file: new File([content], 'a.txt') });
      expect(body).toMatchObject({ success: true, fileSize: content.length });
    }
    expect(await documents()).toHaveLength(2);
  });

  describe('is refused', () => {
    const file = new File(['x'], 'a.txt');
    const invalid = { status: 400, code: 'INVALID_REQUEST' };

    it('without a file', async () => {
      expect(flatRefusal(await upload({ fieldKey: 'x' }))).toEqual(invalid);
    });

    it('with anything behind the file, and keeps nothing', async () => {
      for (const late of [{ fieldKey: 'x' }, { other: file }]) {
        const form = formOf({ executionId, executionSecret, file, ...late });
        expect(flatRefusal(await send(form))).toEqual(invalid);
      }
    });

    it('with the file before the fields', async () => {
      expect(flatRefusal(await send(formOf({ file, executionId, executionSecret })))).toEqual(invalid);
    });

    it('with a wrong secret, and for an execution that is not there', async () => {
      const wrong = { status: 401, code: 'EXECUTION_SECRET_INVALID' };
      const other = executionSecretOf(app.deps.secrets, 'other');
      expect(flatRefusal(await upload({ executionSecret: other, file }))).toEqual(wrong);
      const secretOfNone = executionSecretOf(app.deps.secrets, 'not-there');
      const ofNone = { executionId: 'not-there', executionSecret: secretOfNone, file };
      expect(flatRefusal(await upload(ofNone))).toEqual(wrong);
    });

    it('after the end of the execution, and keeps nothing', async () => {
      await stage.report('result', executionId, { resultData: {} });
      expect(flatRefusal(await upload({ file }))).toEqual({ status: 404, code: 'EXECUTION_NOT_PENDING' });
      expect(await documents()).toEqual([]);
    });

    it('with a file of more than 100 MB', async () => {
      const large = new File([Buffer.alloc(100 * 1024 * 1024 + 1)], 'large.bin');
      expect(flatRefusal(await upload({ file: large }))).toEqual({ status: 413, code: 'PAYLOAD_TOO_LARGE' });
      expect(await documents()).toEqual([]);
    });

    it.each([
      ['a name that cannot be kept', { fileName: 'a\u0000b' }],
      ['a name that is too long', { fileName: 'a'.repeat(256) }],
      ['a field that there is not', { other: 'x' }],
      ['a field of more than it may hold', { fieldKey: 'a'.repeat(5000) }],
      ['a field that reaches a prototype', { __proto__x: 'x', constructor: 'x' }],
    ])('with %s', async (_what, fields) => {
      expect(flatRefusal(await upload({ ...fields, file }))).toEqual(invalid);
    });

    it('with a file whose own name is too long', async () => {
      expect(flatRefusal(await upload({ file: new File(['x'], 'a'.repeat(256)) }))).toEqual(invalid);
    });

    it.each([
      ['without a boundary', 'multipart/form-data', 'x'],
      ['of nothing', `multipart/form-data; boundary=${boundary}`, ''],
      ['of no parts', `multipart/form-data; boundary=${boundary}`, 'no parts at all'],
      [
        'cut off in a field',
        `multipart/form-data; boundary=${boundary}`,
        fieldText('executionId', 'x').slice(0, -3),
      ],
      [
        'with a broken head of a part',
        `multipart/form-data; boundary=${boundary}`,
        `--${boundary}\r\nx\r\n\r\n`,
      ],
    ])('as a body %s', async (_what, contentType, body) => {
      expect(flatRefusal(await send(body, contentType))).toEqual(invalid);
    });

    it('where the file is cut off', async () => {
      const fields = fieldText('executionId', executionId) + fieldText('executionSecret', executionSecret);
      const body = `${fields}${fileStart}half of`;
      expect(flatRefusal(await send(body, `multipart/form-data; boundary=${boundary}`))).toEqual(invalid);
      expect(await documents()).toEqual([]);
    });

    it('as JSON', async () => {
      const json = JSON.stringify({ executionId, executionSecret });
      expect(flatRefusal(await send(json, 'application/json'))).toMatchObject({ status: 415 });
    });
  });

  it('asks for the secret before it reads the file', async () => {
    const fields = fieldText('executionId', executionId) + fieldText('executionSecret', 'wrong');
    const status = await statusAfter(
      `${head}content-length: 100000000\r\n\r\n${fields}${fileStart}first bytes`,
    );
    expect(status).toBe('HTTP/1.1 401 Unauthorized');
  });

  it('answers whoever sends everything before they read why it was refused', async () => {
    const large = new File([Buffer.alloc(60 * 1024 * 1024)], 'large.bin');
    const answer = await upload({ executionSecret: 'wrong', file: large });
    expect(flatRefusal(answer)).toEqual({ status: 401, code: 'EXECUTION_SECRET_INVALID' });
  });

  it('keeps nothing of an upload whose connection breaks, and goes on', async () => {
    const before = await countRows(app.deps.store, 'execution_documents');
    const fields = fieldText('executionId', executionId) + fieldText('executionSecret', executionSecret);
    const socket = connect((server.server.address() as AddressInfo).port, '127.0.0.1');
    const closed = once(socket, 'close');
    socket.write(`${head}content-length: 100000\r\n\r\n${fields}${fileStart}first bytes`, () =>
      socket.destroy(),
    );
    await closed;
    expect((await upload({ file: new File(['x'], 'a.txt') })).status).toBe(200);
    expect(await countRows(app.deps.store, 'execution_documents')).toBe(before + 1);
  });

  it('keeps a file or ends an execution, never both in the wrong order', async () => {
    const uploads = Array.from({ length: 8 }, () => upload({ file: new File(['x'], 'a.txt') }));
    const ended = stage.report('result', executionId, { resultData: {} });
    const answers = await Promise.all(uploads);
    await ended;
    const kept = answers.filter(({ status }) => status === 200);
    for (const each of answers)
      if (each.status !== 200) expect(flatRefusal(each).code).toBe('EXECUTION_NOT_PENDING');
    expect(await documents()).toHaveLength(kept.length);
  });
});
