# Shared by the scripts: strict mode, the repository as working directory, the tools on PATH, and three ways to speak.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export PATH="$PWD/.setup/bin:$PWD/node_modules/.bin:${CARGO_HOME:-$HOME/.cargo}/bin:$PATH"

say() { printf '%s\n' "layerlab: $*"; }
fail() {
    printf '%s\n' "layerlab: $*" >&2
    exit 1
}
have() { command -v "$1" >/dev/null 2>&1; }
