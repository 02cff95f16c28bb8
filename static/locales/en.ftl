### All visible text of the page, in English. ko.ftl has the same keys with the same arguments: a test compares them.
### `code` stands between backticks and **bold** between double asterisks. Sizes come as Docker prints them.

## The page

page-title = Layerlab: what Docker image layers are
not-kept = This browser keeps nothing for this page: theme and language last until it is closed.
skip-to-stack = Skip to the stack
panes = Panes
editor = Editor
stack = Stack
inspector = Inspector
theme = Theme
theme-system = System
theme-light = Light
theme-dark = Dark

look = Look
type-size = Type
size-normal = Normal
size-large = Large, for a projector
share = Share
embed = Embed
shortcuts = Keyboard shortcuts
close = Close
open-in-layerlab = Open in Layerlab
link-refused = The link is cut or broken: what it should have brought cannot be read.

## Dialogs

share-title = Share what you see
share-text = The link holds the Dockerfile and the build context. Both stand after the `#`, which browsers never send.
share-link = Link
picture-title = Picture of the stack
embed-title = Embed it in a page
embed-text = A frame shows the stack with this text; readers can edit it there.
embed-frame = Frame
embed-element-text = Or a code block that becomes a frame, and stays readable where JavaScript is off.
embed-element = Code block
copy = Copy
copied = Copied.
copy-by-hand = The browser refuses the clipboard: press Ctrl+C.
keys-everywhere = Anywhere, but not while you type
keys-in-controls = In the controls
keys-on = Single keys work
keys-stack = Walk through the stack
keys-base = Open or close the base
keys-slider = Step through the build
keys-leave = Leave the editor
key-help = Show this list
key-play = Play the build, or pause
key-count = Count layers as Docker before 1.10, or as today
key-editor = Go to the editor
key-stack = Go to the stack
key-inspector = Go to the inspector
key-share = Share

## Examples

example = Example: { $name }
examples = Examples
samples = sample applications
sample-node = Node application
sample-python = Python application
sample-go = Go application
sample-java = Java application
sample-rust = Rust application
sample-static = static site
example-six-layers = six layers
example-six-layers-about = Six RUN lines, and why removing a file saved nothing
example-one-layer = one RUN, one layer
example-one-layer-about = The same commands joined by &&: about 4 MB less
example-cached = from the cache
example-cached-about = Only the last line changed, so only its layer is built
example-shared = shared layers
example-shared-about = Two Dockerfiles that begin alike use the same layers

example-stages = stages
example-stages-about = Only what COPY --from takes is in the image

## Words used everywhere

layer = layer
layer-word = layer
step-word = step
step = Step
base = base
the-base-image = the base image
layer-named = layer { $name }
layers-named = layers { $list }
list-and = { $first } and { $last }
layers-count = { $n ->
    [one] 1 layer
   *[other] { $n } layers
}
entries = { $n ->
    [one] 1 entry
   *[other] { $n } entries
}
files-count = { $n ->
    [one] 1 file
   *[other] { $n } files
}
copies-count = { $n ->
    [one] 1 copy
   *[other] { $n } copies
}
and-more = and { $n } more
line = line { $line }
size = size
mode = mode
owner = owner
name = name
none = none
live = live
wasted = wasted
shadowed = shadowed
deleted = deleted
whiteout = whiteout
opaque = opaque
modelled = modelled
not-simulated = not simulated
failed = failed
exit-code = exit code { $code }
exit-code-sentence = Exit code { $code }.
no-layer = no layer
stage-named = stage { $name }
stage-number = stage { $n }

## Ledger

