/** What the menu of an organization leads to. */
export const places = [
  { to: '/o/$organizationId', label: 'Home' },
  { to: '/o/$organizationId/keys', label: 'Keys' },
  { to: '/o/$organizationId/instances', label: 'Instances' },
  { to: '/o/$organizationId/executions', label: 'Executions' },
  { to: '/o/$organizationId/members', label: 'Members' },
  { to: '/o/$organizationId/audit', label: 'Audit' },
  { to: '/o/$organizationId/settings', label: 'Settings' },
] as const;

export type Place = (typeof places)[number]['to'];

/** The path of a place. */
export function pathOf(to: Place, organizationId: string): string {
  return to.replace('$organizationId', organizationId);
}

/** The organization whose pages a path belongs to, as it stands there. */
export function organizationIn(pathname: string): string | undefined {
  return /^\/o\/([^/]+)/.exec(pathname)?.[1];
}

/** Whether a path is a place (`page`) or below it (`section`); everything is below the home page, which does not count. */
export function nearness(
  pathname: string,
  to: Place,
  organizationId: string,
): 'page' | 'section' | undefined {
  const path = pathOf(to, organizationId);
  if (pathname.replace(/\/$/, '') === path) return 'page';
  return to !== places[0].to && pathname.startsWith(`${path}/`) ? 'section' : undefined;
}
