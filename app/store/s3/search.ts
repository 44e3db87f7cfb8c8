import type { ObjectStore } from "../../objects/object-store.ts";
import { bucketFolders } from "../../resources/bucket.ts";
import type { ConversationSearch, Searched, SearchStep } from "../maintenance-store.ts";
import type { Report } from "../versions/unreadable.ts";
import { conversationOf, History } from "./history.ts";

const objectsAtOnce = 100;

/**
 * Searches conversations that are S3 JSON for what is past its time in the trash, and counts the rest: nothing leads to
 * them but their objects, so each is read, for $0.0004 per 1,000 conversations. A deletion is one write: none stops half way.
 */
export class S3Search implements ConversationSearch {
  readonly #objects: ObjectStore;
  readonly #history: History;

  readonly #report: Report | undefined;

  constructor(objects: ObjectStore, now: () => Date, report?: Report) {
    this.#objects = objects;
    this.#report = report;
    this.#history = new History(objects, now);
  }

  async step({ position, isOver, attempts }: SearchStep): Promise<Searched> {
    const { prefix } = bucketFolders.history;
    let purged = 0;
    const counted = { users: 0, conversations: 0, messages: 0, bytes: 0 };
    let examined = 0;
    let last = position;
    // Objects come in the order of their users.
    let ofUser = position?.split("/")[1];
    for await (const { key, size } of this.#objects.list(prefix, position)) {
      if (examined++ === objectsAtOnce || isOver()) {
        return { purged, counted, isComplete: false, position: last };
      }
      const [, user = ""] = key.split("/");
      await attempts.run(async () => {
        const id = conversationOf(key);
        const found = await this.#history.purgeIfDue(user, id, this.#report);
        if (found === "purged") purged++;
        if (found === "gone" || found === "purged") return;
        if (user !== ofUser) counted.users++;
        ofUser = user;
        counted.conversations++;
        counted.messages += found.messages;
        counted.bytes += size;
      });
      last = key;
    }
    return { purged, counted, isComplete: true };
  }
}
