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
