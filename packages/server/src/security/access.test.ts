import { generateEnvironmentKey, generateKey, type KeyFamily, parseKey } from '@latchkey/keys';
import {
  allScopes,
  type ErrorCode,
  knowsEnvironmentKeys,
  organizationScopes,
  type Scope,
} from '@latchkey/protocol';
import { describeEachEngine } from '@latchkey/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dayMs, hourMs } from '../platform/clock.ts';
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
import { besidesPath, keyPlaces, type Place, publicPlaces, rawRequest, requestOf } from './places.ts';
import { changesNothing, expectRefusal, refuse } from './refusal.ts';
import { createStage, type Stage } from './stage.ts';
import type { Tenant } from './tenants.ts';

const managementFamilies = ['organization', 'personal', 'admin'] as const;

/** Of the families that come in these headers. */
function acceptedFamilies(place: Place): (typeof managementFamilies)[number][] {
  const { families } = keyAccess(place);
  return managementFamilies.filter((family) => families.includes(family));
}

/** What does not even start like a key is read as the token of a session, or as what should have been an environment key. */
function codeOfNoKey(place: Place, secret: string, headers: Headers): ErrorCode {
  const { families } = keyAccess(place);
  if (parseKey(secret).prefix !== undefined || !('authorization' in headers)) return 'KEY_MALFORMED';
  if (families.includes('session')) return 'SESSION_INVALID';
  return families.includes('environment') ? 'KEY_INVALID' : 'KEY_MALFORMED';
}

/** Each of the two headers that carry a management key. */
function carriers(secret: string): Headers[] {
  return [{ 'x-process-manager-key': secret }, { authorization: `Bearer ${secret}` }];
}

/** What leaves out what the caller may not see, and refuses nobody for it. */
function isListOfOrganization({ id, path }: Place): boolean {
  const lists = ['projects.list', 'instances.list', 'executions.listOfOrganization', 'instances.statistics'];
  return lists.includes(id) && !path.includes('{processInstanceId}');
}

const managementPlaces = keyPlaces.filter((place) => acceptedFamilies(place).length > 0);

