//! The image config: the JSON document whose digest is the image's ID (OCI image-spec, config.md, with Docker's
//! additions: Healthcheck, OnBuild, Shell).
//!
//! Fields are written in BuildKit's order, the outermost ones sorted as its exporter sorts them; empty ones are left out.
//! Fields that this does not name are kept as they came, so that an imported config loses nothing.

use crate::digest::Digest;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// The `PATH` of an image that sets none, as BuildKit gives it to `FROM scratch` (`system.DefaultPathEnvUnix`).
pub const DEFAULT_PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// The image config.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ImageConfig {
    /// The processor: `amd64`.
    #[serde(default = "amd64")]
    pub architecture: String,
    /// Who made the image: MAINTAINER.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// What a container starts with.
    #[serde(default, deserialize_with = "or_default")]
    pub config: ContainerConfig,
    /// When, as RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<String>,
    /// One row for each instruction, oldest first.
    #[serde(default, deserialize_with = "or_default")]
    pub history: Vec<History>,
    /// The operating system: `linux`.
    #[serde(default = "linux")]
    pub os: String,
    /// The layers.
    pub rootfs: RootFs,
    /// The rest of an imported config.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// What a container starts with (`config`).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ContainerConfig {
    /// `USER`: name or number, with `:group`.
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "String::is_empty")]
    pub user: String,
    /// `EXPOSE`: `80/tcp`.
    #[serde(default, with = "set", skip_serializing_if = "BTreeSet::is_empty")]
    pub exposed_ports: BTreeSet<String>,
    /// `ENV`: `NAME=value`, in order.
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "Vec::is_empty")]
    pub env: Vec<String>,
    /// `ENTRYPOINT`, as a command and its arguments.
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "Vec::is_empty")]
    pub entrypoint: Vec<String>,
    /// `CMD`, as a command and its arguments.
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "Vec::is_empty")]
    pub cmd: Vec<String>,
    /// `VOLUME`: paths.
    #[serde(default, with = "set", skip_serializing_if = "BTreeSet::is_empty")]
    pub volumes: BTreeSet<String>,
    /// `WORKDIR`.
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "String::is_empty")]
    pub working_dir: String,
    /// `LABEL`.
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
    /// `STOPSIGNAL`.
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "String::is_empty")]
    pub stop_signal: String,
    /// The command is a whole command line already: set by a shell-form CMD or ENTRYPOINT.
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "is_false")]
    pub args_escaped: bool,
    /// `HEALTHCHECK`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub healthcheck: Option<Healthcheck>,
    /// `ONBUILD`: instructions for whoever builds on this.
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "Vec::is_empty")]
    pub on_build: Vec<String>,
    /// `SHELL`.
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "Vec::is_empty")]
    pub shell: Vec<String>,
    /// The rest of an imported config (`Hostname`, `Tty` …).
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// `HEALTHCHECK`; durations in nanoseconds, 0 is inherited.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Healthcheck {
    /// `["NONE"]`, `["CMD", …]` or `["CMD-SHELL", line]`.
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "Vec::is_empty")]
    pub test: Vec<String>,
    /// `--interval`.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub interval: i64,
    /// `--timeout`.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub timeout: i64,
    /// `--start-period`.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub start_period: i64,
    /// `--start-interval`.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub start_interval: i64,
    /// `--retries`.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub retries: i64,
}

/// The layers of an image (`rootfs`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RootFs {
    /// Always `layers`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The diff IDs, lowest layer first.
    #[serde(default, deserialize_with = "or_default")]
    pub diff_ids: Vec<Digest>,
}

impl Default for RootFs {
    fn default() -> Self {
        Self { kind: "layers".to_owned(), diff_ids: Vec::new() }
    }
}

/// One row of `docker history`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    /// When, as RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<String>,
    /// The instruction, as Docker words it.
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "String::is_empty")]
    pub created_by: String,
    /// Who.
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "String::is_empty")]
    pub author: String,
    /// `buildkit.dockerfile.v0` for what BuildKit built.
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "String::is_empty")]
    pub comment: String,
    /// True for a row without a layer.
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "is_false")]
    pub empty_layer: bool,
}

impl ImageConfig {
    /// What `FROM scratch` starts from: BuildKit sets `PATH` and the working directory.
    pub fn scratch() -> Self {
        let config = ContainerConfig {
            env: vec![format!("PATH={DEFAULT_PATH}")],
            working_dir: "/".to_owned(),
            ..ContainerConfig::default()
        };
        Self {
            architecture: amd64(),
            author: None,
            config,
            created: None,
            history: Vec::new(),
            os: linux(),
            rootfs: RootFs::default(),
            other: Map::new(),
        }
    }

