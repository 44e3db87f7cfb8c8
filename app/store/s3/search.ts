import type { ObjectStore } from "../../objects/object-store.ts";
import { bucketFolders } from "../../resources/bucket.ts";
import type { ConversationSearch, Searched, SearchStep } from "../maintenance-store.ts";
import type { Report } from "../versions/unreadable.ts";
import { conversationOf, History } from "./history.ts";

const objectsAtOnce = 100;

/**
 * Searches conversations that are S3 JSON for what is past its time in the trash: nothing leads to them
 * but their objects, so each is read. Once a day, for $0.0004 per 1,000 conversations. A deletion is
 * one write: none stops half way.
 */
export class S3Search implements ConversationSearch {
  readonly everyMs = 24 * 60 * 60 * 1000;
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
    let examined = 0;
    let last = position;
    for await (const { key } of this.#objects.list(prefix, position)) {
      if (examined++ === objectsAtOnce || isOver()) {
        return { purged, isComplete: false, position: last };
      }
      const [, user = ""] = key.split("/");
      await attempts.run(async () => {
        const id = conversationOf(key);
        if (await this.#history.purgeIfDue(user, id, this.#report)) purged++;
      });
      last = key;
    }
    return { purged, isComplete: true };
  }
}
