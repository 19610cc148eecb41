/** An action of the audit trail in words. */
export interface ActionWords {
  /** `Revoked`, before what it was done to. */
  readonly done: string;
  /** `revoke`, for what was refused or has failed. */
  readonly tried: string;
  /** `key`: what it is done to; none where the verb says all. */
  readonly what?: string;
}

function words(done: string, tried: string, what?: string): ActionWords {
  return { done, tried, ...(what !== undefined && { what }) };
}

/** Every action that an event may have; the test compares them with those that the server writes. */
export const actions: Readonly<Record<string, ActionWords>> = {
  'key.create': words('Made', 'make', 'key'),
  'key.update': words('Changed', 'change', 'key'),
  'key.rotate': words('Replaced', 'replace', 'key'),
  'key.disable': words('Paused', 'pause', 'key'),
  'key.enable': words('Switched on again', 'switch on again', 'key'),
  'key.revoke': words('Revoked', 'revoke', 'key'),
  'key.auto_revoke': words('Ended, after its replacement,', 'end, after its replacement,', 'key'),
  'key.leaked': words('Reported as leaked', 'report as leaked', 'key'),
  'member.invite': words('Invited', 'invite', 'person'),
  'member.join': words('Joined as', 'join as', 'member'),
  'member.change_role': words('Changed the role of', 'change the role of', 'member'),
  'member.remove': words('Removed', 'remove', 'member'),
  'workspace.create': words('Made', 'make', 'workspace'),
  'workspace.delete': words('Deleted', 'delete', 'workspace'),
  'workspace.set_level': words('Changed what may be done in a workspace by', 'change the level of', 'member'),
  'instance.create': words('Made', 'make', 'instance'),
  'instance.update': words('Changed', 'change', 'instance'),
  'instance.activate': words('Activated', 'activate', 'instance'),
  'instance.deactivate': words('Paused', 'pause', 'instance'),
  'instance.archive': words('Archived', 'archive', 'instance'),
  'instance.reveal_key': words('Looked at the key of', 'look at the key of', 'instance'),
  'instance.regenerate_key': words('Replaced the key of', 'replace the key of', 'instance'),
  'instance.trigger': words('Triggered', 'trigger', 'execution'),
  'execution.rerun': words('Ran again', 'run again', 'execution'),
  'signing_secret.add': words('Added', 'add', 'signing secret'),
  'signing_secret.update': words('Changed', 'change', 'signing secret'),
  'signing_secret.retire': words('Retired', 'retire', 'signing secret'),
  'project.create': words('Made', 'make', 'project'),
  'organization.create': words('Founded', 'found', 'organization'),
  'organization.update': words('Changed', 'change', 'organization'),
  'auth.signup': words('Signed up and founded', 'sign up and found', 'organization'),
  'auth.login': words('Logged in at a terminal and made', 'log in at a terminal and make', 'key'),
  'auth.signup_code': words('Asked for a code to sign up', 'ask for a code to sign up'),
  'auth.login_code': words('Asked for a code to log in', 'ask for a code to log in'),
  'auth.session_code': words('Asked for a code to sign in', 'ask for a code to sign in'),
  'auth.sign_in': words('Signed in', 'sign in'),
  'auth.session_begin': words('Began a session', 'begin a session'),
  'auth.session_end': words('Ended a session', 'end a session'),
  'auth.session_reuse': words('Used an old token of a session', 'use an old token of a session'),
};

function withArticle(what: string): string {
  return `${/^[aeiou]/.test(what) ? 'an' : 'a'} ${what}`;
}

/** `Revoked a key`, for a list to choose from. */
function choiceOf({ done, what }: ActionWords): string {
  return what === undefined ? done : `${done} ${withArticle(what)}`;
}

/** Every action as somebody chooses it, in the order of the words. */
export const actionChoices = Object.entries(actions)
  .map(([value, each]) => ({ value, label: choiceOf(each) }))
  .sort((one, other) => one.label.localeCompare(other.label, 'en'));

/** What happened, before the name of what it happened to: `Revoked the key`, or `Tried to revoke a key`. */
export function sentenceOf(action: string, isDone: boolean, isKnown: boolean): string {
  const each = actions[action];
  if (each === undefined) return action;
  const verb = isDone ? each.done : `Tried to ${each.tried}`;
  if (each.what === undefined) return verb;
  return `${verb} ${isKnown ? `the ${each.what}` : withArticle(each.what)}`;
}
