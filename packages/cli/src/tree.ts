import type { Group, Leaf, Node } from './command.ts';

/** Tells a group from a command. */
export function isGroup(node: Node): node is Group {
  return 'children' in node;
}

/** What a list of names leads to, and the names that were left over. */
export interface Found {
  readonly node: Node;
  readonly path: readonly string[];
  readonly rest: readonly string[];
}

function childOf(group: Group, name: string): [string, Node] | undefined {
  return Object.entries(group.children).find(([key, node]) => key === name || node.aliases?.includes(name));
}

function bareChildOf(group: Group): [string, Node] | undefined {
  return group.bare === undefined ? undefined : childOf(group, group.bare);
}

function isBare([first]: readonly string[]): boolean {
  return first === undefined || first.startsWith('-');
}

function wantsHelp([first]: readonly string[]): boolean {
  return first === '--help' || first === '-h';
}

/** Follows names from the root as far as they go; flags and unknown names end the walk. */
export function findNode(root: Group, args: readonly string[]): Found {
  let node: Node = root;
  const path: string[] = [];
  for (const name of args) {
    const child: [string, Node] | undefined = isGroup(node) ? childOf(node, name) : undefined;
    if (child === undefined) break;
    path.push(child[0]);
    node = child[1];
  }
  const rest = args.slice(path.length);
  const bare = isGroup(node) && !wantsHelp(rest) && isBare(rest) ? bareChildOf(node) : undefined;
  return bare === undefined ? { node, path, rest } : { node: bare[1], path: [...path, bare[0]], rest };
}

/** Every command with its path, aliases not counted. */
export function leavesOf(group: Group, path: readonly string[] = []): { path: string[]; leaf: Leaf }[] {
  return Object.entries(group.children).flatMap(([name, node]) =>
    isGroup(node) ? leavesOf(node, [...path, name]) : [{ path: [...path, name], leaf: node }],
  );
}
