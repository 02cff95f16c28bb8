//! `export`, `readonly`, `local`, `unset`, and bash's `declare`.

use super::Ended;
use crate::shell::interpreter::{Held, Shell, Variable, is_name, quoted, single_quoted};
use crate::shell::script::Dialect;
use std::collections::BTreeMap;
use std::rc::Rc;

/// What a declaration gives a variable.
#[derive(Clone, Copy, Default)]
struct Attributes {
    exported: Option<bool>,
    readonly: bool,
    integer: bool,
    array: bool,
    map: bool,
}

pub(super) fn export(shell: &mut Shell<'_>, args: &[String]) -> Ended {
    let mut names = &args[1..];
    let mut exported = true;
    while let Some(option) = names.first().filter(|arg| arg.starts_with('-') && arg.len() > 1) {
        match option.as_str() {
            "--" => {}
            "-p" => {}
            "-n" if shell.dialect != Dialect::Dash => exported = false,
            "-f" if shell.dialect == Dialect::Bash => return shell.unmodelled("export", "option -f"),
            _ => return shell.unmodelled("export", &format!("option {option}")),
        }
        names = &names[1..];
    }
    if names.is_empty() {
        return list(shell, "export", |variable| variable.exported);
    }
    each(shell, "export", names, Attributes { exported: Some(exported), ..Attributes::default() })
}

pub(super) fn readonly(shell: &mut Shell<'_>, args: &[String]) -> Ended {
    let names: Vec<String> = args[1..].iter().filter(|arg| *arg != "-p" && *arg != "--").cloned().collect();
    if names.is_empty() {
        return list(shell, "readonly", |variable| variable.readonly);
    }
    each(shell, "readonly", &names, Attributes { readonly: true, ..Attributes::default() })
}

/// All variables of a kind, as a script that declares them again.
fn list(shell: &mut Shell<'_>, word: &str, wanted: fn(&Variable) -> bool) -> Ended {
    let mut text = String::new();
    for (name, variable) in shell.state.variables.iter().filter(|(_, variable)| wanted(variable)) {
        let value = variable.value.text();
        text.push_str(&match (shell.dialect, value) {
            (Dialect::Bash, value) => {
                let flags = if variable.readonly { "r" } else { "" };
                let flags = if variable.exported { format!("{flags}x") } else { flags.to_owned() };
                let value = value.map_or_else(String::new, |value| format!("={}", double_quoted(value)));
                format!("declare -{flags} {name}{value}\n")
            }
            (_, Some(value)) => format!("{word} {name}={}\n", single_quoted(value)),
            (_, None) => format!("{word} {name}\n"),
        });
    }
    shell.say(1, &text);
    shell.end(0)
}

fn double_quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        if "\"\\$`".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out.push('"');
    out
}

/// Declares names, each with a value or not.
fn each(shell: &mut Shell<'_>, builtin: &str, names: &[String], attributes: Attributes) -> Ended {
    let mut status = 0;
    for arg in names {
        let (name, value) = arg.split_once('=').map_or((arg.as_str(), None), |(name, value)| (name, Some(value)));
        let (name, append) = match name.strip_suffix('+') {
            Some(name) if shell.dialect == Dialect::Bash && value.is_some() => (name, true),
            _ => (name, false),
        };
        if !is_name(name) {
            let (text, code) = match shell.dialect {
                Dialect::Bash => (format!("`{arg}': not a valid identifier"), 1),
                _ => (format!("{name}: bad variable name"), 2),
            };
            shell.refuse(builtin, &text, code)?;
            status = code;
            continue;
        }
        if value.is_some() || attributes.map || attributes.array {
            let told = (shell.dialect != Dialect::Bash).then_some(builtin);
            if shell.writable(name, told).is_err() {
                if shell.dialect != Dialect::Bash {
                    return Err(crate::shell::interpreter::Fatal);
                }
                status = 1;
                continue;
            }
        }
        let variable = shell.state.variable(name);
        variable.exported = attributes.exported.unwrap_or(variable.exported);
        variable.integer |= attributes.integer;
        if attributes.map && !matches!(variable.value, Held::Map(_)) {
            variable.value = Held::Map(BTreeMap::new());
        } else if attributes.array && !matches!(variable.value, Held::Array(_) | Held::Map(_)) {
            let first = variable.value.text().map(|text| (0, text.to_owned()));
            variable.value = Held::Array(first.into_iter().collect());
        }
        // `x=` of an array is the interpreter’s: it assigns the elements after this.
        if let Some(value) = value
            && !(value.is_empty() && (attributes.map || attributes.array))
        {
            shell.trace_head(&format!("{name}={}", quoted(value, Dialect::Bash)));
            let value =
                if append { shell.state.get(name).unwrap_or_default().to_owned() + value } else { value.to_owned() };
            shell.set(name, &value)?;
        }
        if attributes.readonly {
            shell.state.variable(name).readonly = true;
        }
    }
    shell.end(status)
}

