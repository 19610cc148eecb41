import { randomBytes } from 'node:crypto';
import { generateEnvironmentKey, generateKey } from '@latchkey/keys';
import { type ErrorCode, knowsEnvironmentKeys } from '@latchkey/protocol';
import { describeEachEngine } from '@latchkey/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  bySmuggling,
  type Headers,
  keyAccess,
  malformedOf,
  namesTenant,
  privileged,
  strangerCode,
  unauthenticated,
  withLastChanged,
} from './callers.ts';
import { inPath, keyPlaces, type Place, requestOf } from './places.ts';
import { changesNothing, refuse } from './refusal.ts';
import { createStage, type Stage } from './stage.ts';
import type { Tenant } from './tenants.ts';

const sessionPlaces = keyPlaces.filter((place) => keyAccess(place).families.includes('session'));
const otherPlaces = keyPlaces.filter((place) => !sessionPlaces.includes(place));
const environmentPlaces = keyPlaces.filter((place) => keyAccess(place).families.includes('environment'));
/** Where environment keys are verified, be it only to be refused afterwards. */
const awarePlaces = keyPlaces.filter((place) => knowsEnvironmentKeys(keyAccess(place)));

const bearer = (secret: string): Headers => ({ authorization: `Bearer ${secret}` });
const apiKey = (secret: string): Headers => ({ 'x-api-key': secret });

