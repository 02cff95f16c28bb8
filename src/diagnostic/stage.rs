//! Errors about stages, targets and references between them, found once all instructions are well formed.

use super::{did_you_mean, quote};

kinds! {
    /// Stages do not fit together. The fields are the values named in the message.
    pub enum StageError {
        /// An instruction before the first FROM.
        NoBuildStage {} = "no-build-stage" => "no build stage in current context";
        /// Only ARGs.
        NoStages {} = "no-stages" => "dockerfile contains no stages to build";
        /// `FROM` whose name expands to nothing.
        BlankBaseName { name: String } = "blank-base-name" => "base name ({name}) should not be blank";
        /// `--platform` that expands to nothing.
        EmptyPlatform { expression: String, suggestion: String } = "empty-platform" => "empty platform value from expression {expression}{suggestion}", suggestion = did_you_mean(suggestion);
        /// A platform that is none.
        InvalidPlatform { expression: String, reason: String } = "invalid-platform" => "failed to parse platform {expression}: {reason}";
        /// `--target` that is not there.
        UnknownTarget { target: String, suggestion: String } = "unknown-target" => "target stage {target} could not be found{suggestion}", target = quote(target), suggestion = did_you_mean(suggestion);
        /// `--from` with a variable.
        VariableInFrom {} = "variable-in-from" => "variable expansion is not supported for --from, define a new stage with FROM using ARG from global scope as a workaround";
        /// `--from=9` in a file of fewer stages.
        InvalidStageIndex { index: i64 } = "invalid-stage-index" => "invalid stage index {index}";
        /// Stages that wait for each other.
        CircularDependency { stage: String } = "circular-dependency" => "circular dependency detected on stage: {stage}";
        /// `--from` of a stage that comes later.
        NotDefinedBefore { from: String, stage: String } = "not-defined-before" => "cannot copy from stage {from}, it needs to be defined before current stage {stage}", from = quote(from), stage = quote(stage);
        /// `--mount=from` of a stage that comes later.
        MountNotDefinedBefore { from: String, target: String } = "mount-not-defined-before" => "cannot mount from stage {from} to {target}, stage needs to be defined before current command", from = quote(from), target = quote(target);
        /// `--mount` that cannot be read; the message is BuildKit's.
        InvalidMount { message: String } = "invalid-mount" => "{message}";
        /// EXPOSE of something that is no port; the message is BuildKit's.
        InvalidPort { message: String } = "invalid-port" => "{message}";
        /// STOPSIGNAL of something that is no signal.
        InvalidSignal { signal: String } = "invalid-signal" => "invalid signal: {signal}";
        /// `--chmod` that is no mode; the message is BuildKit's.
        InvalidChmod { message: String } = "invalid-chmod" => "{message}";
        /// COPY or ADD of something that they cannot fetch; the message is BuildKit's.
        InvalidSource { message: String } = "invalid-source" => "{message}";
        /// VOLUME of a path that expands to nothing.
        EmptyVolume {} = "empty-volume-path" => "VOLUME specified can not be an empty string";
        /// A base or source that is no image reference.
        InvalidReference { name: String, reason: String } = "invalid-reference" => "failed to parse stage name {name}: {reason}", name = quote(name);
        /// A trigger of the base image that does not parse.
        Trigger { message: String } = "onbuild-trigger-error" => "{message}";
        /// `RUN --device` in a frontend that is no labs version.
        DeviceUnsupported {} = "device-unsupported" => "device feature is only supported in Dockerfile frontend 1.14.0-labs or later";
        /// `# check=error=true`, and there were findings.
        LintViolations { rules: String } = "lint-violations" => "lint violation found for rules: {rules}";
    }
}
