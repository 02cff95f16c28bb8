//! Errors in one instruction. Docker prints them after `dockerfile parse error on line N: `, N being the instruction's
//! first line, and stops at the first.

use super::{did_you_mean, quote};

kinds! {
    /// An instruction is not well formed. The fields are the values named in the message.
    pub enum InstructionError {
        /// A keyword that is none.
        UnknownInstruction { name: String, suggestion: String } = "unknown-instruction" => "unknown instruction: {name}{suggestion}", suggestion = did_you_mean(suggestion);
        /// A flag that the instruction does not have.
        UnknownFlag { flag: String, suggestion: String } = "unknown-flag" => "unknown flag: --{flag}{suggestion}", suggestion = did_you_mean(suggestion);
        /// A flag given twice that may be given once.
        DuplicateFlag { flag: String } = "duplicate-flag" => "duplicate flag specified: --{flag}";
        /// A flag that needs a value.
        MissingFlagValue { flag: String } = "missing-flag-value" => "missing a value on flag: --{flag}";
        /// A flag that is true or false.
        FlagNotBoolean { flag: String, value: String } = "flag-not-boolean" => "expecting boolean value for flag --{flag}, not: {value}";
        /// No argument where one at least is needed.
        AtLeastOneArgument { instruction: String } = "at-least-one-argument" => "{instruction} requires at least one argument";
        /// None, or several, where there must be one.
        ExactlyOneArgument { instruction: String } = "exactly-one-argument" => "{instruction} requires exactly one argument";
        /// COPY or ADD without a destination.
        NoDestination { instruction: String } = "no-destination" => "{instruction} requires at least two arguments, but only one was provided. Destination could not be determined";
        /// A here-document where a path must be.
        HeredocAsDestination { instruction: String } = "heredoc-as-destination" => "{instruction} cannot accept a heredoc as a destination";
        /// `=value` without a name.
        BlankName { instruction: String } = "blank-name" => "{instruction} names can not be blank";
        /// `FROM` with two arguments, or more than three.
        FromArguments {} = "from-arguments" => "FROM requires either one or three arguments";
        /// A stage name that is none.
        InvalidStageName { name: String } = "invalid-stage-name" => "invalid name for build stage: {name}, name can't start with a number or contain symbols", name = quote(name);
        /// SHELL in any but the JSON form.
        NotJson { instruction: String } = "not-json" => "{instruction} requires the arguments to be in JSON form";
        /// An empty path in VOLUME.
        EmptyVolume {} = "empty-volume" => "VOLUME specified can not be an empty string";
        /// ONBUILD of ONBUILD.
        ChainedOnbuild {} = "chained-onbuild" => "Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed";
        /// ONBUILD of FROM or MAINTAINER.
        OnbuildTrigger { instruction: String } = "onbuild-trigger" => "{instruction} isn't allowed as an ONBUILD trigger";
        /// HEALTHCHECK with neither CMD nor NONE.
        HealthcheckType { name: String } = "healthcheck-type" => "Unknown type {name} in HEALTHCHECK (try CMD)", name = quote(name);
        /// HEALTHCHECK CMD and nothing.
        HealthcheckWithoutCommand {} = "healthcheck-without-command" => "Missing command after HEALTHCHECK CMD";
        /// HEALTHCHECK NONE and something.
        HealthcheckNoneArguments {} = "healthcheck-none-arguments" => "HEALTHCHECK NONE takes no arguments";
        /// A duration that is none; the reason is Go's.
        InvalidDuration { reason: String } = "invalid-duration" => "{reason}";
        /// A duration below a millisecond.
        IntervalTooShort { flag: String } = "interval-too-short" => "Interval {flag} cannot be less than 1ms", flag = quote(flag);
        /// A number that is none; the reason is Go's.
        InvalidNumber { reason: String } = "invalid-number" => "{reason}";
        /// Fewer than no retries.
        NegativeRetries { retries: i64 } = "negative-retries" => "--retries cannot be negative ({retries})";
        /// `RUN --network` of a kind that is none.
        InvalidNetwork { mode: String } = "invalid-network" => "invalid network mode {mode}", mode = quote(mode);
        /// `RUN --security` of a kind that is none.
        InvalidSecurity { mode: String } = "invalid-security" => "security {mode} is not valid", mode = quote(mode);
        /// `--mount` whose commas and quotes do not fit.
        MountCsv { reason: String } = "mount-csv" => "failed to parse csv mounts: {reason}";
        /// `--mount=from=$NAME`.
        MountFromVariable {} = "mount-from-variable" => "'from' doesn't support variable expansion, define alias stage instead";
    }
}
