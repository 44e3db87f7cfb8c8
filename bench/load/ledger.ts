/** What the API has acknowledged, kept by the client, to be compared with what is there at the end. */
export interface Told {
  readonly tenant: string;
  readonly user: string;
  readonly id: string;
  /** Contents by sequence, as answered. */
  readonly acknowledged: Map<number, string>;
  /** Sent, and the answer never came: there once or not at all. */
  readonly unanswered: Set<string>;
  isDeleted: boolean;
}

export class Ledger {
  readonly conversations: Told[] = [];
  /** The same request was answered with two different places. */
  readonly contradictions: string[] = [];

  open(tenant: string, user: string, id: string): Told {
    const told: Told = {
      tenant,
      user,
      id,
      acknowledged: new Map(),
      unanswered: new Set(),
      isDeleted: false,
    };
    this.conversations.push(told);
    return told;
  }

  acknowledge(told: Told, sequence: number, content: string): void {
    const earlier = told.acknowledged.get(sequence);
    if (earlier !== undefined && earlier !== content) {
      this.contradictions.push(`${told.tenant}/${told.id}/${sequence} was given twice`);
    }
    told.acknowledged.set(sequence, content);
    told.unanswered.delete(content);
  }

  get messages(): number {
    return this.conversations.reduce((sum, { acknowledged }) => sum + acknowledged.size, 0);
  }
}
