/** What the function does without a request: its maintenance, which the schedule's event asks for. */
import { DynamoDBErasureStore } from "../../../app/store/dynamodb/erasing/erasures.ts";
import { conversation, type Operation, talk } from "./operation.ts";

export const ofEvents: readonly Operation[] = [
  {
    name: "maintenance",
    // How many of each went, in this run.
    isTelling: true,
    prepare: async (process, world) => {
      const client = await talk(process, 1);
      await client.patch(`/conversations/${conversation}`, { state: "trashed" });
      if (world.history === "dynamodb") {
        // A search of the table is a thousand calls: it is over, and has noted what comes due.
        world.wait(29 * 24 + 12);
        await process.maintain();
        world.wait(18);
      } else {
        world.wait(31 * 24);
      }
      const orphan = "messages/alice/gone/content";
      await process.objects.put(orphan, "x", { contentType: "text/plain", when: "always" });
      await process.as("carol").put("/me", { name: "Carol" });
      await new DynamoDBErasureStore(process.table).begin("carol");
      return (_, disturbed) => disturbed.maintain();
    },
  },
];
