import { expect, it } from "vitest";
import { DynamoDBConversationStore } from "../../app/store/dynamodb/conversations/conversations.ts";
import { documentClient } from "../../app/store/dynamodb/table/client.ts";
import { TestApi } from "../../testing/app/api.ts";
import { createChatTable, engineConfig } from "../../testing/aws/table.ts";
import { type Interference, Wire } from "../../testing/aws/wire.ts";

const api = TestApi.forThisFile();

it("lists what is there, though a conversation of the list is deleted meanwhile", async () => {
  const wire = new Wire();
  const tableName = await createChatTable(api.engine.endpoint);
  const open = () => {
    const client = wire.attach(documentClient(engineConfig(api.engine.endpoint)));
    return new DynamoDBConversationStore({ client, tableName, now: () => new Date() });
  };
  const [store, other] = [open(), open()];
  for (const id of ["kept", "gone"]) {
    await store.create("alice", { id, title: id, modelId: null });
  }
  const meanwhile: Interference = async ({ command }, _request, send) => {
    const answer = await send();
    const undisturbed: Interference = (_call, _sent, pass) => pass();
    if (command === "Query")
      await wire.run(undisturbed, () => other.delete("alice", "gone")).result;
    return answer;
  };
  const listing = () => store.list("alice", { limit: 10, unread: true });
  const { items } = await wire.run(meanwhile, listing).result;
  expect(items.map(({ id }) => id)).toEqual(["kept"]);
});
