import { operations } from "./operations/all.ts";
import { describeFaults } from "./suite.ts";

describeFaults("s3", operations.s3);
