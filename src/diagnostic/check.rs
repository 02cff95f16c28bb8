//! Findings of Docker's build checks, one kind per rule, in the words of Docker 28. A kind's code is its rule's name.

use super::quote;

kinds! {
    /// A build check's finding. The fields are the values named in the message.
    pub enum Finding {
        /// Stage names should be lowercase.
        StageNameCasing { name: String } = "StageNameCasing" => "Stage name '{name}' should be lowercase";
        /// The 'as' keyword should match the case of the 'from' keyword.
        FromAsCasing { from: String, keyword: String } = "FromAsCasing" => "'{keyword}' and '{from}' keywords' casing do not match";
        /// Empty continuation lines will become errors in a future release.
        NoEmptyContinuation {} = "NoEmptyContinuation" => "Empty continuation line";
        /// All commands within the Dockerfile should use the same casing.
        ConsistentInstructionCasing { command: String, casing: String } = "ConsistentInstructionCasing" => "Command '{command}' should match the case of the command majority ({casing})";
        /// Stage names should be unique.
        DuplicateStageName { name: String } = "DuplicateStageName" => "Duplicate stage name {name}, stage names should be unique", name = quote(name);
        /// Reserved words should not be used as stage names.
        ReservedStageName { name: String } = "ReservedStageName" => "Stage name should not use the same name as reserved stage {name}", name = quote(name);
        /// JSON arguments recommended for ENTRYPOINT/CMD.
        JSONArgsRecommended { instruction: String } = "JSONArgsRecommended" => "JSON arguments recommended for {instruction} to prevent unintended behavior related to OS signals";
        /// MAINTAINER is deprecated.
        MaintainerDeprecated {} = "MaintainerDeprecated" => "Maintainer instruction is deprecated in favor of using label";
        /// FROM must use declared ARGs.
        UndefinedArgInFrom { name: String, suggestion: String } = "UndefinedArgInFrom" => "FROM argument '{name}' is not declared{hint}", hint = if suggestion.is_empty() { String::new() } else { format!(" (did you mean {suggestion}?)") };
        /// A relative WORKDIR without an absolute one before it.
        WorkdirRelativePath { path: String } = "WorkdirRelativePath" => "Relative workdir {path} can have unexpected results if the base image changes", path = quote(path);
        /// Variables should be defined before their use.
        UndefinedVar { name: String, suggestion: String } = "UndefinedVar" => "Usage of undefined variable '${name}'{hint}", hint = if suggestion.is_empty() { String::new() } else { format!(" (did you mean ${suggestion}?)") };
        /// Only the last CMD, ENTRYPOINT and HEALTHCHECK of a stage counts.
        MultipleInstructionsDisallowed { instruction: String } = "MultipleInstructionsDisallowed" => "Multiple {instruction} instructions should not be used in the same stage because only the last one will be used";
        /// Legacy key/value format with whitespace separator should not be used.
        LegacyKeyValueFormat { instruction: String } = "LegacyKeyValueFormat" => "\"{instruction} key=value\" should be used instead of legacy \"{instruction} key value\" format";
        /// Base image platform does not match expected target platform.
        InvalidBaseImagePlatform { image: String, actual: String, expected: String } = "InvalidBaseImagePlatform" => "Base image {image} was pulled with platform {actual}, expected {expected} for current build", actual = quote(actual), expected = quote(expected);
        /// `--platform=$TARGETPLATFORM` is the default.
        RedundantTargetPlatform { expression: String } = "RedundantTargetPlatform" => "Setting platform to predefined {expression} in FROM is redundant as this is the default behavior";
        /// Sensitive data should not be used in the ARG or ENV commands.
        SecretsUsedInArgOrEnv { instruction: String, name: String } = "SecretsUsedInArgOrEnv" => "Do not use ARG or ENV instructions for sensitive data ({instruction} {name})", name = quote(name);
        /// Default value for global ARG results in an empty or invalid base image name.
        InvalidDefaultArgInFrom { name: String } = "InvalidDefaultArgInFrom" => "Default value for ARG {name} results in empty or invalid base image name";
        /// FROM --platform flag should not use a constant value.
        FromPlatformFlagConstDisallowed { platform: String } = "FromPlatformFlagConstDisallowed" => "FROM --platform flag should not use constant value {platform}", platform = quote(platform);
        /// Attempting to copy a file that is excluded by .dockerignore.
        CopyIgnoredFile { command: String, file: String } = "CopyIgnoredFile" => "Attempting to {command} file {file} that is excluded by .dockerignore", file = quote(file);
        /// Comments above ARG and FROM that are not descriptions.
        InvalidDefinitionDescription { instruction: String, name: String } = "InvalidDefinitionDescription" => "Comment for {instruction} should follow the format: `# {name} <description>`";
        /// IP addresses and host ports do not belong in EXPOSE.
        ExposeInvalidFormat { port: String } = "ExposeInvalidFormat" => "EXPOSE instruction should not define an IP address or host-port mapping, found '{port}'";
        /// Protocols in EXPOSE should be lowercase.
        ExposeProtoCasing { port: String } = "ExposeProtoCasing" => "Defined protocol '{port}' in EXPOSE instruction should be lowercase";
    }
}
