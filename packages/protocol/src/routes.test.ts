import { expect, it } from 'vitest';
import { operations } from './operations/index.ts';
import { operationIds, pathParameters, type Route, routes } from './routes.ts';

/** contract/codika.md D.00, C.3, E.1 and F.6, for what is implemented. */
const published = {
  'otp.requestSignup': 'POST /clirequestsignupotp',
  'otp.completeSignup': 'POST /clicompletesignup',
  'otp.requestLogin': 'POST /clirequestloginotp',
  'otp.completeLogin': 'POST /clicompletelogin',
  'organizations.create': 'POST /createorganizationviaapikey',
  'keys.whoami': 'POST /verifyapikey',
  'keys.createForOrganization': 'POST /createorganizationapikeypublic',
  'keys.update': 'POST /updateorganizationapikeypublic',
  'projects.create': 'POST /createprojectviaapikey',
  'projects.list': 'GET /listprojectspublic',
  'projects.get': 'POST /getprojectpublic',
  'instances.list': 'GET /listprocessinstancespublic',
  'instances.get': 'POST /getprocessinstancepublic',
  'instances.activate': 'POST /activateprocessinstancepublic',
  'instances.deactivate': 'POST /deactivateprocessinstancepublic',
  'gateway.trigger': 'POST /triggerwebhookpublic/{processInstanceId}/{workflowId}',
  'gateway.status': 'GET /getexecutionstatuspublic/{processInstanceId}/{executionId}',
  'executions.list': 'GET /listexecutionspublic/{processInstanceId}',
  'executions.get': 'GET /getexecutiondetailspublic/{processInstanceId}/{executionId}',
  'executions.create': 'POST /createworkflowexecution',
  'executions.submitResult': 'POST /submitworkflowresult',
  'executions.submitError': 'POST /submitworkflowerror',
  'executions.uploadOutput': 'POST /uploadworkflowoutput',
};

const all = operationIds.map((id): Route => routes[id]);

it('no two operations are answered at one method and path', () => {
  const places = all.flatMap((route) => [route, ...(route.published === undefined ? [] : [route.published])]);
  const shapes = places.map(({ method, path }) => `${method} ${path.replace(/\{\w+\}/g, '{}')}`);
  expect(new Set(shapes).size).toBe(shapes.length);
});

it('published paths are those of the contract', () => {
  const found = operationIds.flatMap((id) => {
    const { published }: Route = routes[id];
    return published === undefined ? [] : [[id, `${published.method} ${published.path}`]];
  });
  expect(Object.fromEntries(found)).toEqual(published);
});

it('published paths are lower case, without version or trailing slash', () => {
  for (const path of all.flatMap((route) => route.published?.path ?? []))
    expect(path).toMatch(/^\/[a-z]+(\/\{\w+\})*$/);
});

it('every path parameter is a required field of the operation’s input', () => {
  for (const id of operationIds) {
    const shape: Record<string, { safeParse(value: unknown): { success: boolean } }> =
      operations[id].input.shape;
    for (const name of pathParameters(routes[id].path)) {
      expect(shape[name]?.safeParse(undefined).success, `${id} ${name}`).toBe(false);
    }
  }
});

it('path parameters are read in order', () => {
  expect(pathParameters('/v1/a/{first}/b/{second}')).toEqual(['first', 'second']);
  expect(pathParameters('/v1/a')).toEqual([]);
});