ledger = Image size
ledger-size = image size · { $layers }
ledger-size-from = image size · { $layers }, { $n } from { $base }
ledger-so-far = so far · { $layers }
no-image-yet = no image yet
no-image = No image
bracket-live = live { $size }
bracket-wasted = wasted { $size }
bracket-behind = left behind { $size }
bar-said = Of { $size }, { $live } are live, { $shadowed } shadowed and { $deleted } deleted
base-image = base image
your-layers = your layers
not-in-image = not in the image
nothing-to-save = Nothing to save
merge-runs = Merge the RUN lines
move-removal = Move the rm up
save-bytes = save { $size }
failed-step = step { $step } of { $steps } failed
failed-stopped = The build stopped at line { $line }.
failed-kept = { $n ->
    [0] No layer was finished before.
    [one] Its finished layer ({ $size }) stays in the build cache, so the next build starts from there.
   *[other] Its { $n } finished layers ({ $size }) stay in the build cache, so the next build starts from there.
}
failed-kept-with-base = { $n ->
    [0] { $base } ({ $basesize }) stays on disk; no layer of yours was finished.
    [one] Its finished layer ({ $size }) and { $base } ({ $basesize }) stay in the build cache, so the next build starts from there.
   *[other] Its { $n } finished layers ({ $size }) and { $base } ({ $basesize }) stay in the build cache, so the next build starts from there.
}
go-to-line = Go to line { $line }

## Editor and build context

files-of-project = Files
context = Context
text-of = Text of { $path }
leaves-editor = leaves the editor
no-warnings = No check warnings
one-failed-step = 1 failed step
errors = { $n ->
    [one] 1 error
   *[other] { $n } errors
}
check-warnings = { $n ->
    [one] 1 check warning
   *[other] { $n } check warnings
}
mend = Mend it
mend-remove = Remove it
mend-change = Change to { $text }
did-you-mean = Did you mean `{ $suggestion }`?
context-note = These files are the **build context**: what `COPY` and `ADD` can take. Nothing is uploaded.
context-empty = The build context is empty.
new-file-path = Path of the new file
add-file = Add file
path-refused = A path is relative, without . and .. parts, and not taken yet.
delete-file = Delete { $path }
context-tools = Files of the context
add-files = Add files …
add-folder = Add a folder …
rename = Rename
delete = Delete
rename-file = Rename { $path }
new-path-of = New path of { $path }
drop-here = Drop files here, or add them above.
files-refused = Not taken: { $files }. A context holds at most { $limit }, and folders are added by their button.
not-text = This file is no text: { $size }.
context-sum = { $n ->
    [one] 1 file, { $size }.
   *[other] { $n } files, { $size }.
}
context-left-out = { $n ->
    [0] .dockerignore leaves out none of them.
    [one] .dockerignore leaves out 1 file, { $size }; the build sees { $rest }.
   *[other] .dockerignore leaves out { $n } files, { $size }; the build sees { $rest }.
}
executable = executable
ignored = ignored
placeholder = placeholder
context-lacks = The build context lacks { $path }{ $more ->
    [0] { "" }
    [one] { " " }and one more file
   *[other] { " " }and { $more } more files
  }.
add-placeholders = Add placeholders
cm-find = Find
cm-replace = Replace
cm-next = next
cm-previous = previous
cm-all = all
cm-match-case = match case
cm-regexp = regexp
cm-by-word = by word
cm-replace-one = replace
cm-replace-all = replace all
cm-close = close
cm-go-to-line = Go to line
cm-go = go
cm-completions = Completions
cm-fold = Fold
cm-unfold = Unfold
cm-folded = folded lines
cm-diagnostics = Diagnostics
cm-no-diagnostics = No diagnostics

## Completion and explanations in the editor

