//! Where a file that `COPY --from` brought came from: the stage and the step that last wrote it there.

use crate::build::outcome::{Build, CopiedFrom, Stage, Step, StepId};
use crate::path::AbsPath;

/// Where a copied file came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CameFrom {
    /// The stage or image.
    pub from: CopiedFrom,
    /// Its path there.
    pub source: AbsPath,
    /// The step that last wrote it there; none where it came with an image.
    pub step: Option<StepId>,
}

/// Where a file came from that this step copied; none for what it did not copy from a stage or an image.
pub fn came_from(build: &Build, step: &Step, path: &AbsPath) -> Option<CameFrom> {
    let copied = step.copied.as_ref()?;
    let at = copied.files.binary_search_by(|file| file.path.cmp(path)).ok()?;
    let source = copied.files[at].source.clone();
    let step = writer(build, &copied.from, &source).and_then(|(stage, layer)| stage.layers[layer].step);
    Some(CameFrom { from: copied.from.clone(), source, step })
}

/// The stage, and the index of its newest layer that wrote anything of what the step copied; none for steps that copied
/// nothing from a stage.
pub fn provider<'a>(build: &'a Build, step: &Step) -> Option<(&'a Stage, usize)> {
    let copied = step.copied.as_ref()?;
    let writers = copied.files.iter().filter_map(|file| writer(build, &copied.from, &file.source));
    writers.max_by_key(|(_, layer)| *layer)
}

fn writer<'a>(build: &'a Build, from: &CopiedFrom, source: &AbsPath) -> Option<(&'a Stage, usize)> {
    let CopiedFrom::Stage(index) = from else { return None };
    let stage = build.stages.get(*index)?;
    let layer = stage.snapshot.lstat(source)?.layer as usize;
    (layer < stage.layers.len()).then_some((stage, layer))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::{self, Cache, Request};
    use crate::catalog::Catalog;
    use std::cell::RefCell;
    use std::rc::Rc;

    #[test]
    fn a_copied_file_came_from_the_step_that_wrote_it() {
        let stage = "FROM alpine:3.20 AS one\nRUN echo 1 > /f\nRUN mkdir /d && echo 2 > /d/g && ln -s g /d/l\n";
        let target = "FROM alpine:3.20\nCOPY --from=one /f /d /etc/motd /x/\nCOPY --from=alpine:3.20 /etc/motd /y\nCOPY <<E /z\nE\n";
        let cache = Rc::new(RefCell::new(Cache::default()));
        let build = |text: String| {
            let request = Request { dockerfile: text, ..Request::default() };
            build::block_on(build::build(Rc::new(request), Rc::new(Catalog::builtin()), cache.clone()))
        };
        let came = |build: &Build, ordinal: usize, path: &str| {
            let step = build.step(StepId { stage: 1, ordinal }).unwrap();
            let came = came_from(build, step, &AbsPath::new(path))?;
            Some((came.source.to_string(), came.step.map(|step| (step.stage, step.ordinal))))
        };
        let first = build(format!("{stage}{target}"));
        assert_eq!(first.failure, None);
        // Again from the cache, with the writers one step further down.
        let again = build(format!("{}{target}", stage.replacen("RUN", "RUN true\nRUN", 1)));
        for (build, shift) in [(&first, 0), (&again, 1)] {
            let step = |ordinal: usize| Some((0, ordinal + shift));
            assert_eq!(came(build, 1, "/x/f"), Some(("/f".to_owned(), step(1))));
            assert_eq!(came(build, 1, "/x/g"), Some(("/d/g".to_owned(), step(2))));
            assert_eq!(came(build, 1, "/x/l"), Some(("/d/l".to_owned(), step(2))));
            assert_eq!(came(build, 1, "/x/motd"), Some(("/etc/motd".to_owned(), None)));
            assert_eq!(came(build, 2, "/y"), Some(("/etc/motd".to_owned(), None)));
            assert_eq!(came(build, 1, "/x/nothing"), None);
            assert_eq!(came(build, 3, "/z"), None);
        }
    }
}
