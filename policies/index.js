// The CLI looks for a package's main file and knows JavaScript only; Node strips the types of the rest.
import "./index.ts";
