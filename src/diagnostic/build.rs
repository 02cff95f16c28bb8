//! Errors of a build that is under way: what a step finds missing, what a process ends with, which budget it outran.

use super::{did_you_mean, quote};

kinds! {
    /// A step cannot be done. The fields are the values named in the message.
    pub enum BuildError {
        /// A base image, or one of `COPY --from`, that the catalogue does not have.
        ImageNotFound { reference: String, resolved: String, suggestion: String } = "image-not-found" => "{reference}: failed to resolve source metadata for {resolved}: {resolved}: not found{suggestion}", suggestion = did_you_mean(suggestion);
        /// The same where the catalogue has no tag of the repository: a registry would not say whether it is there.
        ImageDenied { reference: String, resolved: String, suggestion: String } = "image-denied" => "{reference}: failed to resolve source metadata for {resolved}: pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed{suggestion}", suggestion = did_you_mean(suggestion);
        /// A note beside these two: the catalogue lacks the image, Docker might not.
        NotInCatalogue { name: String, nearest: String } = "not-in-catalogue" => "{name} is not in the catalogue, though Docker may find it{nearest}: open its archive (docker save) to build on it", nearest = did_you_mean(nearest);
        /// Data of the catalogue that could not be loaded.
        DataMissing { what: String, reason: String } = "data-missing" => "the data of {what} could not be loaded: {reason}";
        /// A note: the tag `latest` is taken as another.
        TagStandsFor { asked: String, used: String } = "tag-stands-for" => "{asked} is taken as {used}, the version that the catalogue has";
        /// A source of COPY, ADD or a bind mount that is not there.
        SourceNotFound { path: String } = "source-not-found" => "failed to compute cache key: failed to calculate checksum of ref REF: {path}: not found", path = quote(path);
        /// A value that is refused once it is expanded.
        ValueRefused { message: String } = "value-refused" => "{message}";
        /// What the copy itself says.
        CopyFailed { message: String } = "copy-failed" => "{message}";
        /// A file for the directory of WORKDIR.
        WorkdirFailed { message: String } = "workdir-failed" => "{message}";
        /// `ADD` of a URL that is none.
        BadUrl { message: String } = "bad-url" => "failed to load cache key: {message}";
        /// `RUN []`.
        NoArguments {} = "no-arguments" => "failed to marshal LLB definition: arguments are required";
        /// A required secret that was not given.
        SecretNotFound { id: String } = "secret-not-found" => "secret {id}: not found";
        /// A RUN that ended with another status than 0.
        ProcessFailed { process: String, exit_code: i32 } = "process-failed" => "process {process} did not complete successfully: exit code: {exit_code}", process = quote(process);
        /// A RUN that could not start.
        ProcessNotStarted { process: String, reason: String } = "process-not-started" => "process {process} did not complete successfully: {reason}", process = quote(process);
        /// Past the budget of commands.
        TooManyCommands { limit: u64 } = "too-many-commands" => "the simulation stops here: more than {limit} commands in one build";
        /// Past the budget of nesting.
        TooMuchNesting { limit: u64 } = "too-much-nesting" => "the simulation stops here: shell code nested more than {limit} deep";
        /// Past the budget of output.
        TooMuchOutput { limit: u64 } = "too-much-output" => "the simulation stops here: more than {limit} bytes of output of one RUN";
        /// Past the budget of bytes.
        TooManyBytes { limit: u64 } = "too-many-bytes" => "the simulation stops here: a file or an image of more than {limit} bytes";
        /// Past the budget of entries.
        TooManyEntries { limit: u64 } = "too-many-entries" => "the simulation stops here: more than {limit} entries in one step";
    }
}
