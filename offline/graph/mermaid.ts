/** Pictures of a stack in Mermaid's language, which GitHub and GitLab draw (mermaid.js.org, "Flowcharts"). */
import { type Box, boxesOf, contentLines } from "./boxes.ts";
import type { Room } from "./rooms.ts";
import { namesOf, type Shape } from "./shapes.ts";

export function mermaid(shapes: readonly Shape[]): string {
  const ids = new Map<string, string>();
  const idOf = (urn: string) => {
    const id = ids.get(urn) ?? `n${ids.size}`;
    ids.set(urn, id);
    return id;
  };
  const kept: string[] = [];
  const lines = shapes.flatMap((shape, index) => {
    const { rooms, arrows } = shape.topology;
    kept.push(...rooms.filter(({ isKept }) => isKept).map(({ urn }) => idOf(urn)));
    return [
      `  subgraph s${index}["${text(namesOf(shape))}"]`,
      ...inBox(boxesOf(shape.topology), idOf, "    "),
      "  end",
      ...arrows.map(({ from, to }) => `  ${idOf(from)} --> ${idOf(to)}`),
    ];
  });
  return [
    "flowchart LR",
    ...lines,
    ...(kept.length > 0 ? ["  classDef kept stroke-width:3px", `  class ${kept} kept`] : []),
    "",
  ].join("\n");
}

function inBox(box: Box, idOf: (urn: string) => string, indent: string): string[] {
  const rooms = box.rooms.map((room) => {
    const [open, close] = room.isOutside ? ["([", "])"] : ["[", "]"];
    return `${indent}${idOf(room.urn)}${open}"${label(room)}"${close}`;
  });
  const boxes = box.boxes.flatMap((inner) => [
    `${indent}subgraph ${idOf(`box ${inner.place?.urn}`)}["${text(inner.place?.kind ?? "")}"]`,
    ...inBox(inner, idOf, `${indent}  `),
    `${indent}end`,
  ]);
  return [...rooms, ...boxes];
}

function label(room: Room): string {
  const lines = [room.name, ...contentLines(room)].filter((line) => line !== "").map(text);
  return [`<b>${text(room.kind)}</b>`, ...lines].join("<br/>");
}

/** Names come from the stack's file: none may end a label or begin a tag. */
const text = (raw: string): string =>
  raw.replaceAll(/[^\w .,:/-]/g, (character) => `#${character.codePointAt(0)};`);
