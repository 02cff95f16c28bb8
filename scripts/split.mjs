// Splits a WebAssembly module in two: a first part with the functions that a run has used, and a rest that comes later.
//
// In the first part, a function of the rest is a stub: it calls through a slot of a table of its own, and where the slot
// is still empty it calls the import `rest.load` first, which must have filled the table when it returns. The rest is the
// same module without its data: memory, tables, globals and the functions of the first part are imported from it, and
// its instantiation fills the table. So what a module does never depends on which functions were chosen, only when the
// rest is needed does. It lacks modules with a start section or passive data: it refuses them.
import binaryen from "binaryen";

/** The table through which the first part calls the rest, and the module name under which each knows the other. */
const SLOTS = "rest";
const FIRST = "first";

const functions = (module) => {
  const all = Array.from({ length: module.getNumFunctions() }, (_, index) => module.getFunctionByIndex(index));
  return all.map((reference) => ({ reference, ...binaryen.getFunctionInfo(reference) }));
};
const imported = ({ module }) => module !== "";
const list = (count, get) => Array.from({ length: count }, (_, index) => get(index));
const setBody = (info, body) => binaryen.Function(info.reference).setBody(body);

function read(bytes) {
  const module = binaryen.readBinary(bytes);
  if (module.getStart()) throw new Error("a module with a start section cannot be split");
  return module;
}

function write(module, passes) {
  module.runPasses(passes);
  if (!module.validate()) throw new Error("the split module is not valid");
  const bytes = module.emitBinary();
  module.dispose();
  return bytes;
}

/** The module with an exported global `ran<n>` for each function of its own, which is 1 once that function has run. */
export function instrument(bytes) {
  const module = read(bytes);
  functions(module).forEach((info, index) => {
    if (imported(info)) return;
    const name = `ran${index}`;
    module.addGlobal(name, binaryen.i32, true, module.i32.const(0));
    module.addGlobalExport(name, name);
    const mark = module.global.set(name, module.i32.const(1));
    setBody(info, module.block(null, [mark, info.body], info.results));
  });
  return write(module, []);
}

/** The numbers of the functions that have run, from the exports of an instrumented module's instance. */
export function ran(exports) {
  const names = Object.keys(exports).filter((name) => /^ran\d+$/.test(name) && exports[name].value === 1);
  return names.map((name) => Number(name.slice(3)));
}

/** `first` and `rest` of the module; `kept` has the numbers of the functions that the first part keeps. */
export function split(bytes, kept) {
  const keeps = new Set(kept);
  const moved = (info, index) => !imported(info) && !keeps.has(index);

  // Which functions of the rest the first part refers to: those need a stub and a slot.
  const draft = read(bytes);
  for (const info of functions(draft).filter(moved)) setBody(info, draft.unreachable());
  draft.runPasses(["remove-unused-module-elements"]);
  const left = new Set(functions(draft).map(({ name }) => name));
  draft.dispose();

  const first = read(bytes);
  const all = functions(first);
  const entries = all.filter(moved).filter(({ name }) => left.has(name));
  const { bytes: rest, needs } = makeRest(bytes, entries.map(({ name }) => name), all.filter((info, index) => !moved(info, index)));

  first.addTable(SLOTS, entries.length, entries.length);
  first.addTableExport(SLOTS, SLOTS);
  first.addFunctionImport("rest-load", "rest", "load", binaryen.none, binaryen.none);
  const slot = () => first.local.get(0, binaryen.i32);
  first.addFunction("rest-slot", binaryen.i32, binaryen.i32, [], first.block(null, [
    first.if(first.ref.is_null(first.table.get(SLOTS, slot(), binaryen.funcref)), first.call("rest-load", [], binaryen.none)),
    slot(),
  ], binaryen.i32));
  entries.forEach((info, index) => {
    const params = binaryen.expandType(info.params);
    const operands = params.map((type, local) => first.local.get(local, type));
    const target = first.call("rest-slot", [first.i32.const(index)], binaryen.i32);
    first.removeFunction(info.name);
    first.addFunction(info.name, info.params, info.results, [], first.call_indirect(SLOTS, target, operands, info.params, info.results));
  });
  for (const [kind, name, as] of needs) first[`add${kind}Export`](name, as);
  return { first: write(first, ["remove-unused-module-elements", "reorder-functions"]), rest };
}

/** The second part, and what it needs of the first: kind, name there, name of the export. */
function makeRest(bytes, entries, theirs) {
  const module = read(withoutData(bytes));
  const needs = [];
  const need = (kind, name) => {
    const as = `$${needs.length.toString(36)}`;
    needs.push([kind, name, as]);
    return [name, FIRST, as];
  };
  for (const name of list(module.getNumExports(), (index) => binaryen.getExportInfo(module.getExportByIndex(index)).name)) {
    module.removeExport(name);
  }
  const segments = list(module.getNumElementSegments(), (index) => binaryen.getElementSegmentInfo(module.getElementSegmentByIndex(index)));
  for (const { name } of segments) module.removeElementSegment(name);
  module.addTable(SLOTS, entries.length, entries.length);
  module.addTableImport(SLOTS, FIRST, SLOTS);
  module.addActiveElementSegment(SLOTS, "rest", entries);
  module.runPasses(["remove-unused-module-elements"]);
  const used = new Set(functions(module).map(({ name }) => name));
  for (const { name, params, results } of theirs) {
    if (!used.has(name)) continue;
    module.removeFunction(name);
    module.addFunctionImport(...need("Function", name), params, results);
  }
  const globals = list(module.getNumGlobals(), (index) => binaryen.getGlobalInfo(module.getGlobalByIndex(index)));
  for (const { name, type, mutable } of globals) module.addGlobalImport(...need("Global", name), type, mutable);
  const tables = list(module.getNumTables(), (index) => binaryen.getTableInfo(module.getTableByIndex(index)));
  for (const { name } of tables.filter(({ name }) => name !== SLOTS)) module.addTableImport(...need("Table", name));
  module.addMemoryImport(...need("Memory", "0"));
  return { bytes: write(module, ["remove-unused-module-elements"]), needs };
}

/** The binary without its sections of data: they are the first part's. */
function withoutData(bytes) {
  const DATA = 11;
  const DATA_COUNT = 12;
  const out = [bytes.subarray(0, 8)];
  for (let at = 8; at < bytes.length; ) {
    const id = bytes[at];
    let end = at + 1;
    let size = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[end++];
      size += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) break;
    }
    end += size;
    if (id !== DATA && id !== DATA_COUNT) out.push(bytes.subarray(at, end));
    at = end;
  }
  return Buffer.concat(out);
}
