/** What a check fails on, as the command line names it. */

/** The worst first. */
export const severities = ["critical", "high", "medium", "low"] as const;

export const failOnChoices = ["mandatory", "advisory", ...severities] as const;

/** Findings of a level and above, or of a severity and above at any level. */
export type FailOn = (typeof failOnChoices)[number];
