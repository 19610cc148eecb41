import { LatchkeyError } from '@latchkey/protocol';
import { describe, expect, it } from 'vitest';
import { createLogger } from '../../platform/logger.ts';
import { type Provisioner, withProvisioning } from './provisioning.ts';

const request = { organizationId: 'org', organizationName: 'Acme', ownerEmail: 'ann@example.com' };

/** Provisioners that write down what they are told, of which some fail. */
function rig(failing: { make?: string; undo?: string } = {}) {
  const calls: string[] = [];
  const logLines: string[] = [];
  const provisioner = (name: string): Provisioner => ({
    name,
    async provision(given) {
      expect(given).toBe(request);
      calls.push(`make ${name}`);
      if (failing.make === name) throw new Error('no');
    },
    async undo(given) {
      expect(given).toBe(request);
      calls.push(`undo ${name}`);
      if (failing.undo === name) throw new Error('cannot undo');
    },
  });
  const log = createLogger('info', { write: (line) => logLines.push(line) });
  const deps = { provisioners: ['a', 'b', 'c'].map(provisioner), log };
  const commit = async () => {
    calls.push('commit');
    return 'done';
  };
  return { deps, calls, logLines, commit };
}

describe('provisioning', () => {
  it('makes everything in order, then commits, and undoes nothing', async () => {
    const { deps, calls, commit } = rig();
    expect(await withProvisioning(deps, request, commit)).toBe('done');
    expect(calls).toEqual(['make a', 'make b', 'make c', 'commit']);
  });

  it('undoes from the one that failed backwards, and never commits', async () => {
    const { deps, calls, commit } = rig({ make: 'b' });
    const refused = await withProvisioning(deps, request, commit).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(LatchkeyError);
    expect(refused).toMatchObject({ code: 'ORGANIZATION_CREATION_FAILED', internal: 'provisioner b' });
    expect(calls).toEqual(['make a', 'make b', 'undo b', 'undo a']);
  });

  it('undoes all in reverse order when the commit fails, and passes its error on', async () => {
    const { deps, calls } = rig();
    const failure = new LatchkeyError('OTP_ALREADY_USED');
    await expect(withProvisioning(deps, request, () => Promise.reject(failure))).rejects.toBe(failure);
    expect(calls).toEqual(['make a', 'make b', 'make c', 'undo c', 'undo b', 'undo a']);
  });

  it('undoes the rest when one cannot be undone, and logs that one', async () => {
    const { deps, calls, logLines } = rig({ undo: 'b' });
    const failure = new LatchkeyError('INTERNAL');
    await expect(withProvisioning(deps, request, () => Promise.reject(failure))).rejects.toBe(failure);
    expect(calls.slice(-3)).toEqual(['undo c', 'undo b', 'undo a']);
    expect(logLines).toHaveLength(1);
    expect(logLines[0]).toContain('"provisioner":"b"');
    expect(logLines[0]).toContain('"organizationId":"org"');
  });

  it('takes a provisioner that throws at once for one that failed', async () => {
    const { deps, calls, commit } = rig();
    const [first, ...others] = deps.provisioners;
    if (first === undefined) throw new Error('no provisioner');
    const hasty = {
      ...first,
      provision: () => {
        throw new Error('at once');
      },
    };
    const provisioners = [hasty, ...others];
    await expect(withProvisioning({ ...deps, provisioners }, request, commit)).rejects.toMatchObject({
      code: 'ORGANIZATION_CREATION_FAILED',
    });
    expect(calls).toEqual(['undo a']);
  });
});
