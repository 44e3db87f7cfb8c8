import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { eventsOf, type ServerSentEvent } from "../../testing/app/events.ts";
import type { Ledger, Told } from "./ledger.ts";
import type { User } from "./user.ts";

/** What somebody does again and again until the time is up. */
export type Actor = (user: User, ledger: Ledger, isOver: () => boolean) => Promise<void>;

const messagesEach = 150;
const turnsEach = 25;
const pauseMs = 10;
/** One append in so many is sent twice, as after an answer that got lost. */
const repeatsEvery = 8;

/** Two devices of one user write into the same conversations. */
export const writers: Actor = async (user, ledger, isOver) => {
  while (!isOver()) {
    const told = await conversation(user, ledger);
    if (told === undefined) continue;
    const device = async () => {
      for (let count = 0; count < messagesEach / 2 && !isOver(); count++) {
        await append(user, ledger, told, count % repeatsEvery === 0);
        await sleep(pauseMs);
      }
    };
    await Promise.all([device(), device()]);
  }
};

export const readers: Actor = async (user, ledger, isOver) => {
  let cursor = "";
  while (!isOver()) {
    await user.ask("list conversations", "GET", "/conversations?limit=20&include=unread");
    const sync = await user.ask("sync", "GET", `/sync${cursor && `?cursor=${cursor}`}`);
    cursor = sync.body?.cursor ?? cursor;
    const told = pick(
      ledger.conversations.filter(
        (one) => one.user === user.name && one.tenant === user.tenant && !one.isDeleted,
      ),
    );
    if (told !== undefined) {
      const path = `/conversations/${told.id}`;
      const racing = { mayBeGone: () => told.isDeleted };
      await user.ask("open a conversation", "GET", path, racing);
      await user.ask("page of messages", "GET", `${path}/messages?limit=50`, racing);
    }
    await sleep(pauseMs);
  }
};

/** Reads as fast as it can. */
export const streamers: Actor = (user, ledger, isOver) =>
  stream("chat, streamed", user, ledger, isOver, 0);

/** Waits between any two chunks: the model must wait, and nothing may pile up. */
export const slowStreamers: Actor = (user, ledger, isOver) =>
  stream("chat, read slowly", user, ledger, isOver, 60);

/** Goes away in the middle of an answer that never ends. */
export const leavers: Actor = async (user, ledger, isOver) => {
  while (!isOver()) {
    const told = await conversation(user, ledger);
    for (let turn = 0; told !== undefined && turn < turnsEach && !isOver(); turn++) {
      const content = `/endless ${randomUUID()}`;
      told.unanswered.add(content);
      const response = await user.open("chat, left", "POST", `/conversations/${told.id}/chat`, {
        body: { content },
        headers: { accept: "text/event-stream" },
      });
      const start = performance.now();
      const reader = response?.body?.getReader();
      for (let chunk = 0; chunk < 5; chunk++) await reader?.read();
      await reader?.cancel();
      if (reader !== undefined) user.note("chat, left", 200, performance.now() - start);
      await sleep(100);
    }
  }
};

export const deleters: Actor = async (user, ledger, isOver) => {
  while (!isOver()) {
    const told = await conversation(user, ledger);
    if (told === undefined) continue;
    for (let count = 0; count < 4; count++) await append(user, ledger, told, false);
    // Before the request: whatever comes of it, nobody may read it as if it were not going.
    told.isDeleted = true;
    await user.ask("delete a conversation", "DELETE", `/conversations/${told.id}`);
    await sleep(pauseMs * 5);
  }
};

async function conversation(user: User, ledger: Ledger): Promise<Told | undefined> {
  const { body } = await user.ask("create a conversation", "POST", "/conversations", {
    body: { title: "A soak" },
    headers: { "idempotency-key": randomUUID() },
  });
  if (body === undefined) await sleep(100);
  return body && ledger.open(user.tenant, user.name, body.id);
}

async function append(user: User, ledger: Ledger, told: Told, twice: boolean): Promise<void> {
  const content = `${randomUUID()} ${"x".repeat(Math.random() * 500)}`;
  const request = {
    body: { role: "user", content },
    headers: { "idempotency-key": randomUUID() },
  };
  told.unanswered.add(content);
  for (let time = 0; time < (twice ? 2 : 1); time++) {
    const path = `/conversations/${told.id}/messages`;
    const { body } = await user.ask("append a message", "POST", path, request);
    if (body !== undefined) ledger.acknowledge(told, body.sequence, content);
  }
}

async function stream(
  operation: string,
  user: User,
  ledger: Ledger,
  isOver: () => boolean,
  betweenMs: number,
): Promise<void> {
  while (!isOver()) {
    const told = await conversation(user, ledger);
    for (let turn = 0; told !== undefined && turn < turnsEach && !isOver(); turn++) {
      const content = `/words 40 ${randomUUID()}`;
      told.unanswered.add(content);
      const start = performance.now();
      const response = await user.open(operation, "POST", `/conversations/${told.id}/chat`, {
        body: { content },
        headers: { accept: "text/event-stream", "idempotency-key": randomUUID() },
      });
      if (response?.body == null) continue;
      const text = await readAll(response.body, betweenMs);
      const saved = eventsOf(text).find(({ event }) => event === "message");
      const status = saved === undefined ? "no message" : response.status;
      user.note(operation, status, performance.now() - start);
      for (const message of messagesOf(saved)) {
        ledger.acknowledge(told, message.sequence, message.content);
      }
    }
  }
}

/** As far as it came. */
async function readAll(body: ReadableStream<Uint8Array>, betweenMs: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  try {
    for await (const chunk of body) {
      text += decoder.decode(chunk, { stream: true });
      if (betweenMs > 0) await sleep(betweenMs);
    }
  } catch {
    // Without its end it holds no message, which is what counts.
  }
  return text;
}

interface Saved {
  readonly sequence: number;
  readonly content: string;
}

function messagesOf(saved: ServerSentEvent | undefined): Saved[] {
  return [saved?.data.userMessage, saved?.data.assistantMessage].filter(isSaved);
}

function isSaved(message: unknown): message is Saved {
  return typeof message === "object" && message !== null && "sequence" in message;
}

function pick<T>(items: readonly T[]): T | undefined {
  return items[Math.floor(Math.random() * items.length)];
}