/// `declare -F`: which functions there are.
fn function_names(shell: &mut Shell<'_>, names: &[String]) -> Ended {
    let mut status = 0;
    let mut text = String::new();
    if names.is_empty() {
        text = shell.state.functions.keys().map(|name| format!("declare -f {name}\n")).collect();
    }
    for name in names {
        match shell.state.functions.contains_key(name.as_str()) {
            true => text.push_str(&format!("{name}\n")),
            false => status = 1,
        }
    }
    shell.say(1, &text);
    shell.end(status)
}

/// `declare -p NAME…`: each as the command that declares it.
fn print_names(shell: &mut Shell<'_>, builtin: &str, names: &[String]) -> Ended {
    let mut status = 0;
    for name in names {
        let Some(variable) = shell.state.variables.get(name.as_str()) else {
            shell.complain(Some(builtin), &format!("{name}: not found"));
            status = 1;
            continue;
        };
        let mut flags = String::new();
        let kinds = [
            (matches!(variable.value, Held::Array(_)), 'a'),
            (matches!(variable.value, Held::Map(_)), 'A'),
            (variable.integer, 'i'),
            (variable.readonly, 'r'),
            (variable.exported, 'x'),
        ];
        flags.extend(kinds.iter().filter(|(on, _)| *on).map(|(_, letter)| *letter));
        if flags.is_empty() {
            flags.push('-');
        }
        let elements = |elements: Vec<(String, &String)>| -> String {
            let shown: Vec<String> =
                elements.iter().map(|(key, value)| format!("[{key}]={}", double_quoted(value))).collect();
            shown.join(" ")
        };
        let value = match &variable.value {
            Held::Nothing => String::new(),
            Held::Text(text) => format!("={}", double_quoted(text)),
            Held::Array(array) => format!("=({})", elements(array.iter().map(|(i, v)| (i.to_string(), v)).collect())),
            // bash's order is that of a hash table.
            Held::Map(map) => format!("=({} )", elements(map.iter().map(|(k, v)| (k.clone(), v)).collect())),
        };
        let line = format!("declare -{flags} {name}{value}\n");
        shell.say(1, &line);
    }
    shell.end(status)
}

pub(super) fn local(shell: &mut Shell<'_>, args: &[String]) -> Ended {
    if shell.state.locals.is_empty() {
        return match shell.dialect {
            Dialect::Bash => shell.refuse("local", "can only be used in a function", 1),
            _ => {
                shell.complain(Some("local"), "not in a function");
                shell.state.status = 2;
                Err(crate::shell::interpreter::Fatal)
            }
        };
    }
    declared(shell, args, true)
}

pub(super) fn declare(shell: &mut Shell<'_>, args: &[String]) -> Ended {
    let inside = !shell.state.locals.is_empty();
    declared(shell, args, inside)
}

