import { maintenanceEvent } from "../../app/resources/maintenance.ts";
import { claimsOf } from "../app/api.ts";
import { eventOf } from "../app/lambda.ts";
import type { Kind, Worst } from "./worst.ts";

/** A request, and what makes it a bad one. */
export interface Bad {
  readonly operation: string;
  readonly content: string;
  readonly event: object;
}

const megabyte = 1024 * 1024;
const largest = "one letter, 960 KiB";

/** The reads of a conversation, then the changes, then what removes everything. */
export function badRequests(worst: Worst, history: "dynamodb" | "s3"): readonly Bad[] {
  const { first, documents } = worst;
  const of = (kind: Kind) => `/conversations/${first[kind]}`;
  const kinds = Object.keys(first) as Kind[];
  const each = (make: (kind: Kind) => Omit<Bad, "content">): Bad[] =>
    kinds.map((kind) => ({ ...make(kind), content: worst.described[kind] }));
  const get = (operation: string, path: string, content = "the same"): Bad => ({
    operation,
    content,
    event: asked("GET", path),
  });
  const send = (
    method: string,
    operation: string,
    path: string,
    body: unknown,
    content: string,
  ) => ({
    operation,
    content,
    event: asked(method, path, body),
  });
  const ofConversations: Bad[] = [
    get("listConversations", "/conversations?limit=100&include=unread", worst.many),
    get("syncConversations", "/sync?limit=100", worst.many),
    ...each((kind) => ({ operation: "getConversation", event: asked("GET", of(kind)) })),
    ...each((kind) => ({
      operation: "listMessages",
      event: asked("GET", `${of(kind)}/messages?limit=200&order=desc`),
    })),
    ...each((kind) => ({ operation: "getMessage", event: asked("GET", `${of(kind)}/messages/1`) })),
    ...each((kind) => ({
      operation: "exportConversation",
      event: asked("GET", `${of(kind)}/export`),
    })),
    get("exportAll", "/export", worst.many),
    ...each((kind) => ({
      operation: "chat",
      event: asked("POST", `${of(kind)}/chat`, { content: "x" }),
    })),
    {
      operation: "chat",
      content: "streamed, of 4,096 words",
      event: asked(
        "POST",
        `${of("letters")}/chat`,
        { content: "/words 4096" },
        "text/event-stream",
      ),
    },
    ...each((kind) => ({
      operation: "createCompletion",
      event: asked("POST", "/chat/completions", {
        model: "embedded",
        messages: [{ role: "user", content: "x" }],
        metadata: { conversation_id: first[kind] },
      }),
    })),
    ...each((kind) => ({
      operation: "regenerate",
      event: asked("POST", `${of(kind)}/regenerate`, {}),
    })),
    ...each((kind) => ({
      operation: "titleConversation",
      event: asked("POST", `${of(kind)}/title`),
    })),
    get("getRunningAnswer", `${of("letters")}/running`, "none under way"),
    send("DELETE", "stopRunningAnswer", `${of("letters")}/running`, undefined, "none under way"),
    send(
      "POST",
      "appendMessage",
      `${of("letters")}/messages`,
      message("x".repeat(960 * 1024)),
      largest,
    ),
    send(
      "POST",
      "appendMessage",
      `${of("letters")}/messages`,
      message("\n".repeat(megabyte / 2 - 50)),
      "line feeds, 1 MiB with their escapes",
    ),
    send(
      "POST",
      "appendMessage",
      `${of("letters")}/messages`,
      message(worst.random),
      "letters at random, 960 KiB",
    ),
    send(
      "PATCH",
      "editMessage",
      `${of("letters")}/messages/2`,
      { content: "y".repeat(960 * 1024) },
      largest,
    ),
    get("listMessageChanges", `${of("letters")}/changes?since=0`, "one edit"),
    ...each((kind) => ({
      operation: "copyConversation",
      event: asked("POST", `${of(kind)}/copy`, { through: "20" }),
    })),
    {
      ...get("deleteMessage", ""),
      content: "in a full conversation",
      event: asked("DELETE", `${of("random")}/messages/2`),
    },
    send(
      "PUT",
      "putFeedback",
      `${of("letters")}/messages/2/feedback`,
      { rating: "up" },
      "of an answer in a full conversation",
    ),
    {
      ...get("deleteFeedback", ""),
      event: asked("DELETE", `${of("letters")}/messages/2/feedback`),
    },
    send(
      "PATCH",
      "updateConversation",
      of("random"),
      { title: "界".repeat(200) },
      "a full conversation",
    ),
    send(
      "PUT",
      "replaceConversation",
      of("random"),
      { title: "界".repeat(200) },
      "a full conversation",
    ),
    send(
      "PUT",
      "markConversationRead",
      `${of("random")}/read`,
      { sequence: 1 },
      "a full conversation",
    ),
    send(
      "POST",
      "createConversation",
      "/conversations",
      `${" ".repeat(megabyte - 20)}{}`,
      "1 MiB of white space",
    ),
    ...worst.imports.map(({ content, lines }) => ({
      operation: "importAll",
      content,
      event: asked("POST", "/import", lines, "*/*", "application/x-ndjson"),
    })),
  ];
  const [document] = documents;
  const ofDocument =
    document === undefined
      ? []
      : [
          get("getDocument", `/documents/${document.id}`, document.content),
          {
            operation: "deleteDocument",
            content: document.content,
            event: asked("DELETE", `/documents/${document.id}`),
          },
        ];
  const ofRest: Bad[] = [
    get("getHealth", "/health", "—"),
    get("getOpenApi", "/openapi.json", "—"),
    get("getReference", "/docs", "—"),
    get("listModels", "/models", "—"),
    send("PUT", "replaceProfile", "/me", { preferences: { much: "\n".repeat(8_000) } }, "16 KiB"),
    get("getProfile", "/me"),
    get("getUsage", "/me/usage", "—"),
    get("listSessions", "/me/sessions?limit=100", "100 of 8 KiB"),
    send("PUT", "putSession", "/me/sessions/s1", { data: "x".repeat(8_000) }, "8 KiB"),
    get("getSession", "/me/sessions/s1"),
    send("PUT", "putState", "/me/state/large", nested(30_000), "nested, 64 KiB"),
    send("PUT", "putState", "/me/state/large", { value: "x".repeat(65_000) }, "64 KiB"),
    get("getState", "/me/state/large"),
    send("POST", "issueToken", "/me/tokens", { purpose: "x", data: "x".repeat(2_000) }, "2 KiB"),
    send("POST", "redeemToken", "/me/tokens/redeem", { purpose: "x", token: "x".repeat(43) }, "—"),
    get("listDocuments", "/documents?limit=100", "100 documents"),
    send(
      "POST",
      "addDocument",
      "/documents",
      { name: "界".repeat(200), type: "text/plain", size: 1 },
      "—",
    ),
    ...documents.map(({ id, content }) => ({
      operation: "completeDocument",
      content,
      event: asked("POST", `/documents/${id}/complete`),
    })),
    send(
      "POST",
      "chat",
      `${of("letters")}/chat`,
      { content: "lorem", documents: worst.attached },
      "10 documents of 5 MB of text",
    ),
    ...ofDocument,
    get("listCreatedConversations", `/admin/conversations?limit=100&from=${today()}`, worst.many),
    get("listUserConversations", "/admin/users/alice/conversations?limit=100", worst.many),
    get("getUserUsage", "/admin/users/alice/usage", "—"),
    get("getTotals", `/admin/totals?limit=500&month=${today().slice(0, 7)}`, worst.many),
    get("listAudit", `/admin/audit?limit=100&month=${today().slice(0, 7)}`, "—"),
  ];
  const removing: Bad[] = [
    { ...get("deleteState", ""), content: "64 KiB", event: asked("DELETE", "/me/state/large") },
    { ...get("deleteSession", ""), content: "8 KiB", event: asked("DELETE", "/me/sessions/s1") },
    {
      ...get("clearConversation", ""),
      content: worst.described.random,
      event: asked("DELETE", `${of("random")}/messages`),
    },
    {
      ...get("deleteConversation", ""),
      content: worst.described.letters,
      event: asked("DELETE", of("letters")),
    },
    send(
      "POST",
      "deleteConversations",
      "/conversations/delete",
      { ids: [first.random] },
      "a full conversation",
    ),
    send("POST", "sweep", "/admin/sweep", { from: today() }, worst.many),
    { operation: "maintenance", content: worst.many, event: maintenanceEvent },
    { ...get("eraseAll", ""), content: "everything of a user", event: asked("DELETE", "/me") },
    get("getErasure", "/me/erasures/none", "—"),
  ];
  return history === "dynamodb"
    ? [...ofConversations, ...ofRest, ...removing]
    : [
        ...ofConversations,
        ...removing.filter(({ operation }) => /Conversation|maintenance|eraseAll/.test(operation)),
      ];
}

const today = () => new Date().toISOString().slice(0, 10);
const message = (content: string) => ({ role: "user", content });

const nested = (depth: number) => `{"value":${"[".repeat(depth)}${"]".repeat(depth)}}`;

function asked(
  method: string,
  path: string,
  body?: unknown,
  accept = "*/*",
  type = "application/json",
): object {
  const [route = "", query = ""] = path.split("?");
  const usual = eventOf(method, route);
  const headers = { Accept: [accept], ...(body === undefined ? {} : { "Content-Type": [type] }) };
  const claims = claimsOf("alice", { "cognito:groups": "admins" });
  return {
    ...usual,
    headers: {},
    multiValueHeaders: headers,
    requestContext: { ...usual.requestContext, authorizer: { claims } },
    queryStringParameters: query === "" ? null : Object.fromEntries(new URLSearchParams(query)),
    body: body === undefined ? null : typeof body === "string" ? body : JSON.stringify(body),
  };
}
