import {
  type Adapted,
  type Fields,
  type Given,
  isFields,
  isName,
  isSame,
  isText,
  type Part,
  partsOf,
} from "./adapters.ts";

/** What a stored message has beside what we have parts for. */
const messageOf = "langchain:message";

/** A message as LangChain stores it: its `StoredMessage`. */
export interface StoredMessageLike {
  readonly type: string;
  readonly data: object;
}

const roles = { human: "user", ai: "assistant", system: "system", tool: "tool" } as const;
type Type = keyof typeof roles;
const isType = (type: string): type is Type => type in roles;

export function fromStoredMessage({ type, data }: StoredMessageLike): Adapted {
  const role = isType(type) ? roles[type] : "user";
  const fields: Fields = isFields(data) ? data : {};
  const known = isType(type) ? partsOfData(type, fields) : [];
  const candidates = [
    { role, parts: [...known, about({ type, data: restOf(type, fields) })] },
    { role, parts: [about({ type, data })] },
  ];
  const whole = candidates.find((one) => isSame(read({ ...one, content: "" }), { type, data }));
  return whole ?? { role, parts: [about({ type, data })] };
}

export function toStoredMessage(message: Given): StoredMessageLike {
  return read(message);
}

const about = (data: unknown): Part => ({ type: "data", name: messageOf, data });

function partsOfData(type: Type, data: Fields): Part[] {
  const { content, tool_calls: calls, tool_call_id: toolCallId, name } = data;
  if (type === "tool") {
    if (!isName(toolCallId) || !isText(content)) return [];
    const named = isName(name) ? { toolName: name } : {};
    return [{ type: "tool-result", toolCallId, output: content, ...named }];
  }
  const text: Part[] = isText(content) && content !== "" ? [{ type: "text", text: content }] : [];
  return [...text, ...(Array.isArray(calls) ? calls.flatMap(callOf) : [])];
}

function callOf(call: unknown): Part[] {
  if (!isFields(call) || !isName(call.id) || !isName(call.name) || call.args === undefined)
    return [];
  return [{ type: "tool-call", toolCallId: call.id, toolName: call.name, input: call.args }];
}

/** What the parts do not tell. */
function restOf(type: string, data: Fields): Fields {
  const { content, tool_calls: calls, tool_call_id: id, ...rest } = data;
  if (type === "tool") return isText(content) ? rest : data;
  return {
    ...rest,
    ...(!isText(content) && { content }),
    ...(id !== undefined && { tool_call_id: id }),
    // They differ in what stands beside their names.
    ...(calls !== undefined && !isSame(calls, plainCalls(calls)) && { tool_calls: calls }),
    ...(Array.isArray(calls) && calls.length === 0 && { tool_calls: calls }),
  };
}

function plainCalls(calls: unknown): unknown {
  if (!Array.isArray(calls)) return undefined;
  return calls.map((call: unknown) =>
    isFields(call) ? plainCall(call.id, call.name, call.args) : undefined,
  );
}

const plainCall = (id: unknown, name: unknown, args: unknown) => ({
  name,
  args,
  id,
  type: "tool_call",
});

function read(message: Given): StoredMessageLike {
  const parts = partsOf(message);
  const rest = parts.find((part) => part.type === "data" && part.name === messageOf);
  const kept = rest?.type === "data" && isFields(rest.data) ? rest.data : {};
  const data = isFields(kept.data) ? kept.data : {};
  const type = typeof kept.type === "string" ? kept.type : typeOf(message.role);
  const result = parts.find((part) => part.type === "tool-result");
  const calls = parts.flatMap((part) => (part.type === "tool-call" ? [part] : []));
  const text = parts.map((part) => (part.type === "text" ? part.text : "")).join("");
  const output = result?.output ?? result?.content ?? "";
  return {
    type,
    data: {
      content:
        result === undefined ? text : typeof output === "string" ? output : JSON.stringify(output),
      ...(result !== undefined && { tool_call_id: result.toolCallId }),
      ...(calls.length > 0 && {
        tool_calls: calls.map(({ toolCallId, toolName, input }) =>
          plainCall(toolCallId, toolName, input),
        ),
      }),
      ...data,
    },
  };
}

function typeOf(role: Given["role"]): Type {
  if (role === "user") return "human";
  return role === "assistant" ? "ai" : role;
}
