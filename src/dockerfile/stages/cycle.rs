//! Stages that wait for each other.

use super::{Source, StageGraph};
use crate::diagnostic::StageError;
use crate::dockerfile::Dockerfile;

impl StageGraph {
    /// Stages that copy from each other. What a stage starts from is no part of a cycle: that stage comes earlier.
    pub(super) fn find_cycle(&mut self, file: &Dockerfile) {
        let mut seen = vec![false; self.stages.len()];
        for start in 0..self.stages.len() {
            let mut on_path = vec![false; self.stages.len()];
            if let Some(instruction) = self.visit(start, &mut seen, &mut on_path) {
                let stage = self.stages[start].label.clone();
                let instruction = &file.instructions[instruction];
                self.error(StageError::CircularDependency { stage }, instruction);
                return;
            }
        }
    }

    /// The instruction that closes a cycle, if one is found from this stage.
    fn visit(&self, start: usize, seen: &mut [bool], on_path: &mut [bool]) -> Option<usize> {
        // Without recursion: a file may have as many stages as lines.
        let mut path = vec![(start, 0)];
        if std::mem::replace(&mut seen[start], true) {
            return None;
        }
        on_path[start] = true;
        while let Some((stage, next)) = path.last_mut() {
            let (current, position) = (*stage, *next);
            *next += 1;
            let Some((dependency, instruction)) = self.dependencies(current).get(position).copied() else {
                on_path[current] = false;
                path.pop();
                continue;
            };
            if on_path[dependency] {
                return Some(instruction);
            }
            if !std::mem::replace(&mut seen[dependency], true) {
                on_path[dependency] = true;
                path.push((dependency, 0));
            }
        }
        None
    }

    /// The stages that a stage copies from or mounts, each with the last instruction that does.
    fn dependencies(&self, stage: usize) -> Vec<(usize, usize)> {
        let mut list: Vec<(usize, usize)> = Vec::new();
        for reference in &self.stages[stage].references {
            if let Source::Stage(index) = reference.source {
                match list.iter_mut().find(|(known, _)| *known == index) {
                    Some(entry) => entry.1 = reference.instruction,
                    None => list.push((index, reference.instruction)),
                }
            }
        }
        list
    }
}
