import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resourceOfPath } from './forwarded-path.ts';

describe('the resource of a path', () => {
  it.each([
    ['/', '/'],
    ['/reports', '/reports'],
    ['/reports/', '/reports/'],
    ['/reports?from=2026&path=/../admin//x', '/reports'],
    ['/reports?', '/reports'],
    ['/a%20b/M%C3%A4rz', '/a b/März'],
    ['/%61dmin', '/admin'],
    ['/a.b/..c/d..', '/a.b/..c/d..'],
    ['/.well-known/x', '/.well-known/x'],
    ['/a;v=1/b', '/a;v=1/b'],
    ['/100%25', '/100%'],
    ['/...', '/...'],
    ['/~user/(a),b*c$d&e=f:g@h', '/~user/(a),b*c$d&e=f:g@h'],
  ])('of %s is %s', (target, resource) => {
    expect(resourceOfPath(target)).toBe(resource);
  });

  it.each([
    ['', 'does not begin with a slash'],
    ['*', 'does not begin with a slash'],
    ['http://site.example/admin', 'does not begin with a slash'],
    ['//admin', 'two slashes'],
    ['/public//admin', 'two slashes'],
    ['/public%2fadmin', 'two slashes'],
    ['/public%2Fadmin', 'two slashes'],
    ['/public\\admin', 'a backslash'],
    ['/public%5cadmin', 'a backslash'],
    ['/public/..', 'a dot segment'],
    ['/public/../admin', 'a dot segment'],
    ['/public/./admin', 'a dot segment'],
    ['/.', 'a dot segment'],
    ['/public/%2e%2e/admin', 'a dot segment'],
    ['/public/%2E./admin', 'a dot segment'],
    ['/public/.%2e/admin', 'a dot segment'],
    ['/public/..;/admin', 'a dot segment'],
    ['/public/..;a=b/admin', 'a dot segment'],
    ['/public/..%3b/admin', 'a dot segment'],
    ['/public/;/admin', 'an empty name'],
    ['/public/;x=1', 'an empty name'],
    ['/public/%252e%252e/admin', 'encoded twice'],
    ['/public%252fadmin', 'encoded twice'],
    ['/public%25%32%66admin', 'encoded twice'],
    ['/public%00', 'belongs in no path'],
    ['/public%0d%0aX: y', 'belongs in no path'],
    ['/public%7f', 'belongs in no path'],
    ['/public#/admin', 'belongs in no path'],
    ['/public admin', 'belongs in no path'],
    ['/m\u00e4rz', 'belongs in no path'],
    ['/public%', 'encodes nothing'],
    ['/public%2', 'encodes nothing'],
    ['/public%u002e', 'encodes nothing'],
    ['/%c0%ae%c0%ae/admin', 'not UTF-8'],
    ['/%ff', 'not UTF-8'],
  ])('of %s is refused: it %s', (target, problem) => {
    expect(() => resourceOfPath(target)).toThrow(
      expect.objectContaining({
        code: 'INVALID_REQUEST',
        details: { problem: expect.stringContaining(problem) },
      }),
    );
  });

  it('is read by a URL parser as it is read here, whatever is sent', () => {
    const piece = fc.constantFrom(
      'a',
      '.',
      '/',
      '%2e',
      '%2f',
      '%25',
      '\\',
      ';',
      '%5c',
      '%61',
      '//',
      '%',
      '2e',
      '?',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const target = `/${pieces.join('')}`;
        let resource: string;
        try {
          resource = resourceOfPath(target);
        } catch {
          return;
        }
        const url = new URL(`http://site.example${target}`);
        expect(decodeURIComponent(url.pathname)).toBe(resource);
        expect(decodeURIComponent(new URL(url.pathname, 'http://site.example').pathname)).toBe(resource);
      }),
      { numRuns: 5_000 },
    );
  });
});
