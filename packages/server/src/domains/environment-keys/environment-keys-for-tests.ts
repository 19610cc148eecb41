import type { Environment } from '@latchkey/keys';
import type { Level, OperationId, Output } from '@latchkey/protocol';
import type { Answer, TestApp } from '@latchkey/testkit';
import { ask, foundTeam, must, type Person, type Team } from '../people-for-tests.ts';

let opened = 0;

/** Tests only: a workspace `payments` in one environment of an organization of its own, and what is done there. */
export class KeyRoom {
  readonly app: TestApp;
  readonly team: Team;
  readonly environment: Environment;
  readonly workspace = 'payments';

  constructor(app: TestApp, team: Team, environment: Environment) {
    this.app = app;
    this.team = team;
    this.environment = environment;
  }

  get place() {
    return { organizationId: this.team.organizationId, environment: this.environment };
  }

  ask(id: OperationId, input: object, credential: string | undefined = this.team.owner.token) {
    return ask(this.app, id, { ...this.place, ...input }, credential);
  }

  /** Creates a key of the workspace, at the level developer unless told. */
  mint(
    input: { name?: string; level?: Level; workspace?: string | undefined } = {},
    by: Person = this.team.owner,
  ): Promise<Output<'environmentKeys.create'>> {
    const given = { ...this.place, name: 'CI', workspace: this.workspace, ...input };
    const said = Object.entries(given).filter(([, value]) => value !== undefined);
    return must(this.app, 'environmentKeys.create', Object.fromEntries(said), by.token);
  }

  rotate(key: string, by: Person = this.team.owner): Promise<Output<'environmentKeys.rotate'>> {
    return must(this.app, 'environmentKeys.rotate', { ...this.place, key }, by.token);
  }

  revoke(key: string, by: Person = this.team.owner): Promise<Output<'environmentKeys.revoke'>> {
    return must(this.app, 'environmentKeys.revoke', { ...this.place, key }, by.token);
  }

  async list(input: object = {}, by: Person = this.team.owner) {
    return (await must(this.app, 'environmentKeys.list', { ...this.place, ...input }, by.token)).keys;
  }

  /** Presents a key. */
  present(secret: string, input: object = {}): Promise<Answer> {
    const { environment } = this;
    return ask(this.app, 'environmentKeys.whoami', { environment, ...input }, secret);
  }

  /** `OK`, or the code with which a key is refused. */
  async outcome(secret: string): Promise<string> {
    const { status, body } = await this.present(secret);
    return status === 200 ? 'OK' : body.error.code;
  }
}

/** Founds an organization with a workspace. */
export async function openRoom(app: TestApp, environment: Environment = 'dev'): Promise<KeyRoom> {
  opened += 1;
  const room = new KeyRoom(app, await foundTeam(app, `owner${opened}@rooms.example`), environment);
  const { workspace: slug, place, team } = room;
  await must(app, 'workspaces.create', { ...place, slug, name: 'Payments' }, team.owner.token);
  return room;
}
