#!/usr/bin/env bash
# Every shipped template against the declaration of its kind; the file name is the kind.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
shopt -s nullglob
templates=(app/templates_docx/*.docx)
if [[ ${#templates[@]} == 0 ]]; then
    echo "app/templates_docx holds no template: nothing was checked" >&2
    exit 1
fi
# shellcheck disable=SC2016  # the inner shell is the one to expand
printf '%s\0' "${templates[@]}" | xargs -0 -P 2 -I{} bash -c '
    kind=$(basename "$1" .docx)
    .venv/bin/python -m flask papers lint "$1" --kind "$kind" || { echo "$1: see above" >&2; exit 1; }' _ {}
echo "templates: ${#templates[@]} checked"
