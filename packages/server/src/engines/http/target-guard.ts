import { isIP, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import { TargetBlockedError, type TargetPolicy } from './target-policy.ts';

const connectTimeoutMs = 10_000;

function isBlocked(addresses: readonly string[], policy: TargetPolicy): boolean {
  return addresses.some((address) => !policy.allowsAddress(address));
}

/**
 * A lookup that answers only addresses that may be called. One that may not blocks all: a name that leads both to
 * somewhere public and to somewhere private is meant to deceive.
 */
function guardLookup(lookup: LookupFunction, policy: TargetPolicy): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, answer) => {
      if (error !== null) return callback(error, []);
      const found = typeof answer === 'string' ? [{ address: answer, family: isIP(answer) }] : answer;
      const [first] = found;
      if (first === undefined) {
        return callback(Object.assign(new Error('no address'), { code: 'ENOTFOUND' }), []);
      }
      const addresses = found.map(({ address }) => address);
      if (!policy.allowsHost(hostname) && isBlocked(addresses, policy)) {
        return callback(new TargetBlockedError(), []);
      }
      return options.all === true ? callback(null, found) : callback(null, first.address, first.family);
    });
  };
}

/**
 * Connects to addresses that the policy allows. What it checks is what it connects to: a name is resolved once for
 * each connection and nothing asks again, so that an answer that changes in between changes nothing.
 */
export function createGuardedConnector(
  policy: TargetPolicy,
  lookup: LookupFunction,
): buildConnector.connector {
  const connect = buildConnector({
    lookup: guardLookup(lookup, policy),
    timeout: connectTimeoutMs,
    allowH2: false,
  } as buildConnector.BuildOptions);
  return (options, callback) => {
    const { hostname } = options;
    // For an address nothing is looked up.
    if (isIP(hostname) !== 0 && !policy.allowsHost(hostname) && isBlocked([hostname], policy)) {
      return callback(new TargetBlockedError(), null);
    }
    return connect(options, callback);
  };
}