describeEachEngine('the door of every operation', (open) => {
  let stage: Stage;
  let demoted: Tenant;
  let departed: Tenant;

  beforeAll(async () => {
    stage = await createStage(await open());
    demoted = await stage.addTenant('owner@demoted.example', 'Demoted');
    departed = await stage.addTenant('owner@departed.example', 'Departed');
    await stage.setRole(demoted, 'developer');
    await stage.setRole(departed, undefined);
  });
  afterAll(() => stage.close());

  function challenge(): string {
    const metadata = `${stage.app.deps.publicUrl()}/.well-known/oauth-protected-resource`;
    return `Bearer realm="latchkey", resource_metadata="${metadata}"`;
  }

  async function refuseKey(place: Place, secret: string, code: ErrorCode, input = stage.goodInput(place)) {
    const replies = [];
    for (const headers of carriers(secret)) {
      replies.push(await refuse(stage, place.operation, requestOf(place, input, headers), code));
    }
    return replies;
  }

  it('is looked at for every operation that needs a key', () => {
    expect(keyPlaces.length).toBeGreaterThanOrEqual(25);
  });

  describe.each(keyPlaces)('$label', (place) => {
    changesNothing(() => stage);

    it('refuses a call without a key and asks for one', async () => {
      const empty: Headers[] = [
        {},
        { 'x-process-manager-key': '' },
        { authorization: 'Bearer' },
        { authorization: 'Bearer ' },
        { 'x-process-manager-key': ' ', authorization: '' },
      ];
      for (const headers of empty) {
        const request = requestOf(place, stage.goodInput(place), headers);
        const reply = await refuse(stage, place.operation, request, unauthenticated(place));
        expect(reply.status).toBe(401);
        expect(reply.headers['www-authenticate']).toBe(challenge());
      }
    });

    it('refuses a call without a key whatever its body says', async () => {
      const own = besidesPath(place);
      const input = {
        ...stage.goodInput(place, stage.rival),
        ...Object.fromEntries(privileged(place)),
        scopes: allScopes,
      };
      const request = requestOf(place, { ...input, organizationId: stage.rival.organizationId });
      await refuse(stage, place.operation, request, unauthenticated(place));
      if (place.method === 'GET') return;
      const bodies = [
        '',
        '{',
        'null',
        '[]',
        '{"a":1,"a":2}',
        '{"__proto__":{"admin":true}}',
        '"x"',
        '\u0000',
      ];
      bodies.push(JSON.stringify(Object.fromEntries(own.map((name) => [name, { $ne: null }]))));
      for (const body of bodies) {
        const sent = rawRequest(place, stage.goodInput(place), body);
        await refuse(stage, place.operation, sent, unauthenticated(place));
      }
    });

    it('refuses what is not a whole key', async () => {
      for (const family of acceptedFamilies(place)) {
        for (const secret of Object.values(malformedOf(stage.acme.keys[family]))) {
          for (const headers of carriers(secret)) {
            const code = codeOfNoKey(place, secret, headers);
            const request = requestOf(place, stage.goodInput(place), headers);
            const reply = await refuse(stage, place.operation, request, code);
            expect(reply.headers['www-authenticate']).toBe(`${challenge()}, error="invalid_token"`);
          }
        }
      }
    });

    it('refuses a key of the right form that was never issued', async () => {
      for (const family of acceptedFamilies(place))
        await refuseKey(place, generateKey(family), 'KEY_UNKNOWN');
    });

    it('refuses a revoked key and says since when', async () => {
      for (const family of acceptedFamilies(place)) {
        const { secret, keyId } = await stage.mint(family, stage.acme, { state: 'revoked' });
        for (const reply of await refuseKey(place, secret, 'KEY_REVOKED')) {
          expect(reply.status).toBe(401);
          expect(reply.body.error.message).toMatch(/ at \d{4}-\d\d-\d\dT/);
        }
        await stage.forget(keyId);
      }
    });

    it('refuses an expired key and says since when', async () => {
      for (const family of acceptedFamilies(place)) {
        const { secret, keyId } = await stage.mint(family, stage.acme, { state: 'expired' });
        for (const reply of await refuseKey(place, secret, 'KEY_EXPIRED')) {
          expect(reply.status).toBe(401);
          expect(reply.body.error.message).toMatch(/ at \d{4}-\d\d-\d\dT/);
        }
        await stage.forget(keyId);
      }
    });

    it('refuses every family that it does not accept, live or never issued', async () => {
      const access = keyAccess(place);
      const { families, refusal = 'KEY_FAMILY_NOT_ALLOWED' } = access;
      for (const family of managementFamilies.filter((each) => !families.includes(each))) {
        for (const { status } of await refuseKey(place, stage.acme.keys[family], refusal)) {
          expect(status).toBe(403);
        }
      }
      const { instance, environment } = stage.acme.keys;
      const others: [KeyFamily, string[]][] = [
        ['instance', [instance, generateKey('instance')]],
        [
          'environment',
          [
            environment,
            ...(['dev', 'sandbox', 'prod'] as const).map((each) => generateEnvironmentKey(each).secret),
          ],
        ],
      ];
      for (const [family, secrets] of others) {
        if (family === 'environment' && knowsEnvironmentKeys(access)) continue;
        for (const secret of secrets) {
          for (const { body } of await refuseKey(place, secret, 'KEY_WRONG_PLACE')) {
            expect(body.error.message).toContain(`starts with ${parseKey(secret).prefix} `);
          }
        }
      }
    });

    it('refuses two credentials that differ, in whatever headers they come', async () => {
      const input = stage.goodInput(place);
      const [family = 'personal'] = acceptedFamilies(place);
      const [own, other] = [stage.acme.keys[family], stage.rival.keys[family]];
      const pairs: Headers[] = [
        { 'x-process-manager-key': own, authorization: `Bearer ${other}` },
        { 'x-process-manager-key': own, 'x-api-key': other },
        { authorization: `Bearer ${own}`, 'x-api-key': stage.acme.keys.instance },
        { 'x-process-manager-key': own, authorization: `bearer ${withLastChanged(own)}` },
        { authorization: [`Bearer ${own}`, `Bearer ${other}`] },
      ];
      for (const headers of pairs) {
        const reply = await refuse(
          stage,
          place.operation,
          requestOf(place, input, headers),
          'CREDENTIALS_CONFLICT',
        );
        expect(reply.status).toBe(400);
      }
    });

    it('refuses a live key in X-API-Key and says where it belongs', async () => {
      for (const family of acceptedFamilies(place)) {
        const headers = { 'x-api-key': stage.acme.keys[family] };
        const request = requestOf(place, stage.goodInput(place), headers);
        const reply = await refuse(stage, place.operation, request, 'KEY_WRONG_PLACE');
        expect(reply.body.error.message).toContain('X-Process-Manager-Key');
      }
    });

    it('does not see a live key anywhere else', async () => {
      const [family = 'personal'] = acceptedFamilies(place);
      const smuggled = bySmuggling(place, stage.goodInput(place), stage.acme.keys[family]);
      for (const request of Object.values(smuggled)) {
        await refuse(stage, place.operation, request, unauthenticated(place), 'KEY_IN_URL_REFUSED');
      }
    });

    it('refuses a key that has every scope but the one that it takes, and names it', async () => {
      const { scope } = keyAccess(place);
      if (scope === undefined) return;
      for (const family of acceptedFamilies(place)) {
        const most = family === 'organization' ? organizationScopes : allScopes;
        const scopes = most.filter((each: Scope) => each !== scope);
        const { secret, keyId } = await stage.mint(family, stage.rival, { scopes });
        for (const reply of await refuseKey(
          place,
          secret,
          'SCOPE_MISSING',
          stage.goodInput(place, stage.rival),
        )) {
          expect(reply.status).toBe(403);
          expect(reply.body.error.message).toContain(scope);
          expect(reply.body.error.details).toEqual({ scope });
          expect(reply.headers['www-authenticate']).toBe(
            `${challenge()}, error="insufficient_scope", scope="${scope}"`,
          );
        }
        await stage.forget(keyId);
      }
    });

    it('does nothing to another key or an organization for a key without scopes', async () => {
      if (!namesTenant(place)) return;
      for (const family of acceptedFamilies(place)) {
        const { secret, keyId } = await stage.mint(family, stage.rival, { scopes: [] });
        await refuseKey(place, secret, 'SCOPE_MISSING', stage.goodInput(place, stage.rival));
        await stage.forget(keyId);
      }
    });

    it('refuses a key of another organization, and a person who is no member of it', async () => {
      if (!namesTenant(place)) return;
      const foreign = stage.goodInput(place, stage.rival);
      const { families } = keyAccess(place);
      if (families.includes('organization')) {
        await refuseKey(place, stage.acme.keys.organization, 'ORGANIZATION_MISMATCH', foreign);
      }
      if (families.includes('personal')) {
        await refuseKey(place, stage.acme.keys.personal, strangerCode(place), foreign);
      }
    });

    it('refuses a key whose holder was demoted or has left, while the key itself stays valid', async () => {
      if (!place.operation.errors.includes('ROLE_REQUIRED')) return;
      for (const tenant of [demoted, departed]) {
        for (const family of acceptedFamilies(place).filter((each) => each !== 'admin')) {
          await refuseKey(place, tenant.keys[family], 'ROLE_REQUIRED', stage.goodInput(place, tenant));
          const whoami = {
            method: 'GET',
            url: '/v1/whoami',
            headers: { 'x-process-manager-key': tenant.keys[family] },
          } as const;
          expect((await stage.send(whoami)).status).toBe(200);
        }
      }
    });

    it('shows and changes nothing that is not shared for a key whose holder has left', async () => {
      if (!namesTenant(place) || !acceptedFamilies(place).includes('organization')) return;
      if (place.operation.errors.includes('ROLE_REQUIRED')) return;
      const input = stage.goodInput(place, departed);
      const { organization, personal } = departed.keys;
      await refuseKey(place, personal, strangerCode(place), input);
      for (const headers of carriers(organization)) {
        const request = requestOf(place, input, headers);
        // Of a list they get what is shared with everyone, which is nothing here.
        if (!isListOfOrganization(place)) {
          await refuse(stage, place.operation, request, 'NOT_SHARED', 'ROLE_INSUFFICIENT');
        } else expect((await stage.send(request)).body.data).toMatchObject({ count: 0 });
      }
    });

    it('refuses fields that would give the caller more than the key does', async () => {
      for (const family of acceptedFamilies(place)) {
        const headers = { 'x-process-manager-key': stage.acme.keys[family] };
        for (const [name, value] of privileged(place)) {
          const request = requestOf(place, { ...stage.goodInput(place), [name]: value }, headers);
          await refuse(stage, place.operation, request, 'INVALID_REQUEST');
        }
      }
    });
  });

  describe.each(publicPlaces)('$label', (place) => {
    it('answers the same whatever key is sent along, and does not use it', async () => {
      const { keys } = stage.acme;
      const revoked = await stage.mint('organization', stage.acme, { state: 'revoked' });
      const { keyId } = await stage.mint('personal', stage.rival);
      const sent: Headers[] = [
        {},
        ...carriers(keys.organization),
        ...carriers(revoked.secret),
        ...carriers(withLastChanged(keys.admin)),
        { 'x-api-key': keys.instance },
        { 'x-process-manager-key': keys.organization, authorization: `Bearer ${keys.personal}` },
        { authorization: 'Basic eDp5' },
      ];
      const answers = [];
      for (const headers of sent) {
        // Codes and cooldowns are over, so that each call finds what the call before it found.
        stage.app.clock.advance(hourMs);
        const reply = await stage.send(requestOf(place, stage.goodInput(place), headers));
        const { requestId: _, ...answer } = reply.body;
        answers.push({ status: reply.status, answer, challenge: reply.headers['www-authenticate'] });
        if (reply.status !== 200) expectRefusal(reply, place.operation);
      }
      for (const answer of answers) expect(answer).toEqual(answers[0]);
      expect(stage.app.deps.lastUsed.pending(keyId)).toBeUndefined();
    });
  });
});

