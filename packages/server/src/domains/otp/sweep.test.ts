import { describeEachEngine, startTestApp } from '@latchkey/testkit';
import { expect, it } from 'vitest';
import { complete, refusal, requestCode } from '../calls-for-tests.ts';
import { challengesOf, countRows } from '../rows-for-tests.sql.ts';
import { sweepEnded } from './sweep.ts';

const day = 86_400_000;

describeEachEngine('sweeping', (open) => {
  it('keeps used and expired codes for a day after their end, then forgets them', async () => {
    const app = await startTestApp(await open());
    await app.signUp('used@example.com');
    await requestCode(app, 'signup', 'expired@example.com');
    const codes = ['used', 'expired'].map((name) => {
      const email = `${name}@example.com`;
      return { email, code: app.codeFor(email) };
    });
    const present = async () => {
      const answers = [];
      for (const body of codes) answers.push(refusal(await complete(app, 'signup', body)).code);
      return answers;
    };

    app.clock.advance(600_000 + day);
    await sweepEnded(app.deps);
    expect(await present()).toEqual(['OTP_ALREADY_USED', 'OTP_EXPIRED']);
    app.clock.advance(1);
    await sweepEnded(app.deps);
    expect(await present()).toEqual(['OTP_NOT_FOUND', 'OTP_NOT_FOUND']);
    expect(await challengesOf(app.deps.store, 'used@example.com')).toEqual([]);
    await app.close();
  });

  it('forgets limits that are over, and none that still holds', async () => {
    const app = await startTestApp(await open());
    await requestCode(app, 'signup', 'ann@example.com');
    app.clock.advance(29_999);
    await sweepEnded(app.deps);
    const answer = await requestCode(app, 'signup', 'ann@example.com');
    expect(refusal(answer).code).toBe('OTP_RESEND_COOLDOWN');
    app.clock.advance(2 * 3_600_000);
    await sweepEnded(app.deps);
    expect(await countRows(app.deps.store, 'limits')).toBe(0);
    await app.close();
  });
});
