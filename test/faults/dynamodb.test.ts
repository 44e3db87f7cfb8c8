import { operations } from "./operations/all.ts";
import { describeFaults } from "./suite.ts";

describeFaults("dynamodb", operations.dynamodb);
