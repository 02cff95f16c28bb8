//! The values of arithmetic expressions.

use super::state::Held;
use super::{Fatal, Shell};
use crate::shell::script::{Dialect, Expr, NoExpression, Operator, Target, arithmetic_number, parse_arithmetic};

/// How deep a variable may name another variable.
const MAX_NAMES: u32 = 16;

impl Shell<'_> {
    /// The value of an expression that is text still.
    pub(crate) fn evaluate_text(&mut self, text: &str) -> Result<i64, Fatal> {
        match parse_arithmetic(text, self.dialect) {
            Ok(expression) => self.evaluate(&expression),
            Err(trouble) => Err(self.no_expression(text, &trouble)),
        }
    }

    fn no_expression(&mut self, text: &str, trouble: &NoExpression) -> Fatal {
        if trouble.deep {
            self.system.halt(crate::shell::Stop::Nesting);
            return Fatal;
        }
        let message = match self.dialect {
            Dialect::Ash => "arithmetic syntax error".to_owned(),
            Dialect::Dash if trouble.operand => format!("arithmetic expression: expecting primary: \"{text}\""),
            Dialect::Dash => format!("arithmetic expression: expecting EOF: \"{text}\""),
            Dialect::Bash => {
                let rest = if trouble.rest.is_empty() {
                    text.trim_end().chars().last().map_or_else(String::new, String::from)
                } else {
                    trouble.rest.clone()
                };
                let what = if trouble.operand { "operand expected" } else { "invalid arithmetic operator" };
                format!("{text}: syntax error: {what} (error token is \"{rest}\")")
            }
        };
        self.fatal(None, &message)
    }

    /// The value of an expression.
    pub(crate) fn evaluate(&mut self, expression: &Expr) -> Result<i64, Fatal> {
        self.evaluated(expression, 0)
    }

    fn evaluated(&mut self, expression: &Expr, names: u32) -> Result<i64, Fatal> {
        match expression {
            Expr::Number(number) => Ok(*number),
            Expr::Variable(target) => self.target_value(target, names),
            Expr::Assign(target, operator, right) => {
                let right = self.evaluated(right, names)?;
                let value = match operator {
                    None => right,
                    Some(operator) => {
                        let left = self.target_value(target, names)?;
                        self.apply(*operator, left, right)?
                    }
                };
                self.assign_target(target, value, names)
            }
            Expr::Step(target, step, before) => {
                let old = self.target_value(target, names)?;
                let new = self.assign_target(target, old.wrapping_add(*step), names)?;
                Ok(if *before { old } else { new })
            }
            Expr::Unary(sign, operand) => {
                let value = self.evaluated(operand, names)?;
                Ok(match sign {
                    b'-' => value.wrapping_neg(),
                    b'!' => i64::from(value == 0),
                    b'~' => !value,
                    _ => value,
                })
            }
            Expr::Binary(Operator::And, left, right) => {
                Ok(i64::from(self.evaluated(left, names)? != 0 && self.evaluated(right, names)? != 0))
            }
            Expr::Binary(Operator::Or, left, right) => {
                Ok(i64::from(self.evaluated(left, names)? != 0 || self.evaluated(right, names)? != 0))
            }
            Expr::Binary(operator, left, right) => {
                let left = self.evaluated(left, names)?;
                let right = self.evaluated(right, names)?;
                self.apply(*operator, left, right)
            }
            Expr::Choice(condition, yes, no) => {
                let chosen = if self.evaluated(condition, names)? != 0 { yes } else { no };
                self.evaluated(chosen, names)
            }
        }
    }

    fn apply(&mut self, operator: Operator, left: i64, right: i64) -> Result<i64, Fatal> {
        match operator.apply(left, right) {
            Some(value) => Ok(value),
            None => {
                let message = match self.dialect {
                    Dialect::Ash => "divide by zero".to_owned(),
                    Dialect::Dash => format!("arithmetic expression: division by zero: \"{left}/{right}\""),
                    Dialect::Bash => format!("{left}/{right}: division by 0 (error token is \"{right}\")"),
                };
                Err(self.fatal(None, &message))
            }
        }
    }

    /// The value of a variable: a number, or (but for dash) an expression again; 0 if it is not set.
    fn target_value(&mut self, target: &Target, names: u32) -> Result<i64, Fatal> {
        let text = match &target.index {
            None => self.value(&target.name),
            Some(index) => {
                let at = self.evaluated(index, names)?;
                match self.state.variables.get(&target.name).map(|variable| &variable.value) {
                    Some(Held::Array(elements)) => elements.get(&at).cloned(),
                    Some(Held::Map(elements)) => elements.get(&at.to_string()).cloned(),
                    Some(Held::Text(text)) if at == 0 => Some(text.clone()),
                    _ => None,
                }
            }
        };
        let Some(text) = text else {
            if self.state.options.nounset {
                let what = if self.dialect == Dialect::Bash { "unbound variable" } else { "parameter not set" };
                return Err(self.fatal(None, &format!("{}: {what}", target.name)));
            }
            return Ok(0);
        };
        let trimmed = text.trim();
        if trimmed.is_empty() {
            return Ok(0);
        }
        let (sign, digits) = match trimmed.strip_prefix('-') {
            Some(digits) => (-1, digits),
            None => (1, trimmed.strip_prefix('+').unwrap_or(trimmed)),
        };
        if let Some(value) = arithmetic_number(digits, self.dialect) {
            return Ok(value.wrapping_mul(sign));
        }
        if self.dialect == Dialect::Dash || names >= MAX_NAMES {
            let message = match self.dialect {
                Dialect::Dash => format!("Illegal number: {text}"),
                Dialect::Ash => "expression recursion loop detected".to_owned(),
                Dialect::Bash => format!("{text}: expression recursion level exceeded (error token is \"{text}\")"),
            };
            return Err(self.fatal(None, &message));
        }
        match parse_arithmetic(trimmed, self.dialect) {
            Ok(expression) => self.evaluated(&expression, names + 1),
            Err(trouble) => Err(self.no_expression(trimmed, &trouble)),
        }
    }

    fn assign_target(&mut self, target: &Target, value: i64, names: u32) -> Result<i64, Fatal> {
        match &target.index {
            None => self.set(&target.name, &value.to_string())?,
            Some(index) => {
                let at = self.evaluated(index, names)?;
                self.set_element(&target.name, &at.to_string(), &value.to_string(), false)?;
            }
        }
        Ok(value)
    }
}
