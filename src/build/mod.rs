//! From instructions to layers: the plan (which stages), the cache, the steps, and the executor that runs them.

pub mod outcome;
