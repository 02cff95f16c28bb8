//! Where variables come from.

/// Something that knows variables by name.
pub trait Variables {
    /// The value of a name, if it is set.
    fn value(&self, name: &str) -> Option<&str>;
}

/// No variable is set.
#[derive(Debug, Clone, Copy)]
pub struct NoVariables;

impl Variables for NoVariables {
    fn value(&self, _: &str) -> Option<&str> {
        None
    }
}

/// Variables in the order they were first set, as an image's config holds them; setting a name again changes its value
/// and keeps its place.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EnvList(Vec<(String, String)>);

impl EnvList {
    /// No variables.
    pub fn new() -> Self {
        Self::default()
    }

    /// From `NAME=value` strings; one without `=` is empty.
    pub fn from_strings<'a>(strings: impl IntoIterator<Item = &'a str>) -> Self {
        let mut list = Self::new();
        for string in strings {
            let (name, value) = string.split_once('=').unwrap_or((string, ""));
            list.set(name, value);
        }
        list
    }

    /// Sets a variable.
    pub fn set(&mut self, name: &str, value: &str) {
        match self.0.iter_mut().find(|(known, _)| known == name) {
            Some(entry) => value.clone_into(&mut entry.1),
            None => self.0.push((name.to_owned(), value.to_owned())),
        }
    }

    /// The value of a name, if it is set.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Names and values in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The names in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }

    /// `NAME=value` strings in order.
    pub fn to_strings(&self) -> Vec<String> {
        self.0.iter().map(|(name, value)| format!("{name}={value}")).collect()
    }
}

impl Variables for EnvList {
    fn value(&self, name: &str) -> Option<&str> {
        self.get(name)
    }
}
