// Prints the closing line of `make test`: the native tests that passed (the second argument; a native failure ends the
// run before this) and the browser tests of Playwright's report (the first).
import { readFileSync } from "node:fs";

const [report, native] = process.argv.slice(2);
const { expected, unexpected, flaky, skipped } = JSON.parse(readFileSync(report, "utf8")).stats;
const passed = Number(native) + expected;
const failed = unexpected + flaky;
console.log(`${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ""}`);
