import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigFileError } from './file.ts';
import { emptyConfig, type Profile, withActiveProfile } from './profile.ts';
import { configFile, configStore } from './store.ts';

let home: string;
let file: string;
let warnings: string[];

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'latchkey-config-'));
  file = join(home, 'latchkey', 'config.json');
  warnings = [];
});

afterEach(() => rmSync(home, { recursive: true, force: true }));

function store(path = file) {
  return configStore(path, (text) => warnings.push(text));
}

function profile(keyName: string): Profile {
  return { apiKey: `cko_EXAMPLE_${keyName}`, type: 'org-api-key', baseUrl: 'http://127.0.0.1:4700', keyName };
}

function add(name: string, path = file) {
  return store(path).update((config) => withActiveProfile(config, name, profile(name)));
}

function modeOf(path: string): string {
  return (statSync(path).mode & 0o777).toString(8);
}

describe('configFile', () => {
  it('stands in XDG_CONFIG_HOME, else in ~/.config', () => {
    expect(configFile({ XDG_CONFIG_HOME: '/x', HOME: '/h' })).toBe('/x/latchkey/config.json');
    expect(configFile({ HOME: '/h' })).toBe('/h/.config/latchkey/config.json');
  });

  it('ignores an XDG_CONFIG_HOME that is empty or relative, as the XDG rules say', () => {
    for (const folder of ['', 'relative', './x']) {
      expect(configFile({ XDG_CONFIG_HOME: folder, HOME: '/h' })).toBe('/h/.config/latchkey/config.json');
    }
  });
});