step-named = step { $step }
makes-a-layer = makes a layer
makes-no-layer = metadata, no layer
a-stage = stage
an-image = image
a-file = file
a-variable = variable
a-command = simulated command
layer-rule-one = Makes a layer, even if it changes nothing.
layer-rule-none = Makes no layer: it writes the image's configuration, a row of 0B in the history.
here-base = Here: { $size } from the base image.
here-step = Here: step { $step }, { $size }; { $added } added, { $changed } changed, { $deleted } deleted.
about-image = { $layers ->
    [one] A base image of 1 layer, { $size }.
   *[other] A base image of { $layers } layers, { $size }.
}
about-ADD = Adds files of the build context; unpacks archives and fetches URLs.
about-ARG = Declares a build argument. It counts while the image is built, and is not in the image's environment.
about-CMD = Says what a container runs by default.
about-COPY = Copies files from the build context, another stage or an image.
about-ENTRYPOINT = Says which program a container is; `CMD` gives it arguments.
about-ENV = Sets environment variables, for later steps and for containers.
about-EXPOSE = Names the ports that a container listens on. It opens none.
about-FROM = Starts a stage from an image, another stage, or `scratch`. All layers of the image come along, and none of them is stored again.
about-HEALTHCHECK = Tells Docker how to test whether a container still works.
about-LABEL = Adds metadata to the image.
about-MAINTAINER = Names the author. Deprecated: use `LABEL`.
about-ONBUILD = Keeps an instruction for builds that start from this image. It runs there, and makes its layer there.
about-RUN = Runs a command on the layers so far. What it writes, changes and removes becomes one layer; what it removes from lower layers is only hidden.
about-SHELL = Sets the shell of the shell form.
about-STOPSIGNAL = Sets the signal that stops a container.
about-USER = Sets the user of later steps and of containers.
about-VOLUME = Names directories that containers keep outside of their layers.
about-WORKDIR = Sets the working directory and makes it where it is missing. It makes a layer, even if the directory is there; only `/` makes none.
flag-chown = owner of what is copied, user[:group]
flag-chmod = mode of what is copied
flag-link = a layer that does not depend on those below
flag-keep-git-dir = keep .git of a repository
flag-checksum = what a fetched file must be
flag-unpack = unpack archives, or not
flag-exclude = what to leave out
flag-from = a stage or an image in place of the context
flag-parents = keep parent directories
flag-platform = platform of the base image
flag-interval = time between two checks
flag-timeout = how long a check may take
flag-start-period = how long failures do not count
flag-start-interval = time between checks at the start
flag-retries = failures until it counts as unhealthy
flag-mount = something to see during the command only
flag-network = default, none or host
flag-security = sandbox or insecure
flag-device = a device

## Stack

layer-stack = Layer stack
layer-stacks = Layer stacks
layers-newest-on-top = Layers, newest on top
stages-and-layers = Stages and their layers
previous-step = Previous step
next-step = Next step
step-said = step { $step } of { $steps }: { $text }
play = Play the build
pause = Pause
count-layers = Count layers
age-then = 2015: { $n } layers
age-now = today: { $n }
age-note = Docker before **1.10** (2016) made a layer of every line after FROM, `MAINTAINER` and `CMD` too: { $base } of the base + { $lines } = { $sum }. Today only RUN, COPY, ADD and WORKDIR do; the others are rows of 0B in the history.
then-layer = a layer of its own, then
stages-skipped = skipped: nothing in the image comes from { $n ->
    [one] it
   *[other] them
}, so { $steps ->
    [one] 1 step does
   *[other] { $steps } steps do
} not run
metadata-0b = metadata, 0B
not-run = not run
build-stops-here = the build stops here
built-first = first build
built-new = new instruction
built-text = text changed
built-variable = { $name } changed
built-after = follows step { $step }
built-after-base = follows the base
built-file = { $path } changed
built-files = { $path } and { $more } more changed
built-base = base changed
built-evicted = no longer in the cache
count-added = { $n } added
count-changed = { $n } changed
count-deleted = { $n } deleted
stored-again-n = stored again { $n }
count-again = { $n } stored again, unchanged
copied-up = { $n ->
    [one] 1 file copied up
   *[other] { $n } files copied up
}
also-in = also in image { $image }
cell-shadowed = shadowed:
cell-deleted = deleted, still stored:
cell-lid = whiteout, hides
cell-opaque = opaque whiteout, hides all below
sight-found = found in { $layer }
sight-hidden = not found: a whiteout in { $layer } hides it
sight-opaque = not found: { $layer } made its directory anew
sight-absent = not found: no layer has it
writable-layer = writable layer
writable-note = added when a container runs; nothing written yet
scratch-ground = scratch: no base, the stack starts from nothing
layer-of = layer { $n } of { $of }
final-stage = final
stage-final = stage { $n }, the image, { $steps ->
    [one] 1 step
   *[other] { $steps } steps
}
stage-behind = stage { $n }, stays behind, { $steps ->
    [one] 1 step
   *[other] { $steps } steps
}
legend-deleted = deleted, still stored
legend-whiteout = whiteout, 0B
legend-thickness = thickness: log of size
stale-line = Line { $line } does not parse.
stale-text = The text does not parse.
stale-unbuilt-line = Line { $line } cannot be built.
stale-unbuilt = The text cannot be built.
stale-last-good = This is the last good build; it updates as soon as the text is mended.
of-last-good = Of the last good build.
loading-data = Loading the base image's data …
worker-restarted = The engine crashed and was restarted. Your text is safe; the build cache starts empty.
worker-failed = The engine cannot be started in this browser. It needs WebAssembly and Web Workers.
empty-head = Nothing to build yet.
empty-text = Type `FROM busybox` to start: its layer appears here. Each RUN, COPY, ADD and WORKDIR below adds one.
empty-broken-head = No picture yet.
empty-broken-text = As soon as the text parses, its layers appear here.
starting-head = Starting the engine …
starting-text = The layers appear here in a moment.