describeEachEngine('a live key of an accepted family', (open) => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await createStage(await open());
  });
  afterAll(() => stage.close());

  describe.each(managementPlaces)('is let in by $label', (place) => {
    it.each(acceptedFamilies(place))('%s, in either header and in both at once', async (family) => {
      const secret = stage.acme.keys[family];
      const both = {
        'x-process-manager-key': secret,
        authorization: `Bearer ${secret}`,
        'x-api-key': secret,
      };
      for (const headers of [...carriers(secret), both]) {
        const kept = await stage.keep();
        const reply = await stage.send(requestOf(place, stage.goodInput(place), headers));
        expect(reply.status, reply.text).toBe(200);
        await kept.restore();
      }
    });
  });

  it('is let in until the instant at which it expires, and not from then on', async () => {
    const [place] = keyPlaces.filter(({ id }) => id === 'keys.createForOrganization');
    const [whoami] = keyPlaces.filter(({ id }) => id === 'keys.whoami');
    if (place === undefined || whoami === undefined) throw new Error('the operations were renamed');
    const [own] = carriers(stage.acme.keys.personal);
    const minted = await stage.send(requestOf(place, { ...stage.goodInput(place), expiresInDays: 1 }, own));
    const [headers] = carriers(minted.body.data.apiKey);
    stage.app.clock.advance(dayMs - 1);
    expect((await stage.send(requestOf(whoami, {}, headers))).status).toBe(200);
    stage.app.clock.advance(1);
    await refuse(stage, whoami.operation, requestOf(whoami, {}, headers), 'KEY_EXPIRED');
  });
});
