/** One list price: what a unit costs, and where that is written. */
import { type Decimal, decimal, over } from "../decimal.ts";

export interface Price {
  /** In the table's currency, as text: a float would not be exact. */
  readonly amount: string;
  /** How many units `amount` buys, a power of ten. */
  readonly per: number;
  readonly unit: string;
  readonly source: string;
  /** Day that the source is of, `YYYY-MM-DD`; absent where it is the table's. */
  readonly asOf?: string;
  /** False where only AWS's page could say it and a second account of it was not found. */
  readonly confirmed: boolean;
}

/** Of one unit; exact, as `per` is a power of ten. */
export const unitPrice = ({ amount, per }: Price): Decimal => over(decimal(amount), per);