## Inspector

changes = Changes
files = Files
tar = Tar
history = History
inspect = Inspect
log = Log
waste = Waste
inspector-empty = Select a step to see what it changed.
digest-pending = being computed
digest-not-computed = digest not computed

## Changes

changes-against = Changes against { $layer }
changes-of-step = Changes of step { $step }
mark-added = added
mark-changed = changed
mark-deleted = deleted
mark-stored-again = stored again, unchanged
stored-again-head = Stored again, unchanged
stored-again-note = not in docker diff, and in the layer all the same
why-gained = gained a name
why-lost = lost a name
why-below = changed below
why-mode = mode { $from } → { $to }
why-owner = owner { $from } → { $to }
why-content = content changed
why-time = time changed
why-again = stored again, unchanged
why-opaque = made anew: hides what it held
why-link = → { $target }
whiteout-0b = whiteout · 0B
hidden-by-opaque = hidden by the new directory · 0B
still-stored-below = hidden here, still stored below
still-in-image = still in the image
as-stored = As the layer stores it
whiteout-on-disk = On disk, overlay2 keeps the whiteout as a character device 0/0.
cause-written = written by { $command }
cause-copied-up = copied up by { $command }
cause-copied = put there by { $keyword }
cause-base = came with the base image
cause-line = { $cause }, line { $line }
stored-dir = directory
stored-file = file, { $size }
stored-symlink = link to { $target }
stored-hardlink = hard link to { $target }
stored-whiteout = empty file: the whiteout
stored-opaque = empty file: the opaque whiteout
kind-other = special file