    /// The document, without spaces, as it is stored and digested.
    pub fn to_json(&self) -> String {
        match serde_json::to_value(self) {
            Ok(Value::Object(mut fields)) => {
                fields.sort_keys();
                go_escaped(&Value::Object(fields).to_string())
            }
            _ => String::new(),
        }
    }
}

impl ContainerConfig {
    /// The value of a variable in `env`.
    pub fn env_value(&self, name: &str) -> Option<&str> {
        self.env.iter().find_map(|line| line.strip_prefix(name)?.strip_prefix('='))
    }
}

/// JSON with what Go's encoder escapes in strings: `<`, `>`, `&` and the two line separators.
pub fn go_escaped(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        match c {
            '<' => out.push_str("\\u003c"),
            '>' => out.push_str("\\u003e"),
            '&' => out.push_str("\\u0026"),
            '\u{2028}' => out.push_str("\\u2028"),
            '\u{2029}' => out.push_str("\\u2029"),
            c => out.push(c),
        }
    }
    out
}

fn amd64() -> String {
    "amd64".to_owned()
}

fn linux() -> String {
    "linux".to_owned()
}

fn is_false(flag: &bool) -> bool {
    !flag
}

fn is_zero(number: &i64) -> bool {
    *number == 0
}

/// Docker writes `null` where it has no list.
fn or_default<'de, D: Deserializer<'de>, T: Default + Deserialize<'de>>(from: D) -> Result<T, D::Error> {
    Ok(Option::deserialize(from)?.unwrap_or_default())
}

/// A set of names, written as an object of empty objects as Go's `map[string]struct{}` is.
mod set {
    use super::{BTreeMap, BTreeSet, Deserialize, Deserializer, Serializer, Value, or_default};

    pub fn serialize<S: Serializer>(set: &BTreeSet<String>, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(set.iter().map(|name| (name, BTreeMap::<String, Value>::new())))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<BTreeSet<String>, D::Error> {
        struct Null;
        impl<'de> Deserialize<'de> for Null {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                Value::deserialize(from).map(|_| Null)
            }
        }
        let names: BTreeMap<String, Null> = or_default(from)?;
        Ok(names.into_keys().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The config that Docker 28 writes for an imported root filesystem.
    const IMPORTED: &str = r#"{"architecture":"amd64","comment":"Imported from -","config":{"Hostname":"","Domainname":"","User":"","AttachStdin":false,"Env":null,"Cmd":["sh"],"Image":"","Volumes":null,"WorkingDir":"","Entrypoint":null,"OnBuild":null,"Labels":null},"container_config":{"Hostname":"","Cmd":null},"created":"2026-11-24T02:39:26.995506678Z","docker_version":"28.5.2+dfsg4","history":[{"created":"2026-11-24T02:39:26.995506678Z","comment":"Imported from -"}],"os":"linux","rootfs":{"type":"layers","diff_ids":["sha256:0958e0fef2d6a31e1325b8bfecd99dead933363682d69850a7606599023751bc"]}}"#;

    #[test]
    fn an_imported_config_keeps_what_we_do_not_name() {
        let config: ImageConfig = serde_json::from_str(IMPORTED).unwrap();
        assert_eq!(config.config.cmd, ["sh"]);
        assert!(config.config.env.is_empty());
        assert_eq!(config.history[0].comment, "Imported from -");
        assert_eq!(config.other["docker_version"], "28.5.2+dfsg4");
        let again: ImageConfig = serde_json::from_str(&config.to_json()).unwrap();
        assert_eq!(again, config);
    }

    #[test]
    fn it_is_written_as_buildkit_writes_it() {
        let mut config = ImageConfig::scratch();
        config.config.cmd = vec!["sh".to_owned()];
        config.config.exposed_ports.insert("80/tcp".to_owned());
        config.config.args_escaped = true;
        config.history.push(History {
            created_by: "CMD [\"sh\"]".to_owned(),
            comment: "buildkit.dockerfile.v0".to_owned(),
            empty_layer: true,
            ..History::default()
        });
        let expected = concat!(
            r#"{"architecture":"amd64","config":{"ExposedPorts":{"80/tcp":{}},"#,
            r#""Env":["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],"#,
            r#""Cmd":["sh"],"WorkingDir":"/","ArgsEscaped":true},"#,
            r#""history":[{"created_by":"CMD [\"sh\"]","comment":"buildkit.dockerfile.v0","empty_layer":true}],"#,
            r#""os":"linux","rootfs":{"type":"layers","diff_ids":[]}}"#
        );
        assert_eq!(config.to_json(), expected);
    }
}
