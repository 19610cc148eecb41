/** The formats that the server checks (domains/instances/schema-keywords.ts there), in words, each with a value of it. */
export const formats: Readonly<Record<string, { readonly what: string; readonly example: string }>> = {
  date: { what: 'a date', example: '2026-11-22' },
  'date-time': { what: 'a date with a time', example: '2026-11-22T14:30:00Z' },
  duration: { what: 'a duration', example: 'P1DT2H' },
  email: { what: 'an address', example: 'ada@example.com' },
  hostname: { what: 'the name of a host', example: 'orders.example.com' },
  ipv4: { what: 'an address', example: '203.0.113.7' },
  ipv6: { what: 'an address', example: '2001:db8::7' },
  'json-pointer': { what: 'a JSON Pointer', example: '/orders/0' },
  regex: { what: 'a regular expression', example: '^[a-z]+$' },
  time: { what: 'a time of day', example: '14:30:00Z' },
  uri: { what: 'an address', example: 'https://example.com/orders/1' },
  'uri-reference': { what: 'an address', example: '/orders/1' },
  uuid: { what: 'a UUID', example: '019d312f-0000-7000-8000-00000000000a' },
};