describeEachEngine('the door for people and environment keys', (open) => {
  let stage: Stage;
  let demoted: Tenant;
  let departed: Tenant;
  /** Of the same person: one that has ended, one that was revoked, one that is not for the API. */
  let otherSessions: string[];

  beforeAll(async () => {
    stage = await createStage(await open());
    demoted = await stage.addTenant('owner@demoted.example', 'Demoted');
    departed = await stage.addTenant('owner@departed.example', 'Departed');
    await stage.setRole(demoted, 'developer');
    await stage.setRole(departed, undefined);
    otherSessions = [
      await stage.beginSession(stage.acme, { state: 'ended' }),
      await stage.beginSession(stage.acme, { state: 'revoked' }),
      await stage.beginSession(stage.acme, { scope: 'openid email' }),
    ];
  });
  afterAll(() => stage.close());

  function refuseAt(place: Place, headers: Headers, code: ErrorCode, tenant = stage.acme) {
    const request = requestOf(place, stage.goodInput(place, tenant), headers);
    return refuse(stage, place.operation, request, code);
  }

  async function letIn(place: Place, headers: Headers): Promise<void> {
    const kept = await stage.keep();
    const reply = await stage.send(requestOf(place, stage.goodInput(place), headers));
    expect(reply.status, reply.text).toBe(200);
    await kept.restore();
  }

  it('is looked at for every operation that knows them', () => {
    expect(sessionPlaces.length).toBeGreaterThanOrEqual(20);
    expect(awarePlaces.length).toBeGreaterThanOrEqual(14);
    expect(environmentPlaces.length).toBeGreaterThanOrEqual(2);
  });

  describe.each(sessionPlaces)('$label', (place) => {
    it('lets the session of a person in who may', async () => {
      await letIn(place, bearer(stage.acme.session));
    });
  });

  describe.each(environmentPlaces)('$label', (place) => {
    it.each([apiKey, bearer])('lets a live environment key in: %o', async (carry) => {
      await letIn(place, carry(stage.acme.keys.environment));
    });
  });

  describe.each(sessionPlaces)('$label', (place) => {
    changesNothing(() => stage);

    it('refuses a session that is not known, has ended or was not granted the API', async () => {
      const { session } = stage.acme;
      const tokens = [
        'letmein',
        randomBytes(32).toString('base64url'),
        session.slice(0, -1),
        `${session}A`,
        withLastChanged(session),
        ...otherSessions,
      ];
      for (const token of tokens) {
        const reply = await refuseAt(place, bearer(token), 'SESSION_INVALID');
        expect(reply.status).toBe(401);
        expect(reply.headers['www-authenticate']).toContain('error="invalid_token"');
      }
    });

    it('takes a session as Authorization: Bearer only', async () => {
      const { session } = stage.acme;
      await refuseAt(place, { 'x-process-manager-key': session }, 'KEY_MALFORMED');
      const elsewhere = knowsEnvironmentKeys(keyAccess(place)) ? 'KEY_INVALID' : 'KEY_WRONG_PLACE';
      await refuseAt(place, apiKey(session), elsewhere);
      for (const request of Object.values(bySmuggling(place, stage.goodInput(place), session))) {
        await refuse(stage, place.operation, request, unauthenticated(place), 'KEY_IN_URL_REFUSED');
      }
    });

    it('refuses a session beside another credential', async () => {
      const { session, keys } = stage.acme;
      for (const other of [
        apiKey(keys.environment),
        apiKey(stage.rival.session),
        { 'x-process-manager-key': keys.personal },
        { authorization: [`Bearer ${session}`, `Bearer ${stage.rival.session}`] },
      ]) {
        await refuseAt(place, { ...bearer(session), ...other }, 'CREDENTIALS_CONFLICT');
      }
    });

    it('does not let a person into an organization of others, or one that they have left', async () => {
      if (!namesTenant(place)) return;
      await refuseAt(place, bearer(stage.acme.session), strangerCode(place), stage.rival);
      await refuseAt(place, bearer(departed.session), strangerCode(place), departed);
    });

    it('refuses a person whose role no longer allows it, while the session itself goes on', async () => {
      const { operation } = place;
      const code = operation.errors.includes('ADMIN_REQUIRED') ? 'ADMIN_REQUIRED' : 'ROLE_REQUIRED';
      if (!operation.errors.includes(code) || !namesTenant(place)) return;
      await refuseAt(place, bearer(demoted.session), code, demoted);
      const me = await stage.send({
        method: 'GET',
        url: '/v1/auth/me',
        headers: { authorization: `Bearer ${demoted.session}` },
      });
      expect(me.status).toBe(200);
    });

    it('refuses fields that would give the person more than their role does', async () => {
      for (const [name, value] of privileged(place)) {
        const input = { ...stage.goodInput(place), [name]: value };
        const request = requestOf(place, input, bearer(stage.acme.session));
        await refuse(stage, place.operation, request, 'INVALID_REQUEST');
      }
    });
  });

  describe.each(otherPlaces)('$label', (place) => {
    changesNothing(() => stage);

    it('knows no sessions', async () => {
      const code = environmentPlaces.includes(place) ? 'KEY_INVALID' : 'KEY_MALFORMED';
      await refuseAt(place, bearer(stage.acme.session), code);
    });
  });

  describe.each(awarePlaces)('$label', (place) => {
    changesNothing(() => stage);

    it('says to a live environment key that it takes a person, where it does', async () => {
      if (environmentPlaces.includes(place)) return;
      const { environment } = stage.acme.keys;
      for (const headers of [apiKey(environment), bearer(environment)]) {
        const { refusal = 'KEY_FAMILY_NOT_ALLOWED' } = keyAccess(place);
        expect((await refuseAt(place, headers, refusal)).status).toBe(403);
      }
    });

    it('refuses what is not a whole environment key, or was never issued, all with one answer', async () => {
      const wrong = Object.values(malformedOf(stage.acme.keys.environment));
      wrong.push(generateEnvironmentKey('dev').secret, 'ck_prod_x', 'ck_dev_');
      for (const secret of wrong) {
        await refuseAt(place, apiKey(secret), 'KEY_INVALID');
        if (secret.startsWith('ck_')) await refuseAt(place, bearer(secret), 'KEY_INVALID');
      }
    });

    it('refuses a key that was revoked or has ended, and says since when', async () => {
      for (const state of ['revoked', 'ended'] as const) {
        const { secret, keyId } = await stage.mintForEnvironment(stage.acme, { state });
        for (const headers of [apiKey(secret), bearer(secret)]) {
          const { body } = await refuseAt(place, headers, 'KEY_REVOKED');
          expect(body.error.message).toMatch(/ at \d{4}-\d\d-\d\dT/);
        }
        await stage.forget(keyId);
      }
    });

    it('refuses a key of another environment, however good it is there', async () => {
      if (!inPath(place).includes('environment')) return;
      for (const environment of ['sandbox', 'prod'] as const) {
        const live = await stage.mintForEnvironment(stage.acme, { environment });
        for (const secret of [live.secret, generateEnvironmentKey(environment).secret]) {
          for (const headers of [apiKey(secret), bearer(secret)]) {
            await refuseAt(place, headers, 'KEY_ENVIRONMENT_MISMATCH');
          }
        }
        await stage.forget(live.keyId);
      }
    });

    it('refuses keys in headers where they do not belong', async () => {
      const { keys } = stage.acme;
      await refuseAt(place, { 'x-process-manager-key': keys.environment }, 'KEY_WRONG_PLACE');
      const ofInstances = [keys.instance, generateKey('instance')];
      const isForInstances = keyAccess(place).families.includes('instance');
      const others = [keys.organization, keys.personal, keys.admin, ...(isForInstances ? [] : ofInstances)];
      for (const secret of others) await refuseAt(place, apiKey(secret), 'KEY_WRONG_PLACE');
      const request = bySmuggling(place, stage.goodInput(place), keys.environment);
      for (const each of Object.values(request)) {
        await refuse(stage, place.operation, each, unauthenticated(place), 'KEY_IN_URL_REFUSED');
      }
    });
  });

  describe.each(environmentPlaces)('$label', (place) => {
    changesNothing(() => stage);

    it('refuses a key whose level is too low', async () => {
      if (!place.operation.errors.includes('KEY_SCOPE_INSUFFICIENT')) return;
      const { secret, keyId } = await stage.mintForEnvironment(stage.acme, { level: 'read-only' });
      expect((await refuseAt(place, apiKey(secret), 'KEY_SCOPE_INSUFFICIENT')).status).toBe(403);
      await stage.forget(keyId);
    });

    it('does not let a key into another organization', async () => {
      if (!namesTenant(place)) return;
      await refuseAt(place, apiKey(stage.acme.keys.environment), 'ORGANIZATION_NOT_FOUND', stage.rival);
    });
  });
});
