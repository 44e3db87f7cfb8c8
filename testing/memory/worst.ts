import { randomBytes } from "node:crypto";
import { longestText } from "../../app/documents/document-text.ts";
import { uploadKey } from "../../app/documents/keys.ts";
import type { ObjectStore } from "../../app/objects/object-store.ts";
import { DynamoDBConversationStore } from "../../app/store/dynamodb/conversations/conversations.ts";
import { DynamoDBRecordStore } from "../../app/store/dynamodb/records.ts";
import type { TableAccess } from "../../app/store/dynamodb/table/table-access.ts";
import { S3ConversationStore } from "../../app/store/s3/conversations.ts";
import { StoreError } from "../../app/store/store-error.ts";
import { dependenciesOn } from "../app/api.ts";
import { pdfBomb, pdfOf } from "../app/pdf.ts";
import { draft } from "../app/store.ts";

const kibibyte = 1024;
const user = "alice";

/** What stands in a conversation's messages. */
const contents = {
  letters: {
    described: "messages of 960 KiB, one letter",
    content: () => "x".repeat(960 * kibibyte),
  },
  random: { described: "messages of 960 KiB, letters at random", content: () => random(960) },
  control: {
    // What an import of 3 MB lets in: six bytes of JSON for each.
    described: "messages of 500 KiB, control characters",
    content: () => "\u0001".repeat(500 * kibibyte),
  },
  wide: { described: "messages of 960 KiB, Chinese", content: () => "界".repeat(320 * kibibyte) },
} as const;
export type Kind = keyof typeof contents;

export interface Worst {
  /** The full conversation of each kind. */
  readonly first: Readonly<Record<Kind, string>>;
  readonly described: Readonly<Record<Kind, string>>;
  readonly many: string;
  readonly random: string;
  readonly documents: readonly { readonly id: string; readonly content: string }[];
  readonly attached: readonly string[];
  readonly imports: readonly { readonly content: string; readonly lines: string }[];
}

export interface Size {
  /** Messages of the largest conversations; S3 JSON takes as many of them as fit into 8 MiB. */
  readonly messages: number;
  /** Full conversations beside them. */
  readonly conversations: number;
}

type Table = TableAccess & { readonly objects: ObjectStore };

/** Fills table and bucket with what the limits let in. */
export async function fill(table: Table, history: "dynamodb" | "s3", size: Size): Promise<Worst> {
  const { now, objects } = table;
  const store =
    history === "s3" ? new S3ConversationStore(objects, now) : new DynamoDBConversationStore(table);
  const kinds = Object.keys(contents) as Kind[];
  const described = Object.fromEntries(
    kinds.map((kind) => [kind, `${size.messages} ${contents[kind].described}`]),
  ) as Record<Kind, string>;
  const make = async (id: string, kind: Kind, messages: number) => {
    await store.create(user, { id, title: "界".repeat(200), modelId: null });
    for (let index = 0; index < messages; index++) {
      try {
        await store.append(user, id, {
          ...draft(contents[kind].content()),
          role: index % 2 ? "assistant" : "user",
        });
      } catch (error) {
        if (error instanceof StoreError && error.kind === "full") break;
        throw error;
      }
    }
    return id;
  };
  const first = {} as Record<Kind, string>;
  for (const kind of kinds) first[kind] = await make(kind, kind, size.messages);
  for (let index = 0; index < size.conversations; index++) {
    await make(`full-${index}`, "random", history === "s3" ? 8 : 2);
  }
  const records = new DynamoDBRecordStore(table);
  for (let index = 0; index < 100; index++) {
    const value = { value: "x".repeat(8_000) };
    await records.put(user, "session", `s${index}`, { ...value, lifeSeconds: 86_400 });
  }
  const documents = history === "s3" ? [] : await uploads(table);
  return {
    first,
    described,
    many: `${size.conversations + kinds.length} full conversations`,
    random: random(960),
    documents,
    attached: documents.filter(({ content }) => content.endsWith("of text")).map(({ id }) => id),
    imports: [
      { content: "3 MB of one line", lines: line("x".repeat(900 * kibibyte)) },
      { content: "3 MB of lines that are no JSON", lines: "x\n".repeat(1_500_000) },
      {
        content: "3 MB of small messages",
        lines: Array.from({ length: 20_000 }, (_, index) => line("x", index + 1)).join(""),
      },
    ],
  };
}

const line = (content: string, sequence = 1) =>
  `${JSON.stringify({ kind: "message", conversation: "imported", sequence, role: "user", content, timestamp: "2026-11-20T12:00:00.000Z" })}\n`;

/** Uploaded, and not yet completed. */
async function uploads(table: Table) {
  const { library } = dependenciesOn(table, () => {});
  const put = async (body: Buffer, type: "application/pdf" | "text/plain", content: string) => {
    const { document } = await library.add(user, { name: content, type, size: body.length });
    await table.objects.put(uploadKey(user, document.id), body, {
      contentType: type,
      when: "always",
    });
    return { id: document.id, content };
  };
  // As much as is read of one document.
  const words = Array.from({ length: longestText / 10 }, (_, index) => `lorem${index}`);
  const text = Buffer.from(words.join(" ").slice(0, longestText));
  const lines = Array.from({ length: 60 }, () => random(1).slice(0, 100));
  const found = [
    await put(pdfBomb(512), "application/pdf", "a PDF of 1 KB that unpacks to 512 MB"),
    await put(
      pdfOf(...Array.from({ length: 800 }, () => lines)),
      "application/pdf",
      "a PDF of 800 full pages",
    ),
  ];
  for (let index = 0; index < 10; index++)
    found.push(await put(text, "text/plain", "5 MB of text"));
  return found;
}

function random(kibibytes: number): string {
  return randomBytes(kibibytes * 768).toString("base64");
}
