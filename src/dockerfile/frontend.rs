//! Which Dockerfile frontend reads the file: Docker's built-in one, or the one that a `# syntax=` line names.
//!
//! It decides which flags exist. A real build would fetch a named frontend; here only what its version knows counts.

/// A Dockerfile frontend, by what it knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Frontend {
    /// Docker 28's own (1.19), or an older or equal version of `docker/dockerfile`.
    #[default]
    BuiltIn,
    /// `docker/dockerfile` 1.20 or newer: `COPY --parents` and `RUN --security` became stable.
    Newer,
    /// A `labs` version, or a frontend that is not Docker's: everything may be there.
    Labs,
}

impl Frontend {
    /// The frontend that the value of a `# syntax=` line names.
    pub fn named(syntax: &str) -> Self {
        let image = syntax.split([' ', '@']).next().unwrap_or("");
        let image = image.strip_prefix("docker.io/").unwrap_or(image);
        let (repository, tag) = match image.rsplit_once(':') {
            Some((repository, tag)) if !tag.contains('/') => (repository, tag),
            _ => (image, "latest"),
        };
        match repository {
            "docker/dockerfile-upstream" => Self::Labs,
            "docker/dockerfile" => {
                if tag.contains("labs") {
                    return Self::Labs;
                }
                let mut numbers = tag.split('.').map(|part| part.parse::<u32>());
                match (numbers.next(), numbers.next()) {
                    // No minor version: the newest one.
                    (Some(Ok(1)), None) | (Some(Err(_)), _) | (None, _) => Self::Newer,
                    (Some(Ok(1)), Some(Ok(minor))) if minor < 20 => Self::BuiltIn,
                    (Some(Ok(0)), _) => Self::BuiltIn,
                    _ => Self::Newer,
                }
            }
            _ => Self::Labs,
        }
    }
}
