//! Sources of ADD that come from elsewhere: files of the web, and git repositories; told apart as BuildKit's frontend does.
//! Nothing here fetches them.

/// Is a source fetched from the web?
pub fn is_url(path: &str) -> bool {
    path.starts_with("http://") || path.starts_with("https://")
}

/// Is a source a git repository? A URL is one if its path ends with `.git`.
pub fn is_git(path: &str) -> bool {
    if path.starts_with("git://") || path.starts_with("ssh://") {
        return true;
    }
    let scp = path.split_once('@').is_some_and(|(user, rest)| {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        !user.is_empty()
            && user.chars().all(plain)
            && rest
                .split_once(':')
                .is_some_and(|(host, path)| !host.is_empty() && host.chars().all(plain) && !path.is_empty())
    });
    let address = path.split(['#', '?']).next().unwrap_or("");
    scp || (is_url(path) && address.ends_with(".git"))
}

/// The name that a fetched file gets: the last segment of the URL's path, or a name of BuildKit's own.
pub fn file_name(url: &str) -> &str {
    const UNNAMED: &str = "__unnamed__";
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let rest = rest.split(['?', '#']).next().unwrap_or("");
    let Some((_, path)) = rest.split_once('/') else { return UNNAMED };
    match path.trim_end_matches('/').rsplit('/').next().unwrap_or("") {
        "" | "." | ".." => UNNAMED,
        name => name,
    }
}

/// What Go's parser finds wrong with a URL, in its words: an address in brackets that does not end, a port that is no
/// number, a percent sign without two digits, or no host at all.
pub fn problem(url: &str) -> Option<String> {
    let shown = crate::diagnostic::quote(url);
    let rest = url.split_once("://")?.1;
    let before = rest.split('#').next().unwrap_or("");
    let (address, path) = before.split_at(before.find(['/', '?']).unwrap_or(before.len()));
    let host = address.rsplit_once('@').map_or(address, |(_, host)| host);
    let parse = |what: String| Some(format!("parse {shown}: {what}"));
    let port = match host.strip_prefix('[') {
        Some(inner) => match inner.split_once(']') {
            Some((_, port)) => port,
            None => return parse("missing ']' in host".to_owned()),
        },
        None => host.find(':').map_or("", |at| &host[at..]),
    };
    if let Some(digits) = port.strip_prefix(':')
        && !digits.bytes().all(|byte| byte.is_ascii_digit())
    {
        return parse(format!("invalid port {} after host", crate::diagnostic::quote(port)));
    }
    let path = path.split('?').next().unwrap_or("");
    for (at, _) in path.match_indices('%') {
        let escape: String = path[at..].chars().take(3).collect();
        if escape.len() < 3 || !escape[1..].bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return parse(format!("invalid URL escape {}", crate::diagnostic::quote(&escape)));
        }
    }
    host.is_empty().then(|| format!("Get {shown}: http: no Host in request URL"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_named_by_the_last_segment_of_its_path() {
        for (url, name) in [
            ("https://example.com/a/b.tar.gz", "b.tar.gz"),
            ("https://example.com/a/b/?q=/x#y", "b"),
            ("https://example.com/", "__unnamed__"),
            ("https://example.com", "__unnamed__"),
        ] {
            assert_eq!(file_name(url), name, "{url}");
        }
    }

    /// The words of Go's net/url and net/http.
    #[test]
    fn malformed_urls_are_refused() {
        for (url, problem_of_it) in [
            ("http://[bad/x", Some("parse \"http://[bad/x\": missing ']' in host")),
            ("http://a:b/x", Some("parse \"http://a:b/x\": invalid port \":b\" after host")),
            ("http://a/%zz", Some("parse \"http://a/%zz\": invalid URL escape \"%zz\"")),
            ("http:///x", Some("Get \"http:///x\": http: no Host in request URL")),
            ("http://[::1]:80/x%20y", None),
            ("https://user@example.com:8080/x?a=%", None),
        ] {
            assert_eq!(problem(url).as_deref(), problem_of_it, "{url}");
        }
    }
}
