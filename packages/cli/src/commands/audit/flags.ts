import { baseUrlFlag, jsonFlag, keyFlags, profileFlag } from '../../flags.ts';

/** Where the chain is read from. */
export const chainFlags = {
  organization: {
    value: '<name>',
    summary:
      "Organization, by id or name (default: the context); `server` with an admin key: the server's own",
  },
  ...baseUrlFlag,
  ...keyFlags,
  ...profileFlag,
  ...jsonFlag,
} as const;
