/** Until when an off-boarding tenant's data must be kept, and that somebody hears when the day is over. */
import { textAt } from "../reading/read.ts";
import { stackRule } from "../rule.ts";

const tenants = ["chatstack:index:TenantStack"];

export const retainUntil = stackRule({
  id: "tenant-retain-until",
  service: "Tenancy",
  description: "An off-boarding tenant's data must be kept until the day that its file names.",
  reason: "Data that was promised until a day would be deleted with the tenant before it.",
  fix: 'set retain: "retain" or "protect" until retainUntil is over.',
  severity: "critical",
  level: "mandatory",
  frameworks: [],
  reach: "tenant",
  types: tenants,
  judge({ props }, report, _config, { config }) {
    const until = textAt(props, "retainUntil");
    if (until === undefined || until < config.today) return;
    const retain = textAt(props, "retain");
    if (retain === "destroy") report("retain", retain, `retain or protect until ${until}`);
  },
});

export const due = stackRule({
  id: "tenant-due",
  service: "Tenancy",
  description: "An off-boarding tenant should be removed once its day is over.",
  reason: "Data that nobody may need any more is a cost and a risk.",
  fix: "run `chatstack tenant remove`, or name a later day in retainUntil.",
  severity: "low",
  level: "advisory",
  frameworks: [],
  reach: "tenant",
  types: tenants,
  judge({ props }, report, _config, { config }) {
    const until = textAt(props, "retainUntil");
    if (until !== undefined && until < config.today)
      report("retainUntil", `over since ${until}`, "a day that is not over");
  },
});