because-freed-nothing = `{ $command }` freed nothing.
because-freed-nothing-evidence = A layer cannot change the layers below it. { $layer } stores only { $more ->
    [0] a whiteout that hides `{ $path }`
    [one] whiteouts that hide `{ $path }` and 1 more path
   *[other] whiteouts that hide `{ $path }` and { $more } more paths
}; { $ship } still { $count ->
    [one] ships
   *[other] ship
} its bytes: { $size }.
because-copied-up = { $files ->
    [one] One file was copied up whole.
   *[other] { $files } files were copied up whole.
}
because-copied-up-evidence = `{ $command }` changed { $files ->
    [one] a file
   *[other] files
} of lower layers. overlayfs cannot change a part of a file: it stores all of it again, { $size }.{ $unchanged ->
    [0] {""}
    [one] {" "}One of them did not even change.
   *[other] {" "}{ $unchanged } of them did not even change.
}
because-wrote = { $added ->
    [0] This step stored { $size }.
    [one] This step added one entry.
   *[other] This step added { $added } entries.
}
because-wrote-evidence = Its layer holds what the step wrote, and nothing of what was there before: { $size }.
because-only-names = A layer of 0B.
because-only-names-evidence = { $added ->
    [0] Names and attributes changed
    [one] One directory or link is new
   *[other] { $added } directories and links are new
}; those have no bytes of their own. It is a layer all the same.
because-empty-layer = Nothing changed, and there is a layer.
because-empty-layer-evidence = Every { $keyword } makes a layer, even an empty one.
because-metadata = { $keyword } makes no layer.
because-metadata-evidence = It writes the image's configuration: a row of 0B in the history, and no files.
because-base = { $layers ->
    [one] This layer came with FROM.
   *[other] These { $layers } layers came with FROM.
}
because-base-evidence = { $name } brings { $entries ->
    [one] 1 entry
   *[other] { $entries } entries
}, { $size }. Every image built on it shares { $layers ->
    [one] it
   *[other] them
}: on disk it is there once.
because-scratch = FROM scratch brings nothing.
because-scratch-evidence = The first layer of yours is the lowest of all.
because-copied-across = Only what is copied crosses over.
because-copied-across-evidence = Of stage { $stage }'s { $of }, this step takes { $taken }. The rest stays behind.
because-failed-run = The step failed, so it has no layer.
because-failed-run-evidence = A RUN that ends with a code other than 0 stops its stage.{ $n ->
    [0] {""}
    [one] {" "}One step after it did not run.
   *[other] {" "}{ $n } steps after it did not run.
}
because-failed = The step failed, so it has no layer.
because-failed-evidence = The build stops at the first error.{ $n ->
    [0] {""}
    [one] {" "}One step after it did not run.
   *[other] {" "}{ $n } steps after it did not run.
}
because-not-run = This step did not run.
because-not-run-evidence = Step { $step } failed, and the build stopped there.
because-not-needed = This step did not run.
because-not-needed-evidence = Nothing in the image comes from its stage.
because-not-simulated = What `{ $command }` does is not simulated.
because-not-simulated-evidence = The program is in the image, but this page does not run real programs. What it would have written is missing here, so sizes from here on are lower bounds.

## Files and lookup

filesystem-at = Merged filesystem at step { $step }
filesystem-of-base = Filesystem of the base image
hidden-files = hidden files
filter = Filter
filter-by-path = Filter by path
filter-by-change = Filter by change
filter-by-size = Filter by size
all-changes = all changes
all-sizes = all sizes
largest-first = largest first
rows-count = { $n ->
    [one] 1 row
   *[other] { $n } rows
}
selected-path = Selected path
content = Content
content-of = Content of { $path }
content-first = the first { $shown } of { $size }
content-empty = The file is empty.
content-not-held = The image's listing has this file's size and digest, not its bytes.
lookup-of = Lookup of `{ $path }`
from-the-top = from the top down
nothing-written = nothing written
no-such-name = no such name
opaque-directory = new directory hides all below
not-looked-at = not looked at
miss = miss
hit = hit
merged = merged
stop = stop
lookup-found = The first layer that has the name wins.
lookup-over-copies = The first layer that has the name wins. Copies below it stay stored; no one can read them.
lookup-merged = A directory is merged: each name in it is looked up by itself.
lookup-hidden = The look stops at the whiteout, so the file is gone. Copies below it stay stored.
lookup-absent = No layer has this name.

## Waste

waste-of-image = Waste of the image
waste-of = { $wasted } of { $size }
waste-head = { $size } are stored and cannot be read.
waste-evidence = Every copy below is in the image, and none is in its final filesystem.
waste-none = Nothing is wasted.
waste-none-evidence = Every stored byte is in the final filesystem.
waste-caption = Wasted bytes by file and layer
stored-in = stored in
why-there = why it is there
out-of-reach = out of reach since
new-copy = new copy
every-byte = Every byte of the image, once
duplicates = Stored more than once
duplicates-note = the same bytes; not a part of the sums
stored-times = { $size }, { $n } times
where-to-save = Where it could be saved
mend-merge = Merge the RUN lines { $first } to { $last } into one.
mend-merge-why = What is written, changed and removed inside one RUN is stored once, as it ends up.
mend-move = Move the rm of line { $from } into the RUN of line { $to }.
mend-move-why = What is removed inside the RUN that wrote it is never stored.
now = now
now-size = now { $size }
merged-runs = merged
merged-size = merged { $size }
merge-in-editor = Merge in the editor
move-in-editor = Move in the editor
mend-saves = saves { $size } · undo with Ctrl+Z

