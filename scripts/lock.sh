#!/usr/bin/env bash
# Writes scripts/constraints.txt: what requirements*.txt resolve to in a fresh environment of today.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
.venv/bin/python -m venv "$fresh"
"$fresh/bin/python" -m pip install -qq --disable-pip-version-check -r requirements-dev.txt
{
    sed -n 1p scripts/constraints.txt
    "$fresh/bin/python" -m pip freeze --exclude pip --exclude setuptools --exclude wheel | LC_ALL=C sort -f
} >"$fresh/constraints.txt"
cp "$fresh/constraints.txt" scripts/constraints.txt
