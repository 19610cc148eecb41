import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { wrapCommandLine, wrapText } from './wrap.ts';

describe('wrapText', () => {
  it('fills lines up to the width, and lets a word that is longer stand whole', () => {
    expect(wrapText('one two three four', { width: 10, indent: 2 })).toBe('one two\n  three\n  four');
    expect(wrapText('a https://keys.example.com b', { width: 10, indent: 0 })).toBe(
      'a\nhttps://keys.example.com\nb',
    );
  });
});

describe('wrapCommandLine', () => {
  it('is the same command line for a shell', () => {
    const line = `printf '%s|' --label "Stripe,  live" --payload '{"orderId": 42}' --title Orders`;
    const wrapped = wrapCommandLine(line, { width: 30, indent: 4 });
    expect(wrapped.split('\n').length).toBeGreaterThan(2);
    const [asWritten, asWrapped] = [line, wrapped].map((text) =>
      spawnSync('sh', ['-c', text]).stdout.toString(),
    );
    expect(asWrapped).toBe(asWritten);
    expect(asWrapped).toBe('--label|Stripe,  live|--payload|{"orderId": 42}|--title|Orders|');
  });
});
