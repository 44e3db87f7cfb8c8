import { type Validated, validationProblem } from "../http/failures.ts";

/**
 * For `new OpenAPIHono({ defaultHook })`: a request that the route's schemas refuse is answered with the same
 * problem details as the app's own.
 *
 * @throws Problem
 */
export function defaultHook(
  result: { readonly success: true } | ({ readonly success: false } & Validated),
): undefined {
  if (!result.success) throw validationProblem(result.error, result.target);
}