fn declared(shell: &mut Shell<'_>, args: &[String], local: bool) -> Ended {
    let mut attributes = Attributes::default();
    let mut names = &args[1..];
    let (mut global, mut print, mut functions) = (false, false, false);
    if shell.dialect == Dialect::Bash {
        while let Some(option) = names.first().filter(|arg| arg.len() > 1 && arg.starts_with(['-', '+'])) {
            let on = option.starts_with('-');
            for letter in option[1..].chars() {
                match letter {
                    '-' => {}
                    'x' => attributes.exported = Some(on),
                    'r' => attributes.readonly = on,
                    'i' => attributes.integer = on,
                    'a' => attributes.array = on,
                    'A' => attributes.map = on,
                    'g' => global = true,
                    'p' => print = true,
                    'F' => functions = true,
                    _ => return shell.unmodelled(&args[0].clone(), &format!("option -{letter}")),
                }
            }
            names = &names[1..];
        }
    }
    if functions {
        return function_names(shell, names);
    }
    if print && !names.is_empty() {
        return print_names(shell, &args[0].clone(), names);
    }
    if print || names.is_empty() {
        return shell.unmodelled(&args[0].clone(), "printing declarations");
    }
    for arg in names.iter().filter(|_| local && !global) {
        let name = arg.split('=').next().unwrap_or(arg).trim_end_matches('+');
        if !is_name(name) {
            continue;
        }
        shell.make_local(name);
        // dash keeps the value it had, the others begin without one.
        if shell.dialect != Dialect::Dash {
            let exported = shell.state.variables.get(name).is_some_and(|variable| variable.exported);
            let variable = Variable { exported, ..Variable::default() };
            Rc::make_mut(&mut shell.state.variables).insert(name.into(), variable);
        }
    }
    each(shell, &args[0].clone(), names, attributes)
}

pub(super) fn unset(shell: &mut Shell<'_>, args: &[String]) -> Ended {
    let (mut functions, mut variables) = (false, false);
    let mut status = 0;
    for name in &args[1..] {
        match name.as_str() {
            "-f" => functions = true,
            "-v" => variables = true,
            "--" => {}
            name if functions => {
                Rc::make_mut(&mut shell.state.functions).remove(name);
            }
            name => {
                if let Some((array, index)) = name.strip_suffix(']').and_then(|name| name.split_once('['))
                    && shell.dialect == Dialect::Bash
                {
                    unset_element(shell, array, index)?;
                    continue;
                }
                if !is_name(name) {
                    let (text, code) = match shell.dialect {
                        Dialect::Bash => (format!("`{name}': not a valid identifier"), 1),
                        _ => (format!("{name}: bad variable name"), 2),
                    };
                    shell.refuse("unset", &text, code)?;
                    status = code;
                    continue;
                }
                if shell.state.variables.get(name).is_some_and(|variable| variable.readonly) {
                    let (text, code) = match shell.dialect {
                        Dialect::Bash => (format!("{name}: cannot unset: readonly variable"), 1),
                        _ => (format!("{name}: is read only"), 2),
                    };
                    shell.refuse("unset", &text, code)?;
                    status = code;
                    continue;
                }
                let known = shell.state.variables.contains_key(name);
                shell.unset(name);
                if !known && !variables && shell.dialect == Dialect::Bash {
                    Rc::make_mut(&mut shell.state.functions).remove(name);
                }
            }
        }
    }
    shell.end(status)
}

fn unset_element(shell: &mut Shell<'_>, name: &str, index: &str) -> Result<(), crate::shell::interpreter::Fatal> {
    let is_map = matches!(shell.state.variables.get(name).map(|variable| &variable.value), Some(Held::Map(_)));
    let at = if is_map { 0 } else { shell.evaluate_text(index)? };
    match &mut shell.state.variable(name).value {
        Held::Map(elements) => {
            elements.remove(index);
        }
        Held::Array(elements) => {
            elements.remove(&at);
        }
        _ => {}
    }
    Ok(())
}