## Tar

tar-head = A layer is a tar archive.
tar-evidence = It holds the entries that this step added or changed, and an empty .wh. file for each name that it removed.
tar-none = No archive.
tar-none-evidence = This step makes no layer, so it stores no files.
tar-empty = The archive is empty.
tar-caption = Entries of the layer's archive
diff-id = Diff ID
diff-id-note = The SHA-256 of the uncompressed archive. A real build writes other times into it, so its digest differs.

## History, inspect, log

history-head = { $layers ->
    [one] 1 row with a layer
   *[other] { $layers } rows with a layer
}, { $empty } without.
history-evidence = What `docker history` prints, newest first. Rows of 0B without a layer only wrote the configuration.
history-missing = `<missing>` is no error: an image ID belongs to the whole image, and only the newest row has one. The rows below stand for layers, and layers have digests instead.
inspect-head = Where ENV and CMD live.
inspect-evidence = The image's configuration and its list of layers, as docker image inspect shows them. What the selected step set is bold.
build-log = Build log

## What a build changed, for the live region

said-built = Built. { $size }, { $layers ->
    [one] 1 layer
   *[other] { $layers } layers
}, { $wasted } wasted.
said-layer = Layer { $step } { $said }, plus { $size }.
said-adds = adds { $n ->
    [one] 1 file
   *[other] { $n } files
}
said-changes = changes { $n }
said-hides = hides { $n }
said-nothing = changes nothing
said-failed = The build failed at step { $step }, line { $line }.

## Diagnostics, by code. What has none here is shown in Docker's own words; "Did you mean" is added where there is a suggestion.

diagnostic-modelled = Modelled: { $message }
diagnostic-not-simulated = Not simulated: { $message }
diagnostic-placeholder = Placeholder: { $message }

diagnostic-empty-dockerfile = The Dockerfile is empty.
diagnostic-no-instructions = The Dockerfile has no instructions.
diagnostic-unterminated-heredoc = The here-document is not closed: a line with `{ $name }` alone is missing.
diagnostic-duplicate-directive = The directive `{ $name }` may be given once only.
diagnostic-invalid-escape = `{ $value }` is no escape character: use a backslash or a backtick.
diagnostic-line-too-long = The line is too long: Docker reads at most 65,535 bytes.
diagnostic-missing-value = `{ $instruction }` needs a name and a value.
diagnostic-missing-equals = `{ $word }` lacks its `=`: write name=value.
diagnostic-not-a-string-array = A JSON array may hold strings only.
diagnostic-dockerfile-too-large = The Dockerfile is too large: { $bytes } bytes, and the limit here is { $limit }.

