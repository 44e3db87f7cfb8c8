/** Where the tenants' files are: a port, so that another host can take GitHub's place. */

export interface Change {
  /** The same change has the same branch: asked for again, it is the same pull request. */
  readonly branch: string;
  readonly title: string;
  readonly path: string;
  /** @param text of the file on the main branch; undefined where it has none. */
  readonly write: (text: string | undefined) => string;
}

export interface Repository {
  /** Resolves to the address of the pull request. */
  propose(change: Change): Promise<string>;
}

/** What cannot be done as things stand; its message is for whoever asked. */
export class Refused extends Error {
  override readonly name = "Refused";
}
