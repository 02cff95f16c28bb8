// The colours of a Dockerfile's words: instructions, flags, variables, strings, here-documents, and the shell inside RUN.
//
// A line-by-line tokenizer for CodeMirror, so that a keystroke colours only what follows it on screen. It lacks any
// judgement: what is wrong is the engine's to say. Rules of lines, continuations and here-documents are BuildKit's.
import { StreamLanguage } from "@codemirror/language";
import { tags } from "@lezer/highlight";

/** Instructions whose arguments a shell reads, unless they are a JSON array. */
const SHELL = new Set(["RUN", "CMD", "ENTRYPOINT"]);
/** Instructions that may have here-documents. */
const HEREDOCS = new Set(["RUN", "COPY", "ADD"]);
const RESERVED = /^(?:if|then|elif|else|fi|for|in|do|done|while|until|case|esac|function|!|\{|\})(?=[\s;]|$)/;
const VARIABLE = /^\$(?:\{[^}\s]*\}?|[A-Za-z_]\w*|[0-9@*#?$!-])/;

const fresh = () => ({
  escape: "\\",
  top: true, // directives may still come
  goesOn: false, // this line goes on with the one before
  instruction: "",
  head: false, // flags may still come
  shell: false,
  command: false, // the next word is a command
  quote: "",
  waiting: [], // here-documents that begin after this line
  body: null, // the here-document whose text this is
});

/** What a line's first character says, before any of it is read. */
function startOfLine(stream, state) {
  const line = stream.string;
  if (!state.goesOn && !state.body && state.waiting.length) state.body = state.waiting.shift();
  if (state.body) {
    const text = state.body.strip ? line.replace(/^\t+/, "") : line;
    if (text === state.body.name) {
      state.body = state.waiting.shift() ?? null;
      state.quote = "";
      if (!state.body) state.instruction = "";
      return stream.skipToEnd(), "heredoc";
    }
    state.command = true;
    return undefined;
  }
  if (/^\s*#/.test(line)) {
    const directive = !state.top ? null : /^\s*#\s*(syntax|escape|check)\s*=\s*(\S*)/i.exec(line);
    if (directive?.[1].toLowerCase() === "escape" && directive[2] === "`") state.escape = "`";
    if (!directive) state.top = false;
    return stream.skipToEnd(), directive ? "directive" : "comment";
  }
  if (/^\s*$/.test(line)) {
    state.top = false;
    return stream.skipToEnd(), null;
  }
  state.top = false;
  if (!state.goesOn) Object.assign(state, { instruction: "", head: false, shell: false, command: false, quote: "" });
  state.goesOn = line.trimEnd().endsWith(state.escape);
  return undefined;
}

function keyword(stream, state) {
  const word = stream.match(/^[A-Za-z]+/);
  if (!word) return stream.next(), null;
  const name = word[0].toUpperCase();
  // The instruction that an ONBUILD holds, and the command of a HEALTHCHECK, follow as instructions of their own.
  state.instruction = name === "ONBUILD" ? "" : name;
  state.head = true;
  state.shell = SHELL.has(name) && !/^\s*\[/.test(stream.string.slice(stream.pos));
  state.command = state.shell;
  return "keyword";
}

/** Text up to the closing quote, the next variable or the line's end. */
function quoted(stream, state) {
  if (state.quote === '"' && stream.match(VARIABLE)) return "variableName";
  while (!stream.eol()) {
    if (state.quote === '"' && VARIABLE.test(stream.string.slice(stream.pos)) && stream.pos > stream.start) return "string";
    const next = stream.next();
    if (next === "\\" && state.quote === '"') stream.next();
    else if (next === state.quote) {
      state.quote = "";
      break;
    }
  }
  return "string";
}

function shellWord(stream, state) {
  if (stream.peek() === "#") return stream.skipToEnd(), "comment";
  if (stream.match(/^(?:&&|\|\||;;|[;|&()])/)) {
    state.command = true;
    return "operator";
  }
  if (stream.match(/^\d*(?:>>|>\||>&|<&|[<>])/)) return "operator";
  if (state.command && stream.match(RESERVED)) return "reserved";
  if (state.command && stream.match(/^[A-Za-z_]\w*=/)) return "propertyName";
  stream.match(/^(?:\\.|[^\s"'$;|&()<>\\])+/) || stream.next();
  if (!state.command) return null;
  state.command = false;
  return "command";
}

function token(stream, state) {
  if (stream.sol()) {
    const whole = startOfLine(stream, state);
    if (whole !== undefined) return whole;
  }
  const inBody = state.body !== null;
  if (inBody && !state.body.shell) return stream.skipToEnd(), "string";
  if (state.quote) return quoted(stream, state);
  if (stream.eatSpace()) return null;
  if (!inBody && !state.instruction) return keyword(stream, state);
  if (!inBody && stream.peek() === state.escape && /^.\s*$/.test(stream.string.slice(stream.pos))) return stream.skipToEnd(), "escape";
  if (state.head && stream.match(/^--[a-z][a-z-]*/)) return "attributeName";
  if (state.head && stream.pos > 0 && /\S/.test(stream.string[stream.pos - 1])) {
    // The value of a flag.
    if (stream.match(/^=?[^\s$]+/)) return "attributeValue";
  } else if (state.head && stream.peek() !== "$") {
    state.head = false;
  }
  if (stream.match(VARIABLE)) {
    state.command = false;
    return "variableName";
  }
  const heredoc = !inBody && HEREDOCS.has(state.instruction) && stream.match(/^<<(-?)(["']?)([A-Za-z_]\w*)\2/);
  if (heredoc) {
    const shell = state.instruction === "RUN";
    state.waiting.push({ strip: heredoc[1] === "-", name: heredoc[3], shell });
    return "heredoc";
  }
  const quote = stream.match(/^["']/);
  if (quote) {
    state.quote = quote[0];
    state.command = false;
    return "string";
  }
  if (state.shell || inBody) return shellWord(stream, state);
  if (state.instruction === "HEALTHCHECK" && stream.match(/^(?:CMD|NONE)\b/i)) {
    state.shell = state.command = !/^\s*\[/.test(stream.string.slice(stream.pos));
    return "keyword";
  }
  if (state.instruction === "FROM" && stream.match(/^AS\b/i)) return "keyword";
  if (/ENV|LABEL|ARG/.test(state.instruction) && stream.match(/^[\w.-]+(?==)/)) return "propertyName";
  stream.match(/^(?:\\.|[^\s"'$\\])+/) || stream.next();
  return null;
}

export const dockerfile = StreamLanguage.define({
  name: "dockerfile",
  startState: fresh,
  copyState: (state) => ({ ...state, waiting: [...state.waiting] }),
  token,
  tokenTable: {
    heredoc: tags.labelName,
    directive: tags.meta,
    reserved: tags.controlKeyword,
    command: tags.function(tags.variableName),
    escape: tags.escape,
    operator: tags.operator,
  },
  languageData: { commentTokens: { line: "#" } },
});

/** .dockerignore: patterns, and comments. */
export const ignore = StreamLanguage.define({
  name: "dockerignore",
  token(stream) {
    if (stream.sol() && stream.match(/^\s*#/)) return stream.skipToEnd(), "comment";
    return stream.match(/^!/) ? "operator" : (stream.match(/^[^*?!#]+/) || stream.next(), null);
  },
  languageData: { commentTokens: { line: "#" } },
});