diagnostic-unknown-instruction = Unknown instruction `{ $name }`.
diagnostic-unknown-flag = Unknown flag `--{ $flag }`.
diagnostic-duplicate-flag = The flag `--{ $flag }` is given twice.
diagnostic-missing-flag-value = The flag `--{ $flag }` needs a value.
diagnostic-flag-not-boolean = The flag `--{ $flag }` is true or false, not `{ $value }`.
diagnostic-at-least-one-argument = `{ $instruction }` needs an argument.
diagnostic-exactly-one-argument = `{ $instruction }` needs exactly one argument.
diagnostic-no-destination = `{ $instruction }` needs a source and a destination.
diagnostic-heredoc-as-destination = The destination of `{ $instruction }` cannot be a here-document.
diagnostic-blank-name = `{ $instruction }`: a name is missing before the `=`.
diagnostic-from-arguments = `FROM` takes an image, or an image, `AS` and a name.
diagnostic-invalid-stage-name = `{ $name }` is no stage name: it starts with a letter and holds letters, digits, `-`, `_` and `.`.
diagnostic-not-json = `{ $instruction }` needs its arguments as a JSON array.
diagnostic-empty-volume = A path of `VOLUME` is empty.
diagnostic-chained-onbuild = `ONBUILD` cannot stand in an `ONBUILD`.
diagnostic-onbuild-trigger = `{ $instruction }` cannot stand in an `ONBUILD`.
diagnostic-healthcheck-type = `HEALTHCHECK` is followed by `CMD` or `NONE`, not by `{ $name }`.
diagnostic-healthcheck-without-command = The command after `HEALTHCHECK CMD` is missing.
diagnostic-healthcheck-none-arguments = `HEALTHCHECK NONE` takes no arguments.
diagnostic-interval-too-short = `{ $flag }` cannot be less than 1ms.
diagnostic-negative-retries = `--retries` cannot be negative ({ $retries }).
diagnostic-invalid-network = `{ $mode }` is no network mode.
diagnostic-invalid-security = `{ $mode }` is no security mode.
diagnostic-mount-from-variable = `from=` of a mount takes no variables: define a stage instead.

diagnostic-unclosed-single-quote = A single quote is not closed in { $word }.
diagnostic-unclosed-double-quote = A double quote is not closed in { $word }.
diagnostic-missing-brace = The closing brace of a variable is missing in { $word }.
diagnostic-missing-slash = The second slash of a substitution is missing in { $word }.
diagnostic-bad-substitution = { $word } holds no valid substitution.
diagnostic-unsupported-modifier = Docker does not know the modifier `{ $modifier }` in { $word }.
diagnostic-required-variable = The variable `{ $name }` is required.
diagnostic-expansion-too-deep = { $word } nests substitutions deeper than { $limit }.
diagnostic-expansion-too-long = What { $word } expands to is longer than { $limit } bytes.

diagnostic-no-build-stage = The first instruction must be `FROM`, apart from `ARG`.
diagnostic-no-stages = There is no `FROM`, so there is nothing to build.
diagnostic-blank-base-name = The name after `FROM` is empty: { $name }.
diagnostic-unknown-target = There is no stage `{ $target }`.
diagnostic-variable-in-from = `--from` takes no variables: define a stage with `FROM` and a global `ARG` instead.
diagnostic-invalid-stage-index = There is no stage { $index }.
diagnostic-circular-dependency = The stage `{ $stage }` depends on itself.
diagnostic-not-defined-before = `{ $from }` comes later: a stage can copy from earlier stages only.

diagnostic-StageNameCasing = The stage name `{ $name }` should be in lower case.
diagnostic-FromAsCasing = `{ $keyword }` and `{ $from }` should have the same case.
diagnostic-NoEmptyContinuation = An empty line inside an instruction will become an error.
diagnostic-ConsistentInstructionCasing = `{ $command }` should be in the same case as most instructions ({ $casing }).
diagnostic-DuplicateStageName = The stage name `{ $name }` is used twice.
diagnostic-ReservedStageName = `{ $name }` is reserved and should not name a stage.
diagnostic-JSONArgsRecommended = `{ $instruction }` should be a JSON array: in this form a shell stands between, and signals do not reach the program.
diagnostic-MaintainerDeprecated = `MAINTAINER` is deprecated: use a `LABEL`.
diagnostic-UndefinedArgInFrom = The argument `{ $name }` of `FROM` is not declared.
diagnostic-WorkdirRelativePath = The relative path `{ $path }` depends on the base image's working directory.
diagnostic-UndefinedVar = The variable `{ $name }` is not defined.
diagnostic-MultipleInstructionsDisallowed = Only the last `{ $instruction }` of a stage counts.
diagnostic-LegacyKeyValueFormat = Write `{ $instruction } key=value`, not `{ $instruction } key value`.
diagnostic-RedundantTargetPlatform = `{ $expression }` is the platform anyway.
diagnostic-SecretsUsedInArgOrEnv = `{ $instruction } { $name }` looks like a secret: everyone who has the image can read it.
diagnostic-InvalidDefaultArgInFrom = With its default value, the argument `{ $name }` gives no valid image name.
diagnostic-FromPlatformFlagConstDisallowed = The platform of `FROM` should not be fixed to `{ $platform }`.
diagnostic-CopyIgnoredFile = `{ $command }` of `{ $file }`, which .dockerignore leaves out.
diagnostic-ExposeInvalidFormat = `EXPOSE` takes no IP address and no host port: `{ $port }`.
diagnostic-ExposeProtoCasing = The protocol of `{ $port }` should be in lower case.

