//! Assigning variables.

use super::state::{Held, Variable};
use super::{Fatal, Shell};
use crate::shell::script::{Assignment, Dialect, Value, Word};
use std::collections::BTreeMap;
use std::rc::Rc;

impl Shell<'_> {
    /// Sets a variable, as an assignment does.
    ///
    /// # Errors
    /// If it is read-only; the message is out.
    pub(crate) fn set(&mut self, name: &str, value: &str) -> Result<(), Fatal> {
        self.writable(name, None)?;
        if self.state.variables.get(name).is_some_and(|variable| variable.integer) {
            let number = self.evaluate_text(value)?;
            self.state.put(name, &number.to_string());
            return Ok(());
        }
        if name == "OPTIND" {
            self.state.getopts = 0;
        }
        self.state.put(name, value);
        Ok(())
    }

    /// Refuses to change a read-only variable.
    pub(crate) fn writable(&mut self, name: &str, builtin: Option<&str>) -> Result<(), Fatal> {
        if !self.state.variables.get(name).is_some_and(|variable| variable.readonly) {
            return Ok(());
        }
        let message = match self.dialect {
            Dialect::Bash => format!("{name}: readonly variable"),
            _ => format!("{name}: is read only"),
        };
        Err(self.fatal(builtin, &message))
    }

    /// Sets an element of bash’s array, by the text of its index.
    pub(super) fn set_element(&mut self, name: &str, index: &str, value: &str, append: bool) -> Result<(), Fatal> {
        self.writable(name, None)?;
        let is_map = matches!(self.state.variables.get(name).map(|variable| &variable.value), Some(Held::Map(_)));
        let at = if is_map { 0 } else { self.evaluate_text(index)? };
        let variable = self.state.variable(name);
        if let Held::Map(elements) = &mut variable.value {
            let element = elements.entry(index.to_owned()).or_default();
            if !append {
                element.clear();
            }
            element.push_str(value);
            return Ok(());
        }
        let elements = array(variable);
        let at = if at < 0 { elements.keys().next_back().map_or(0, |last| last + 1) + at } else { at };
        let element = elements.entry(at).or_default();
        if !append {
            element.clear();
        }
        element.push_str(value);
        Ok(())
    }

    /// Performs an assignment; hands back the value, for the trace.
    pub(crate) async fn assign(&mut self, assignment: &Assignment) -> Result<String, Fatal> {
        let name = &*assignment.name;
        let value = match &assignment.value {
            Value::Scalar(word) => self.text(word).await?,
            Value::Array(elements) => return self.assign_array(assignment, elements).await.map(|()| String::new()),
        };
        if let Some(index) = &assignment.index {
            let index = self.text(index).await?;
            self.set_element(name, &index, &value, assignment.append)?;
            return Ok(value);
        }
        if assignment.append {
            let variable = self.state.variables.get(name);
            let joined = match variable {
                Some(Variable { integer: true, value: held, .. }) => {
                    format!("{}+({value})", held.text().unwrap_or("0"))
                }
                Some(variable) => variable.value.text().unwrap_or_default().to_owned() + &value,
                None => value,
            };
            self.set(name, &joined)?;
            return Ok(joined);
        }
        self.set(name, &value)?;
        Ok(value)
    }

    async fn assign_array(&mut self, assignment: &Assignment, elements: &[(Option<Word>, Word)]) -> Result<(), Fatal> {
        let name = &*assignment.name;
        self.writable(name, None)?;
        let mut values: Vec<(Option<String>, String)> = Vec::new();
        for (index, word) in elements {
            match index {
                Some(index) => {
                    let index = self.text(index).await?;
                    values.push((Some(index), self.text(word).await?));
                }
                None => {
                    let words = self.arguments(std::slice::from_ref(word)).await?;
                    values.extend(words.into_iter().map(|word| (None, word)));
                }
            }
        }
        if !assignment.append {
            let variable = self.state.variable(name);
            variable.value = match variable.value {
                Held::Map(_) => Held::Map(BTreeMap::new()),
                _ => Held::Array(BTreeMap::new()),
            };
        }
        let mut next = match self.state.variables.get(name).map(|variable| &variable.value) {
            Some(Held::Array(elements)) => elements.keys().next_back().map_or(0, |last| last + 1),
            Some(Held::Text(_)) => 1,
            _ => 0,
        };
        for (index, value) in values {
            let index = match index {
                Some(index) => {
                    if !matches!(self.state.variables.get(name).map(|v| &v.value), Some(Held::Map(_))) {
                        next = self.evaluate_text(&index)?;
                    }
                    index
                }
                None => next.to_string(),
            };
            self.set_element(name, &index, &value, false)?;
            next += 1;
        }
        if elements.is_empty() {
            array_or_map(self.state.variable(name));
        }
        Ok(())
    }

    /// Takes a variable away.
    pub(crate) fn unset(&mut self, name: &str) {
        Rc::make_mut(&mut self.state.variables).remove(name);
    }

    /// Remembers a variable so that it comes back when the function returns.
    pub(crate) fn make_local(&mut self, name: &str) {
        let old = self.state.variables.get(name).cloned();
        if let Some(locals) = self.state.locals.last_mut()
            && !locals.iter().any(|(local, _)| &**local == name)
        {
            locals.push((name.into(), old));
        }
    }

    /// Brings back what a function had made local.
    pub(super) fn restore_locals(&mut self) {
        let Some(locals) = self.state.locals.pop() else { return };
        let variables = Rc::make_mut(&mut self.state.variables);
        for (name, old) in locals.into_iter().rev() {
            match old {
                Some(variable) => variables.insert(name, variable),
                None => variables.remove(&name),
            };
        }
    }
}

fn array(variable: &mut Variable) -> &mut BTreeMap<i64, String> {
    if !matches!(variable.value, Held::Array(_)) {
        let first = variable.value.text().map(|text| (0, text.to_owned()));
        variable.value = Held::Array(first.into_iter().collect());
    }
    match &mut variable.value {
        Held::Array(elements) => elements,
        _ => unreachable!("made an array just above"),
    }
}

fn array_or_map(variable: &mut Variable) {
    if !matches!(variable.value, Held::Map(_)) {
        array(variable);
    }
}
