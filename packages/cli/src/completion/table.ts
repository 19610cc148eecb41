import type { Command, Flag, Group, Node } from '../command.ts';
import { isGroup } from '../tree.ts';

export interface CompletedFlag {
  readonly name: string;
  readonly flag: Flag;
}

/** One place of the command tree and what may follow there. */
export interface Place {
  readonly path: readonly string[];
  /** Other names of the last word of the path. */
  readonly aliases: readonly string[];
  /** Sub-commands with their summaries; empty at a command. */
  readonly children: readonly (readonly [name: string, summary: string])[];
  readonly flags: readonly CompletedFlag[];
  readonly argument: Command['argument'];
}

const helpFlag: CompletedFlag = { name: 'help', flag: { summary: 'Show help' } };

function groupPlace(path: readonly string[], group: Group): Place {
  const children = Object.entries(group.children).map(([name, node]) => [name, node.summary] as const);
  const versionFlag = path.length === 0 ? [{ name: 'version', flag: { summary: 'Show the version' } }] : [];
  return { path, aliases: [], children, flags: [helpFlag, ...versionFlag], argument: undefined };
}

async function placesOf(path: readonly string[], node: Node): Promise<Place[]> {
  if (isGroup(node)) {
    const children = Object.entries(node.children).map(([name, child]) => placesOf([...path, name], child));
    return [groupPlace(path, node), ...(await Promise.all(children)).flat()];
  }
  const { command } = await node.load();
  const flags = Object.entries(command.flags)
    .filter(([, flag]) => flag.hidden !== true)
    .map(([name, flag]) => ({ name, flag }));
  const { aliases = [] } = node;
  return [{ path, aliases, children: [], flags: [...flags, helpFlag], argument: command.argument }];
}

/** Every place of the command tree, the root first. Loads every command. */
export function completionTable(root: Group): Promise<Place[]> {
  return placesOf([], root);
}

/** The paths that lead to a place, by its name and by its aliases. */
export function pathsOf({ path, aliases }: Place): string[] {
  const above = path.slice(0, -1);
  return [path, ...aliases.map((alias) => [...above, alias])].map((each) => each.join(' '));
}
