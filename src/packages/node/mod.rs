//! Node: `npm`, `npx`, `yarn`, `pnpm` and `corepack` on the catalogue's picture of npm's registry.

mod corepack;
mod data;
mod global;
mod install;
mod lock;
mod manifest;
mod npm;
mod npx;
mod scripts;
mod semver;
mod tree;
mod yarn;

pub(super) use corepack::run as corepack;
pub(super) use npm::run as npm;
pub(super) use npx::run_npx as npx;
pub(super) use yarn::{run_dlx as dlx, run_pnpm as pnpm, run_yarn as yarn};
