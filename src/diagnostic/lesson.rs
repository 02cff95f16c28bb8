//! What a build can teach beyond Docker's own checks: one kind per lesson, each with the bytes that it costs in this build
//! (`size`, as Docker prints sizes). Their codes begin with `lesson-`, so that nobody takes them for Docker's.

kinds! {
    /// A lesson about layers. The fields are the values named in the message.
    pub enum Lesson {
        /// A RUN removes what lower layers of the same build store.
        Cleanup { size: String } = "lesson-cleanup" => "what this removes stays in the layers below: {size}; remove it in the RUN that made it";
        /// A RUN that changes modes or owners stores files of lower layers again.
        CopiedUp { command: String, size: String } = "lesson-copied-up" => "{command} stores files of lower layers again: {size}; give them their mode and owner where they are made (COPY --chmod and --chown do)";
        /// A RUN updates package lists and installs nothing; a later one installs.
        UpdateAlone { command: String, size: String } = "lesson-update-alone" => "{command} alone in a RUN: the cache keeps its lists ({size}) while the install after it changes, so it installs from old lists; put both into one RUN";
        /// Package lists or a package cache stay in the layer.
        ListsLeft { path: String, size: String } = "lesson-lists-left" => "{path} stays in the layer: {size}; remove it in the same RUN";
        /// Everything is copied before dependencies are installed.
        CopyBeforeInstall { install: String, size: String } = "lesson-copy-before-install" => "every change of a file runs `{install}` again ({size}): copy what it reads first, and the rest after it";
        /// A secret is in a layer, deleted later or not.
        Secret { path: String, size: String } = "lesson-secret" => "{path} ({size}) can be read by whoever has the image, even if a later layer removes it: use RUN --mount=type=secret";
        /// ADD where COPY does.
        AddForCopy { size: String } = "lesson-add-for-copy" => "ADD also unpacks archives and fetches URLs; for these files ({size}) COPY does, and says so";
        /// A base image without a tag, or with `latest`.
        UnpinnedBase { image: String, size: String } = "lesson-unpinned-base" => "{image} can be another image tomorrow, and its {size} with it: name a version";
    }
}
