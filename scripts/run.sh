#!/usr/bin/env bash
# `run.sh serve` opens the service on this machine, `run.sh walk` goes through the main job without a browser.
# The first call makes the register and, only in a register of its own making, invented data.
set -euo pipefail
umask 077  # all that lies in the instance is for its owner alone

cd "$(dirname "${BASH_SOURCE[0]}")/.."
aim=${1:-serve}
instance=${FANXIAO_INSTANCE:-instance}
flask=(.venv/bin/python -m flask)
accounts=$instance/demo-accounts.json
wanted=$instance/.demo-wanted
ready=$instance/.initialised

say() { printf '==> %s\n' "$*" >&2; }

[[ -z ${HOST:-} ]] || export FANXIAO_HOST=$HOST
[[ -z ${PORT:-} ]] || export FANXIAO_PORT=$PORT
mkdir -p "$instance"

# Demo data go only into a register that this very script made: never into one that holds, or may hold, real children.
if [[ ! -e $instance/register.db && ! -e $instance/settings.toml && -z ${FANXIAO_DATABASE_URL:-} ]]; then
    touch "$wanted"
fi
shape=$(cat migrations/versions/*.py app/outside/data/* 2>/dev/null | sha256sum)
if [[ ! -f $ready || $(<"$ready") != "$shape" ]]; then
    say "建立登记库 / preparing the register"
    "${flask[@]}" init >&2
    printf '%s\n' "$shape" >"$ready"
fi
if [[ -e $wanted || -s $accounts ]]; then
    export FANXIAO_DEMO=${FANXIAO_DEMO:-true} FANXIAO_SEAL_POLICY=${FANXIAO_SEAL_POLICY:-image}
    export FANXIAO_SECOND_FACTOR=${FANXIAO_SECOND_FACTOR:-offered}  # invented people have no telephones
fi
if [[ -e $wanted ]]; then
    say "写入演示数据（全部虚构） / writing demo data, all invented"
    "${flask[@]}" demo --json >"$accounts.new"
    mv "$accounts.new" "$accounts"
    rm "$wanted"
fi

walk() {
    if [[ ! -s $accounts ]]; then
        printf '错误：这里的登记库不是演示库，不在其中演示。\nError: this register holds no demo data; nothing was done.\n' >&2
        exit 1
    fi
    "${flask[@]}" demo --walk --out "$instance/demo"
}

serve() {
    local address=http://${FANXIAO_HOST:-127.0.0.1}:${FANXIAO_PORT:-8000}
    if [[ -s $accounts ]]; then
        export FANXIAO_PUBLIC_URL=${FANXIAO_PUBLIC_URL:-$address}
        .venv/bin/python scripts/show_accounts.py "$accounts"
    fi
    printf '\n返校 %s  （Ctrl-C 停止 / Ctrl-C stops everything）\n\n' "$address"
    exec "${flask[@]}" serve
}

case $aim in
    serve | walk) "$aim" ;;
    *)
        printf 'usage: scripts/run.sh serve|walk\n' >&2
        exit 2
        ;;
esac
