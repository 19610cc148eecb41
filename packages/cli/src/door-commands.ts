import type { Group, Leaf, Node } from './command.ts';

// These go by two names: noun first and, as the published client has them, verb first.
const projectList: Leaf = { summary: 'List projects', load: () => import('./commands/project/list.ts') };
const projectGet: Leaf = { summary: 'Show a project', load: () => import('./commands/project/get.ts') };
const instanceList: Leaf = {
  summary: 'List process instances',
  load: () => import('./commands/instance/list.ts'),
};
const instanceGet: Leaf = {
  summary: 'Show a process instance',
  load: () => import('./commands/instance/get.ts'),
};

const executionList: Leaf = {
  summary: 'List executions',
  load: () => import('./commands/execution/list.ts'),
};
const executionGet: Leaf = {
  summary: 'Show an execution',
  load: () => import('./commands/execution/get.ts'),
};

const project: Group = {
  summary: 'Projects, which group process instances',
  examples: ['latchkey project create --name Orders', 'latchkey project list'],
  children: {
    create: { summary: 'Create a project', load: () => import('./commands/project/create.ts') },
    list: projectList,
    get: projectGet,
  },
};

const instanceKey: Group = {
  summary: 'The key of a process instance',
  examples: ['latchkey instance key reveal <id>', 'latchkey instance key regenerate <id>'],
  children: {
    reveal: { summary: 'Show the key', load: () => import('./commands/instance/key/reveal.ts') },
    regenerate: {
      summary: 'Replace the key; the old one ends at once',
      load: () => import('./commands/instance/key/regenerate.ts'),
    },
  },
};

const instance: Group = {
  summary: 'Process instances: workflows behind the door, with their URLs and their key',
  examples: [
    'latchkey instance create --title Orders --workflow main=https://orders.example.com/run',
    'latchkey instance list --environment prod',
  ],
  children: {
    create: {
      summary: 'Make an instance with its URLs and its key',
      load: () => import('./commands/instance/create.ts'),
    },
    list: instanceList,
    get: instanceGet,
    update: { summary: 'Change an instance', load: () => import('./commands/instance/update.ts') },
    activate: {
      summary: 'Let it be triggered again',
      load: () => import('./commands/instance/activate.ts'),
    },
    deactivate: { summary: 'Pause it', load: () => import('./commands/instance/deactivate.ts') },
    archive: { summary: 'End it, for good', load: () => import('./commands/instance/archive.ts') },
    key: instanceKey,
  },
};

const signingSecret: Group = {
  summary: 'Signing secrets: what senders of webhooks sign with',
  examples: [
    'latchkey signing-secret add --process-instance-id <id> --workflow-id main --scheme stripe',
    'latchkey signing-secret list --process-instance-id <id> --workflow-id main',
  ],
  children: {
    add: { summary: 'Add a secret', load: () => import('./commands/signing-secret/add.ts') },
    list: { summary: 'List the secrets', load: () => import('./commands/signing-secret/list.ts') },
    label: { summary: 'Label a secret', load: () => import('./commands/signing-secret/label.ts') },
    retire: {
      summary: 'Retire a secret, for ever',
      load: () => import('./commands/signing-secret/retire.ts'),
    },
  },
};

const execution: Group = {
  summary: 'Executions: what was triggered, and what came of it',
  examples: [
    'latchkey execution list <processInstanceId> --failed-only',
    'latchkey execution get <executionId> --process-instance-id <id>',
  ],
  children: { list: executionList, get: executionGet },
};

const get: Group = {
  summary: 'Show a project, an instance or an execution',
  examples: ['latchkey get instance <id> --workflows', 'latchkey get project <id>'],
  children: { project: projectGet, instance: instanceGet, execution: executionGet },
};

const list: Group = {
  summary: 'List projects, instances or executions',
  examples: ['latchkey list instances --environment prod', 'latchkey list projects'],
  children: { projects: projectList, instances: instanceList, executions: executionList },
};

/** The commands of the door: what is triggered, by whom, and what came of it. */
export const door: Readonly<Record<string, Node>> = {
  project,
  instance,
  'signing-secret': signingSecret,
  trigger: { summary: 'Trigger a workflow', load: () => import('./commands/trigger.ts') },
  execution,
  get,
  list,
};
