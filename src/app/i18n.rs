//! All visible text: messages of the Fluent files static/locales/en.ftl and ko.ftl, by key.
//!
//! Both files are part of the module, so that a switch of the language needs no request. A message may hold `` `code` ``
//! and `**bold**`; [`I18n::rich`] draws them. Lacks any formatting of sizes: those are Docker's, the same in every
//! language (`view::size`).

use crate::view::state::Language;
use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use std::rc::Rc;
use yew::prelude::*;

const EN: &str = include_str!("../../static/locales/en.ftl");
const KO: &str = include_str!("../../static/locales/ko.ftl");

/// The messages of one language. Cheap to clone; given to components as a context.
#[derive(Clone)]
pub struct I18n(Rc<Inner>);

struct Inner {
    language: Language,
    bundle: FluentBundle<FluentResource>,
}

impl PartialEq for I18n {
    fn eq(&self, other: &Self) -> bool {
        self.0.language == other.0.language
    }
}

impl std::fmt::Debug for I18n {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "I18n({:?})", self.0.language)
    }
}

/// An argument of a message.
#[derive(Debug, Clone, PartialEq)]
pub enum Arg {
    /// Text, put in as it is.
    Text(String),
    /// A number, by which a message may choose its plural.
    Number(u64),
}

impl From<&str> for Arg {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Arg {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<u32> for Arg {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<u64> for Arg {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}

/// Stands for a backtick that came with an argument, so that it is not taken for markup.
const BACKTICK: char = '\u{E000}';
/// Stands for an argument's asterisk.
const ASTERISK: char = '\u{E001}';

impl I18n {
    /// The messages of a language.
    pub fn new(language: Language) -> Self {
        let source = match language {
            Language::En => EN,
            Language::Ko => KO,
        };
        let tag = language.tag().parse().unwrap_or_default();
        let mut bundle = FluentBundle::new(vec![tag]);
        // No bidirectional marks around arguments: both languages run from left to right, and the marks would be
        // copied with the text.
        bundle.set_use_isolating(false);
        // What cannot be parsed is left out, and said by the test below.
        let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(resource, _)| resource);
        bundle.add_resource_overriding(resource);
        Self(Rc::new(Inner { language, bundle }))
    }

    /// The language.
    pub fn language(&self) -> Language {
        self.0.language
    }

    /// Is there such a message?
    pub fn has(&self, key: &str) -> bool {
        self.0.bundle.has_message(key)
    }

    /// A message without arguments.
    pub fn t(&self, key: &str) -> String {
        self.f(key, &[])
    }

    /// A message with arguments, its markup left out.
    pub fn f(&self, key: &str, args: &[(&str, Arg)]) -> String {
        restore(&self.pattern(key, args).replace(['`', '*'], ""))
    }

    /// A message with its markup drawn.
    pub fn rich(&self, key: &str, args: &[(&str, Arg)]) -> Html {
        bold(&self.pattern(key, args))
    }

    /// A message with its markup left in it, for the editor, which draws backticks itself.
    pub fn marked(&self, key: &str, args: &[(&str, Arg)]) -> String {
        restore(&self.pattern(key, args))
    }

