import { conversation, key, type Operation, said, talk } from "./operation.ts";

/** Taking out, bringing in, erasing. */
export const ofTransfers: readonly Operation[] = [
  {
    name: "exportConversation",
    isStream: true,
    prepare: async (process) => {
      await talk(process, 2);
      return (client) => client.get(`/conversations/${conversation}/export`);
    },
  },
  {
    name: "exportAll",
    isStream: true,
    prepare: async (process) => {
      await talk(process, 2);
      return (client) => client.get("/export");
    },
  },
  {
    name: "importAll",
    isTelling: true,
    isStream: true,
    prepare: async () => (client) =>
      client.send("POST", "/import", {
        headers: { "content-type": "application/x-ndjson" },
        body: imported,
      }),
  },
  {
    name: "eraseAll",
    isSwept: true,
    prepare: async (process) => {
      const client = await talk(process, 30);
      await client.put("/me", { name: "Alice" });
      await client.post("/conversations", { id: "c2", title: "Porto" }, key);
      return (client) => client.delete("/me");
    },
  },
];

const time = "2026-11-20T12:00:00.000Z";

const imported = [
  { kind: "profile", name: "Alice" },
  { kind: "state", name: "sidebar", value: 1 },
  { kind: "conversation", id: "old", title: "Old", createdAt: time },
  { kind: "message", conversation: "old", sequence: 1, ...said("one"), timestamp: time },
  { kind: "message", conversation: "old", sequence: 2, ...said("two"), timestamp: time },
]
  .map((line) => JSON.stringify(line))
  .join("\n");
