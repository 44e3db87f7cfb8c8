/** `testing/faults/operations/`: the API's operations as the fault tests run them. */
import { documentKey } from "../../../app/documents/keys.ts";
import { DynamoDBErasureStore } from "../../../app/store/dynamodb/erasing/erasures.ts";
import { today } from "../world.ts";
import { alice, chatted, conversation, type Operation, talk } from "./operation.ts";

export const ofAdministrators: readonly Operation[] = [
  {
    name: "listCreatedConversations",
    user: "boss",
    prepare: async (process) => {
      await talk(process, 0);
      return (client) => client.get(`/admin/conversations?from=${today()}&limit=1`);
    },
  },
  {
    name: "listUserConversations",
    user: "boss",
    prepare: async (process) => {
      await talk(process, 0);
      return (client) => client.get(`/admin/users/${alice}/conversations`);
    },
  },
  {
    name: "getUserUsage",
    user: "boss",
    prepare: async (process) => {
      await chatted(process);
      return (client) => client.get(`/admin/users/${alice}/usage`);
    },
  },
  {
    name: "getTotals",
    user: "boss",
    prepare: async (process) => {
      await chatted(process);
      return (client) => client.get(`/admin/totals?month=${today().slice(0, 7)}`);
    },
  },
  {
    name: "listAudit",
    isTelling: true,
    user: "boss",
    prepare: async () => (client) => client.get(`/admin/audit?month=${today().slice(0, 7)}`),
  },
  {
    name: "sweep",
    isTelling: true,
    user: "boss",
    prepare: async (process, world) => {
      const from = today();
      const client = await talk(process, 2);
      await client.patch(`/conversations/${conversation}`, { state: "trashed" });
      const orphans = [documentKey(alice, "gone"), "messages/alice/gone/content"];
      for (const orphan of orphans) {
        await process.objects.put(orphan, "x", { contentType: "text/plain", when: "always" });
      }
      await process.as("carol").put("/me", { name: "Carol" });
      await new DynamoDBErasureStore(process.table).begin("carol");
      world.wait(31 * 24);
      return (client) => client.post("/admin/sweep", { from });
    },
  },
];
