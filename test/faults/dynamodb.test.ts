import { operations } from "../../testing/faults/operations/all.ts";
import { describeFaults } from "../../testing/faults/suite.ts";

describeFaults("dynamodb", operations.dynamodb);
