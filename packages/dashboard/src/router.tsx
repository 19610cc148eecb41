import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import { queries, whoIsThere } from './api.ts';
import { choicesIn } from './components/address-filters.ts';
import { everyEvent } from './pages/audit/filters.ts';
import { everything } from './pages/executions/filters.ts';
import { Home } from './pages/home/home.tsx';
import { everyInstance } from './pages/instances/filters.ts';
import { firstTab } from './pages/instances/tabs.ts';
import { usualFilters } from './pages/keys/filters.ts';
import { Broken } from './shell/broken.tsx';
import { NotFound } from './shell/not-found.tsx';
import { Shell } from './shell/shell.tsx';

const root = createRootRoute();

/** Leads to the first organization of the person. */
const start = createRoute({
  getParentRoute: () => root,
  path: '/',
  async beforeLoad() {
    const { organizations } = await queries.ensureQueryData(whoIsThere);
    const [first] = organizations;
    if (first === undefined) return;
    throw redirect({ to: '/o/$organizationId', params: { organizationId: first.id }, replace: true });
  },
});

const organization = createRoute({
  getParentRoute: () => root,
  path: '/o/$organizationId',
  component: Shell,
});

const home = createRoute({
  getParentRoute: () => organization,
  path: '/',
  component: Home,
});

const keys = createRoute({
  getParentRoute: () => organization,
  path: '/keys',
  validateSearch: choicesIn(usualFilters),
  component: lazyRouteComponent(() => import('./pages/keys/keys.tsx'), 'Keys'),
});

const key = createRoute({
  getParentRoute: () => organization,
  path: '/keys/$keyId',
  component: lazyRouteComponent(() => import('./pages/keys/key.tsx'), 'Key'),
});

const instances = createRoute({
  getParentRoute: () => organization,
  path: '/instances',
  validateSearch: choicesIn(everyInstance),
  component: lazyRouteComponent(() => import('./pages/instances/instances.tsx'), 'Instances'),
});

const instance = createRoute({
  getParentRoute: () => organization,
  path: '/instances/$instanceId',
  validateSearch: choicesIn(firstTab),
  component: lazyRouteComponent(() => import('./pages/instances/instance.tsx'), 'InstancePage'),
});

const executions = createRoute({
  getParentRoute: () => organization,
  path: '/executions',
  validateSearch: choicesIn(everything),
  component: lazyRouteComponent(() => import('./pages/executions/executions.tsx'), 'Executions'),
});

const execution = createRoute({
  getParentRoute: () => organization,
  path: '/executions/$processInstanceId/$executionId',
  component: lazyRouteComponent(() => import('./pages/executions/execution.tsx'), 'Execution'),
});

const members = createRoute({
  getParentRoute: () => organization,
  path: '/members',
  component: lazyRouteComponent(() => import('./pages/members/members.tsx'), 'Members'),
});

const audit = createRoute({
  getParentRoute: () => organization,
  path: '/audit',
  validateSearch: choicesIn(everyEvent),
  component: lazyRouteComponent(() => import('./pages/audit/audit.tsx'), 'Audit'),
});

const settings = createRoute({
  getParentRoute: () => organization,
  path: '/settings',
  component: lazyRouteComponent(() => import('./pages/settings/settings.tsx'), 'Settings'),
});

/** Every page and its address. */
export const router = createRouter({
  routeTree: root.addChildren([
    start,
    organization.addChildren([
      home,
      keys,
      key,
      instances,
      instance,
      executions,
      execution,
      members,
      audit,
      settings,
    ]),
  ]),
  defaultPreload: 'intent',
  defaultNotFoundComponent: NotFound,
  defaultErrorComponent: Broken,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
