/** What the stack is made of: one picture for all tenants that are built alike. */
import { namesOf, type Shape, shapesOf } from "../../graph/shapes.ts";
import { svg } from "../../graph/svg.ts";
import { topologiesOf } from "../../graph/topology.ts";
import type { ResourceRecord } from "../../record.ts";
import { counted } from "../../text.ts";
import { folded, type Html, html, raw, section } from "../html.ts";

export async function topologySection(records: readonly ResourceRecord[]): Promise<Html> {
  const shapes = shapesOf(topologiesOf(records, "components"));
  const figures = await Promise.all(shapes.map(figure));
  return section(
    "topology",
    "Topology",
    html`<p class="quiet">Strong lines: outlives the stack. Dotted arrows: encrypted by that key. An arrow's
tooltip names the inputs that make it.</p>${figures}`,
  );
}

async function figure(shape: Shape): Promise<Html> {
  const picture = await svg([shape]);
  const { tenants, topology } = shape;
  const resources = topology.rooms.flatMap(({ contents }) => contents.map(({ count }) => count));
  const count = resources.reduce((sum, one) => sum + one, 0);
  const each = tenants.length > 1 ? " each" : "";
  return html`<figure><figcaption><strong>${namesOf(shape)}</strong>${count > 0 ? `, ${counted(count, "resource", "resources")}${each}` : ""}</figcaption>
<div class="scroll" tabindex="0" role="img" aria-label="Topology of ${namesOf(shape)}">${raw(picture)}</div>
${tenants.length > 3 ? folded(counted(tenants.length, "tenant", "tenants"), tenants.join(", ")) : ""}</figure>`;
}
