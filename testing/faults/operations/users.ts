import { alice, type Operation } from "./operation.ts";

/** What is in the table whichever store keeps the conversations. */
export const ofUsers: readonly Operation[] = [
  {
    name: "getProfile",
    prepare: async (process) => {
      await process.as(alice).put("/me", { name: "Alice" });
      return (client) => client.get("/me");
    },
  },
  {
    name: "replaceProfile",
    prepare: async () => (client) => client.put("/me", { name: "Alice" }),
  },
  {
    name: "replaceProfile, guarded",
    repeated: [412],
    prepare: async (process) => {
      await process.as(alice).put("/me", { name: "Alice" });
      return (client) => client.put("/me", { name: "Alicia" }, { "if-match": '"1"' });
    },
  },
  { name: "getUsage", prepare: async () => (client) => client.get("/me/usage") },
  {
    name: "listSessions",
    prepare: async (process) => {
      const client = process.as(alice);
      await client.put("/me/sessions/phone", { data: 1 });
      await client.put("/me/sessions/tablet", { data: 2 });
      return (client) => client.get("/me/sessions?limit=1");
    },
  },
  {
    name: "getSession",
    prepare: async (process) => {
      await process.as(alice).put("/me/sessions/phone", { data: 1 });
      return (client) => client.get("/me/sessions/phone");
    },
  },
  {
    name: "putSession",
    prepare: async () => (client) => client.put("/me/sessions/phone", { data: 1 }),
  },
  {
    name: "deleteSession",
    repeated: [404],
    prepare: async (process) => {
      await process.as(alice).put("/me/sessions/phone", {});
      return (client) => client.delete("/me/sessions/phone");
    },
  },
  {
    name: "getState",
    prepare: async (process) => {
      await process.as(alice).put("/me/state/sidebar", { value: 1 });
      return (client) => client.get("/me/state/sidebar");
    },
  },
  {
    name: "putState",
    prepare: async (process) => {
      await process.as(alice).put("/me/state/sidebar", { value: 1 });
      return (client) => client.put("/me/state/sidebar", { value: 2 });
    },
  },
  {
    name: "putState, guarded",
    repeated: [412],
    prepare: async (process) => {
      await process.as(alice).put("/me/state/sidebar", { value: 1 });
      return (client) => client.put("/me/state/sidebar", { value: 2 }, { "if-match": '"1"' });
    },
  },
  {
    name: "deleteState",
    repeated: [404],
    prepare: async (process) => {
      await process.as(alice).put("/me/state/sidebar", { value: 1 });
      return (client) => client.delete("/me/state/sidebar");
    },
  },
  {
    name: "issueToken",
    isRepeatable: false,
    prepare: async () => (client) => client.post("/me/tokens", { purpose: "link" }),
  },
  {
    name: "redeemToken",
    // A token whose redemption was answered into the void is spent: the client asks for another.
    repeated: [404],
    prepare: async (process) => {
      const { body } = await process.as(alice).post("/me/tokens", { purpose: "link" });
      const redemption = { token: body.token, purpose: "link" };
      return (client) => client.post("/me/tokens/redeem", redemption);
    },
  },
  {
    name: "getErasure",
    prepare: async (process) => {
      const client = process.as(alice);
      await client.put("/me", { name: "Alice" });
      const { body } = await client.delete("/me");
      return (client) => client.get(`/me/erasures/${body.id}`);
    },
  },
];