describe('the store', () => {
  it('reads no profile where there is no file, and makes none', () => {
    expect(store().read()).toEqual(emptyConfig);
    expect(existsSync(dirname(file))).toBe(false);
  });

  it('writes a file and a folder for the owner alone, whatever the umask', () => {
    const umask = process.umask(0);
    try {
      add('acme');
    } finally {
      process.umask(umask);
    }
    expect([modeOf(file), modeOf(dirname(file))]).toEqual(['600', '700']);
  });

  it('tightens a file and a folder that others can open, on every write', () => {
    add('acme');
    chmodSync(file, 0o644);
    chmodSync(dirname(file), 0o755);
    add('beta');
    expect([modeOf(file), modeOf(dirname(file))]).toEqual(['600', '700']);
  });

  it.each([
    ['file', 0o640, () => file],
    ['folder', 0o750, () => dirname(file)],
  ])('warns once, with the command that helps, when others can open the %s', (_what, mode, path) => {
    add('acme');
    chmodSync(path(), mode);
    const opened = store();
    opened.read();
    opened.read();
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain(`chmod go= ${path()}`);
  });

  it('writes readable JSON that ends with a line feed', () => {
    add('acme');
    const text = readFileSync(file, 'utf8');
    expect(text).toBe(`${JSON.stringify(JSON.parse(text), null, 2)}\n`);
    expect(JSON.parse(text)).toEqual({ activeProfile: 'acme', profiles: { acme: profile('acme') } });
  });

  it('keeps a profile whose name is special to JavaScript as any other', () => {
    add('__proto__');
    add('constructor');
    expect([...store().read().profiles.keys()]).toEqual(['__proto__', 'constructor']);
  });

  it('leaves nothing but the file behind', () => {
    add('acme');
    expect(readdirSync(dirname(file))).toEqual(['config.json']);
  });

  it.each([
    ['half a file', '{"activeProfile":"acme","profi'],
    ['an empty file', ''],
    ['null', 'null'],
    ['a list', '[]'],
    ['no profiles', '{"activeProfile":null}'],
    ['profiles as a list', '{"activeProfile":null,"profiles":[]}'],
    ['a profile without a key', '{"activeProfile":null,"profiles":{"a":{"type":"org-api-key"}}}'],
    ['a profile that is null', '{"activeProfile":null,"profiles":{"a":null}}'],
    ['an active profile that is a number', '{"activeProfile":1,"profiles":{}}'],
    ['scopes as text', '{"profiles":{"a":{"apiKey":"k","type":"org-api-key","scopes":"x"}}}'],
    ['a base URL as a number', '{"profiles":{"a":{"apiKey":"k","type":"org-api-key","baseUrl":1}}}'],
  ])('refuses %s by the name of the file, and leaves it as it is', (_what, text) => {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    expect(() => store().read()).toThrow(ConfigFileError);
    expect(() => store().read()).toThrow(file);
    expect(() => add('acme')).toThrow(ConfigFileError);
    expect(() => store().checkWritable()).toThrow(ConfigFileError);
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  it('keeps fields that a later version may add to a profile', () => {
    add('acme');
    const saved = JSON.parse(readFileSync(file, 'utf8'));
    saved.profiles.acme.later = { added: true };
    writeFileSync(file, JSON.stringify(saved));
    add('beta');
    expect(JSON.parse(readFileSync(file, 'utf8')).profiles.acme.later).toEqual({ added: true });
  });

  it('does not write secrets to where a symbolic link leads', () => {
    const real = join(home, 'real.json');
    mkdirSync(dirname(file));
    writeFileSync(real, '{"activeProfile":null,"profiles":{}}');
    symlinkSync(real, file);
    expect(() => add('acme')).toThrow(`${file} is a symbolic link`);
    expect(lstatSync(file).isSymbolicLink()).toBe(true);
    expect(JSON.parse(readFileSync(real, 'utf8')).activeProfile).toBe(null);
  });

  it('says before anything is minted that it cannot write, where, and what to do', () => {
    const blocked = join(home, 'file', 'latchkey', 'config.json');
    writeFileSync(join(home, 'file'), '');
    expect(() => store(blocked).checkWritable()).toThrow(ConfigFileError);
    expect(() => store(blocked).checkWritable()).toThrow(
      `Cannot write ${blocked}: a part of the path is not a folder. Set XDG_CONFIG_HOME`,
    );
  });

  it('checks that it can write without leaving a trace in the file', () => {
    store().checkWritable();
    expect(existsSync(file)).toBe(false);
  });

  it('changes nothing and lets go of the lock when the change fails', () => {
    add('acme');
    const failing = () =>
      store().update(() => {
        throw new ConfigFileError('no');
      });
    expect(failing).toThrow('no');
    expect(readdirSync(dirname(file))).toEqual(['config.json']);
    expect(add('beta').profiles.size).toBe(2);
  });

  it('never writes what it could not read again', () => {
    add('acme');
    const halfProfile = { type: 'org-api-key' } as unknown as Profile;
    const write = () => store().update((config) => withActiveProfile(config, 'half', halfProfile));
    expect(write).toThrow(ConfigFileError);
    expect([...store().read().profiles.keys()]).toEqual(['acme']);
  });

  it('takes over the lock of a process that was killed', () => {
    mkdirSync(dirname(file));
    writeFileSync(`${file}.lock`, '');
    const longAgo = new Date(Date.now() - 60_000);
    utimesSync(`${file}.lock`, longAgo, longAgo);
    expect(add('acme').activeProfile).toBe('acme');
    expect(readdirSync(dirname(file))).toEqual(['config.json']);
  });

  it('deletes the file, also a damaged one', () => {
    mkdirSync(dirname(file));
    writeFileSync(file, 'damaged');
    store().clear();
    expect(existsSync(file)).toBe(false);
    store().clear();
  });

  it('loses no profile when 16 processes write at once, and no reader sees half a file', async () => {
    const url = (name: string) => JSON.stringify(new URL(name, import.meta.url).href);
    const script = `
      const { configStore } = await import(${url('./store.ts')});
      const { withActiveProfile } = await import(${url('./profile.ts')});
      const [file, writer] = process.argv.slice(1);
      const store = configStore(file, () => {});
      for (let number = 0; number < 5; number++) {
        const profile = { apiKey: 'cko_EXAMPLE', type: 'org-api-key' };
        store.update((config) => withActiveProfile(config, \`w\${writer}-\${number}\`, profile));
        store.read();
      }`;
    const writers = Array.from({ length: 16 }, async (_, writer) => {
      const args = ['--input-type=module', '-e', script, file, String(writer)];
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
      const [code] = await once(child, 'exit');
      return code as number;
    });
    expect(new Set(await Promise.all(writers))).toEqual(new Set([0]));
    expect(store().read().profiles.size).toBe(16 * 5);
    expect(readdirSync(dirname(file))).toEqual(['config.json']);
  }, 60_000);

  it('lets one at a time renew a session, and others read and write meanwhile', async () => {
    const order: string[] = [];
    let finish: () => void = () => {};
    const first = store().renewing(async () => {
      order.push('first begins');
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      order.push('first ends');
    });
    const second = store().renewing(async () => order.push('second'));
    add('acme');
    expect(store().read().activeProfile).toBe('acme');
    finish();
    await Promise.all([first, second]);
    expect(order).toEqual(['first begins', 'first ends', 'second']);
  });

  it('frees the renewal from a process that was killed, and from one that failed', async () => {
    mkdirSync(dirname(file));
    const lock = `${file}.renewal.lock`;
    writeFileSync(lock, '');
    const longAgo = new Date(Date.now() - 60_000);
    utimesSync(lock, longAgo, longAgo);
    await expect(store().renewing(() => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
    expect(await store().renewing(async () => 'done')).toBe('done');
    expect(existsSync(lock)).toBe(false);
  });
});