diagnostic-image-not-found = There is no image `{ $reference }`.
diagnostic-image-denied = The image `{ $reference }` does not exist, or needs a login.
diagnostic-not-in-catalogue = `{ $name }` is not in this page's catalogue, though Docker may find it.
diagnostic-data-missing = The data of `{ $what }` could not be loaded: { $reason }. The next edit tries again.
diagnostic-tag-stands-for = `{ $asked }` is taken as `{ $used }`, the version in this page's catalogue.
diagnostic-source-not-found = `{ $path }` is not in the build context.
diagnostic-bad-url = This is no URL that could be fetched: { $message }.
diagnostic-no-arguments = RUN has an empty list: there is no program to run.
diagnostic-lesson-cleanup = What this removes stays in the layers below: { $size }. Remove it in the `RUN` that made it.
diagnostic-lesson-copied-up = `{ $command }` stores files of lower layers again: { $size }. Give them their mode and owner where they are made: `COPY --chmod` and `--chown` do.
diagnostic-lesson-update-alone = `{ $command }` alone in a `RUN`: the cache keeps its lists ({ $size }) while the install after it changes. Put both into one `RUN`.
diagnostic-lesson-lists-left = `{ $path }` stays in the layer: { $size }. Remove it in the same `RUN`.
diagnostic-lesson-copy-before-install = Every change of a file runs `{ $install }` again ({ $size }). Copy what it reads first, and the rest after it.
diagnostic-lesson-secret = `{ $path }` ({ $size }) can be read by whoever has the image, even if a later layer removes it. Use `RUN --mount=type=secret`.
diagnostic-lesson-add-for-copy = `ADD` also unpacks archives and fetches URLs. For these files ({ $size }) `COPY` does.
diagnostic-lesson-unpinned-base = `{ $image }` can be another image tomorrow, and its { $size } with it. Name a version.
diagnostic-secret-not-found = There is no secret `{ $id }`.
diagnostic-process-not-started = { $process } could not be started: { $reason }.
diagnostic-too-many-commands = The simulation stops here: the limit is { $limit } commands a build.
diagnostic-too-much-nesting = The simulation stops here: the limit is { $limit } levels of nesting.
diagnostic-too-much-output = The simulation stops here: the limit is { $limit } bytes of output a RUN.
diagnostic-too-many-bytes = The simulation stops here: the limit of a file, and of an image, is { $limit } bytes.
diagnostic-too-many-entries = The simulation stops here: the limit is { $limit } entries a step.

# Images: archives opened and made.
images = Images
images-choose = Image archives
images-about = Open what `docker save` or `podman save` wrote, an OCI layout as tar, or a root filesystem (`docker export`). It is read here, in your browser: nothing is uploaded. You can also drop it anywhere on the page.
images-progress = { $done } of { $total }
images-line = { $layers ->
    [one] 1 layer, { $size }
   *[other] { $layers } layers, { $size }
}
images-show = Show its layers
images-export = Take the image with you
images-export-about = The image as it is built now. Layers that you brought keep their own bytes; an image on a base of the catalogue cannot be written, since the contents of its files are not here.
images-docker = For docker load
images-oci = OCI layout
images-save = Save ({ $size })
cancel = Cancel
