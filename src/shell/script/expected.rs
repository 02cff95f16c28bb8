//! What was missing where a script went wrong, as dash's parser says it (dash's `synexpect`).

use super::lexer::{Token, TokenKind};

/// What is due before the token at `index`, or before the end of the tokens: only where a list of commands just ended.
pub(super) fn before(tokens: &[Token], index: usize) -> Option<&'static str> {
    let mut open: Vec<&'static str> = Vec::new();
    let mut command = true;
    for (i, token) in tokens[..index].iter().enumerate() {
        let redirects = i > 0 && matches!(tokens[i - 1].kind, TokenKind::Operator(op) if op.contains(['<', '>']));
        match &token.kind {
            TokenKind::Operator("(") => {
                open.push(")");
                command = true;
            }
            TokenKind::Operator(")") => {
                if open.last() == Some(&")") {
                    open.pop();
                }
                command = true;
            }
            TokenKind::Operator(op) if op.contains(['<', '>']) => {}
            TokenKind::Operator(_) => command = true,
            _ if redirects || !command => command &= redirects,
            _ => {
                command = true;
                match token.text.as_str() {
                    "if" => open.push("then"),
                    "while" | "until" => open.push("do"),
                    "for" => {
                        open.push("do");
                        command = false;
                    }
                    "{" => open.push("}"),
                    "then" | "else" => replace(&mut open, "fi"),
                    "elif" => replace(&mut open, "then"),
                    "do" => replace(&mut open, "done"),
                    "fi" | "done" | "}" => {
                        open.pop();
                    }
                    "!" => {}
                    _ => command = false,
                }
            }
        }
    }
    let due = open.last().copied()?;
    let Some(token) = tokens.get(index) else { return Some(due) };
    let ends_list = match &token.kind {
        TokenKind::Operator(operator) => matches!(*operator, ";;" | ")"),
        _ => matches!(token.text.as_str(), "then" | "else" | "elif" | "fi" | "do" | "done" | "esac" | "}"),
    };
    let before = tokens[..index].iter().rev().find(|token| !token.is_operator("\n"));
    let opens = before.is_some_and(|token| {
        token.is_operator("(")
            || matches!(token.text.as_str(), "if" | "while" | "until" | "{" | "then" | "else" | "elif" | "do")
    });
    (ends_list && !opens).then_some(due)
}

fn replace(open: &mut [&'static str], due: &'static str) {
    if let Some(last) = open.last_mut() {
        *last = due;
    }
}

/// The first word up to `near` that closes what is not open, or closes it before anything is in it.
pub(super) fn misplaced(tokens: &[Token], near: usize) -> Option<usize> {
    let mut open: Vec<&'static str> = Vec::new();
    let mut command = true;
    let mut fresh = true;
    for (i, token) in tokens.iter().enumerate().take(near + 1) {
        let before = i.checked_sub(1).map(|before| &tokens[before]);
        let redirects =
            before.is_some_and(|token| matches!(token.kind, TokenKind::Operator(op) if op.contains(['<', '>'])));
        match &token.kind {
            TokenKind::Operator("\n") => command = true,
            TokenKind::Operator("(") => {
                open.push(")");
                (command, fresh) = (true, true);
            }
            TokenKind::Operator(")") => {
                if open.last() == Some(&")") {
                    open.pop();
                }
                (command, fresh) = (true, false);
            }
            TokenKind::Operator(op) if op.contains(['<', '>']) => {}
            TokenKind::Operator(op) => {
                command = true;
                // After these a command has to follow.
                fresh = matches!(*op, "&&" | "||" | "|");
            }
            _ if redirects => {}
            _ if !command => {}
            _ => {
                let due = open.last().copied();
                let text = token.text.as_str();
                let closes = matches!(text, "then" | "else" | "elif" | "fi" | "do" | "done" | "}" | "esac");
                let fits = match text {
                    "then" => due == Some("then"),
                    "else" | "elif" | "fi" => due == Some("fi"),
                    "do" => due == Some("do"),
                    "done" => due == Some("done"),
                    "}" => due == Some("}"),
                    _ => true,
                };
                let after_name = text == "do" && i >= 2 && tokens[i - 2].text == "for";
                if closes && (!fits || fresh) && text != "esac" && !after_name {
                    return Some(i);
                }
                fresh = matches!(
                    text,
                    "if" | "while" | "until" | "{" | "then" | "else" | "elif" | "do" | "!" | "case" | "for"
                );
                match text {
                    "if" => open.push("then"),
                    "while" | "until" => open.push("do"),
                    "for" | "case" => {
                        open.push(if text == "for" { "do" } else { "esac" });
                        command = false;
                        fresh = false;
                    }
                    "{" => open.push("}"),
                    "then" | "else" => replace(&mut open, "fi"),
                    "elif" => replace(&mut open, "then"),
                    "do" => replace(&mut open, "done"),
                    "fi" | "done" | "}" | "esac" => {
                        open.pop();
                    }
                    "!" => {}
                    _ => command = false,
                }
            }
        }
    }
    None
}