    fn pattern(&self, key: &str, args: &[(&str, Arg)]) -> String {
        let bundle = &self.0.bundle;
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
            // Shown rather than hidden: a test proves that no key of the code is missing.
            return key.to_owned();
        };
        let mut fluent = FluentArgs::new();
        for (name, arg) in args {
            match arg {
                Arg::Text(text) => {
                    let text = text.replace('`', &BACKTICK.to_string()).replace('*', &ASTERISK.to_string());
                    fluent.set(*name, FluentValue::from(text));
                }
                Arg::Number(number) => fluent.set(*name, FluentValue::from(*number)),
            }
        }
        bundle.format_pattern(pattern, Some(&fluent), &mut Vec::new()).into_owned()
    }
}

fn restore(text: &str) -> String {
    text.replace(BACKTICK, "`").replace(ASTERISK, "*")
}

fn bold(text: &str) -> Html {
    text.split("**")
        .enumerate()
        .map(|(i, part)| {
            if i % 2 == 1 {
                html! { <b>{ code(part) }</b> }
            } else {
                code(part)
            }
        })
        .collect()
}

fn code(text: &str) -> Html {
    text.split('`')
        .enumerate()
        .filter(|(_, part)| !part.is_empty())
        .map(|(i, part)| {
            let part = restore(part);
            if i % 2 == 1 {
                html! { <code>{ part }</code> }
            } else {
                html! { { part } }
            }
        })
        .collect()
}

/// The messages of the page's language.
#[hook]
pub fn use_i18n() -> I18n {
    use_context::<I18n>().unwrap_or_else(|| I18n::new(Language::default()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use fluent_syntax::ast;
    use std::collections::{BTreeMap, BTreeSet};

    /// Keys and the arguments that they use.
    fn messages(source: &str) -> BTreeMap<String, BTreeSet<String>> {
        let resource = match fluent_syntax::parser::parse(source) {
            Ok(resource) => resource,
            Err((_, errors)) => panic!("{errors:?}"),
        };
        let mut found = BTreeMap::new();
        for entry in &resource.body {
            if let ast::Entry::Message(message) = entry {
                let mut arguments = BTreeSet::new();
                if let Some(pattern) = &message.value {
                    of_pattern(pattern, &mut arguments);
                }
                let before = found.insert(message.id.name.to_owned(), arguments);
                assert!(before.is_none(), "{} is there twice", message.id.name);
            }
        }
        found
    }

    fn of_pattern(pattern: &ast::Pattern<&str>, found: &mut BTreeSet<String>) {
        for element in &pattern.elements {
            if let ast::PatternElement::Placeable { expression } = element {
                of_expression(expression, found);
            }
        }
    }

    fn of_expression(expression: &ast::Expression<&str>, found: &mut BTreeSet<String>) {
        match expression {
            ast::Expression::Inline(inline) => of_inline(inline, found),
            ast::Expression::Select { selector, variants } => {
                of_inline(selector, found);
                for variant in variants {
                    of_pattern(&variant.value, found);
                }
            }
        }
    }

    fn of_inline(inline: &ast::InlineExpression<&str>, found: &mut BTreeSet<String>) {
        match inline {
            ast::InlineExpression::VariableReference { id } => {
                found.insert(id.name.to_owned());
            }
            ast::InlineExpression::Placeable { expression } => of_expression(expression, found),
            _ => {}
        }
    }

    #[test]
    fn both_languages_say_the_same_things() {
        let (en, ko) = (messages(EN), messages(KO));
        let keys = |of: &BTreeMap<String, BTreeSet<String>>| of.keys().cloned().collect::<BTreeSet<_>>();
        assert_eq!(keys(&en).difference(&keys(&ko)).collect::<Vec<_>>(), Vec::<&String>::new(), "only in en.ftl");
        assert_eq!(keys(&ko).difference(&keys(&en)).collect::<Vec<_>>(), Vec::<&String>::new(), "only in ko.ftl");
        let differ: Vec<_> = en.iter().filter(|(key, arguments)| ko.get(*key) != Some(*arguments)).collect();
        assert!(differ.is_empty(), "their arguments differ: {differ:?}");
    }

    /// Keys that the code puts together at run time.
    const COMPOSED: [&str; 3] = ["diagnostic-", "about-", "flag-"];

    /// String literals that look like a key, of a function call's first argument or of a match's arm.
    fn literals(source: &str) -> BTreeSet<String> {
        source
            .split('"')
            .skip(1)
            .step_by(2)
            .filter(|text| text.contains('-') || text.len() > 2)
            .filter(|text| text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'))
            .map(str::to_owned)
            .collect()
    }

    fn sources(dir: &std::path::Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, found);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                found.push(std::fs::read_to_string(path).unwrap());
            }
        }
    }

    #[test]
    fn every_key_of_the_code_exists_and_every_message_is_used() {
        let mut files = Vec::new();
        sources(std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src/app")), &mut files);
        let known = messages(EN);
        let mut used = BTreeSet::new();
        for file in &files {
            for call in [".t(\"", ".f(\"", ".rich(\"", ".marked(\""] {
                for part in file.split(call).skip(1) {
                    let key = part.split('"').next().unwrap();
                    assert!(known.contains_key(key), "no message {key:?}");
                }
            }
            used.extend(literals(file));
        }
        let unused: Vec<_> = known
            .keys()
            .filter(|key| !used.contains(*key) && !COMPOSED.iter().any(|start| key.starts_with(start)))
            .collect();
        assert_eq!(unused, Vec::<&String>::new(), "messages that nothing uses");
    }

    #[test]
    fn messages_of_diagnostics_belong_to_a_code_and_use_its_data() {
        use crate::diagnostic::{ExpansionError, Finding, InstructionError, LexError, StageError};
        let codes = [
            LexError::CODES,
            InstructionError::CODES,
            ExpansionError::CODES,
            StageError::CODES,
            Finding::CODES,
            crate::diagnostic::BuildError::CODES,
            crate::diagnostic::Lesson::CODES,
            &["modelled", "not-simulated", "placeholder"],
        ]
        .concat();
        for key in messages(EN).keys() {
            if let Some(code) = key.strip_prefix("diagnostic-") {
                assert!(codes.contains(&code), "no diagnostic has the code {code}");
            }
        }
    }

    #[test]
    fn plurals_and_arguments() {
        let en = I18n::new(Language::En);
        assert_eq!(en.f("layers-count", &[("n", 1_u32.into())]), "1 layer");
        assert_eq!(en.f("layers-count", &[("n", 7_u32.into())]), "7 layers");
        let ko = I18n::new(Language::Ko);
        assert_eq!(ko.f("layers-count", &[("n", 7_u32.into())]), "레이어 7개");
    }
}
