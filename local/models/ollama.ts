import * as z from "zod";
import { type Intake, intakes } from "../../app/models/chat-model.ts";
import { UsageError } from "../../offline/usage-error.ts";

/** Where Ollama listens, as its own command finds it (`OLLAMA_HOST`). */
export function ollamaUrl(): string {
  const { OLLAMA_HOST: host = "127.0.0.1:11434" } = process.env;
  const url = /^https?:\/\//.test(host) ? host : `http://${host}`;
  return url.replace(/\/$/, "");
}

/** Ollama API, "List Local Models". */
const tags = z.object({ models: z.array(z.object({ name: z.string() })) });

/** Ollama API, "Show model details"; older releases do not tell capabilities. */
const details = z.object({ capabilities: z.array(z.string()).default([]) });

/**
 * @returns what the model takes beside text.
 * @throws UsageError where no Ollama answers, or has no such model.
 */
export async function checkOllama(url: string, model: string): Promise<readonly Intake[]> {
  const answer = await fetch(`${url}/api/tags`, { signal: AbortSignal.timeout(5_000) }).catch(
    () => undefined,
  );
  if (answer === undefined || !answer.ok) {
    throw new UsageError(
      `--models ollama:${model}: no Ollama answers at ${url}. Start it (ollama serve), or say where it is with OLLAMA_HOST.`,
    );
  }
  const names = tags.parse(await answer.json()).models.map(({ name }) => name);
  if (names.includes(model) || names.includes(`${model}:latest`)) return takesOf(url, model);
  const found = names.length === 0 ? "none" : names.join(", ");
  throw new UsageError(
    `--models: found "ollama:${model}"; Ollama at ${url} has: ${found}. Get it: ollama pull ${model}`,
  );
}

async function takesOf(url: string, model: string): Promise<readonly Intake[]> {
  const body = JSON.stringify({ model });
  const answer = await fetch(`${url}/api/show`, { method: "POST", body });
  const { capabilities } = details.parse(answer.ok ? await answer.json() : {});
  return intakes.filter((one) => capabilities.some((told) => told === capabilityOf[one]));
}

const capabilityOf: Readonly<Partial<Record<Intake, string>>> = {
  images: "vision",
  tools: "tools",
};
