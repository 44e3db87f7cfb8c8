/**
 * Dates and times in config. The engine reads `2027-03-31` without quotes as a point in time, and hands it
 * to the program in the words of Go: `2027-03-31 00:00:00 +0000 UTC`. A default of `Pulumi.yaml` arrives in
 * RFC 3339. Settings take both, and the text that was meant.
 */
import { z } from "zod";

const ofGo = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2}(?:\.\d+)?) ([-+]\d{2})(\d{2}) \S+$/;

/** `2026-11-20T08:30:00Z` of what the engine made of it; any other text as it is. */
function asWritten(text: string): string {
  const [, day, clock, hours, minutes] = ofGo.exec(text) ?? [];
  if (day === undefined) return text;
  const zone = hours === "+00" && minutes === "00" ? "Z" : `${hours}:${minutes}`;
  return `${day}T${clock}${zone}`;
}

/** A day of the calendar, `2027-03-31`. */
export const day = z
  .string()
  .transform((text) => asWritten(text).replace(/T00:00:00Z$/, ""))
  .pipe(z.iso.date('a day of the calendar, e.g. "2027-03-31"'));
