#!/usr/bin/env bash
# Brings a bare Debian 12 to the point where the service can run (`setup.sh run`) or be checked (`setup.sh test`).
# Looks first and touches only what is missing, so a second call costs a fraction of a second.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
aim=${1:-run}
venv=${VENV:-.venv}

say() { printf '==> %s\n' "$*" >&2; }

stop() {
    printf '错误：%s\nError: %s\n' "$1" "$2" >&2
    exit 3
}

case $aim in
    run) requirements=(requirements.txt) ;;
    test) requirements=(requirements.txt requirements-dev.txt) ;;
    *) stop "用法：scripts/setup.sh run|test" "usage: scripts/setup.sh run|test" ;;
esac

# --- Python: 3.11 by name first, else whatever python3 is if it is new enough ------------------------------------------
new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
    local name path
    for name in python3.11 python3 /usr/bin/python3; do
        path=$(command -v "$name") || continue
        if new_enough "$path"; then
            printf '%s\n' "$path"
            return
        fi
    done
}

# --- system packages: one question to dpkg, then apt only if something is missing --------------------------------------
# LibreOffice with a desktop conflicts with the -nogui set: whoever has the desktop one keeps it.
wanted() {
    local flavour=-nogui
    grep -qx libreoffice-core <<<"$installed" && flavour=
    printf '%s\n' "libreoffice-writer$flavour" "libreoffice-calc$flavour" python3-uno bubblewrap \
        fonts-noto-cjk fonts-noto-cjk-extra fonts-lxgw-wenkai fonts-liberation
    if [[ $aim == test ]]; then
        printf '%s\n' poppler-utils mupdf-tools libnss3-tools libatomic1 openssl chromium git \
            postgresql-15 redis-server
    fi
    # Debian keeps venv and pip's seed apart from python3; an own build of Python brings both.
    if [[ -z $python ]]; then
        printf '%s\n' python3 python3-venv
    elif ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        printf '%s\n' python3-venv
    fi
}

as_root() {
    if [[ $(id -u) == 0 ]]; then "$@"; else sudo "$@"; fi
}

apt() {
    as_root env LC_ALL=C DEBIAN_FRONTEND=noninteractive apt-get -q -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=120 \
        -o Acquire::Retries=3 "$@" </dev/null
}

# Of apt's many lines, those that tell a waiting person how far it is.
progress() { sed -nu -e 's/^Need to get/    download:/p' -e 's/^Get:[0-9]* [^ ]* [^ ]* [^ ]* \([^ ]*\).*\(\[.*\]\)$/    \1 \2/p' \
    -e 's/^Setting up \([^ ]*\).*/    + \1/p' -e '/^[EW]:/p' >&2; }

install_packages() {
    say "安装系统软件包（只在第一次） / installing system packages: $*"
    if ! apt install -y --no-install-recommends "$@" 2>/dev/null | progress; then
        say "刷新软件包目录后再试 / refreshing the package index, then trying again"
        apt update 2>&1 | progress || true
        apt install -y --no-install-recommends "$@" 2>&1 | progress ||
            stop "apt 没能装好：$*。请按上面的提示处理后再运行。" "apt could not install: $* (see its message above)."
    fi
}

need_packages() {
    local installed missing
    if ! command -v dpkg-query >/dev/null; then
        installed=
        missing=$(unmet_without_dpkg)
        [[ -z $missing ]] ||
            stop "本机没有 dpkg/apt。请用本机的办法装好：$missing，再运行一次。" \
                "no dpkg/apt here. Install by your system's means: $missing; then run this again."
        return
    fi
    installed=$(dpkg-query -W -f='${db:Status-Abbrev} ${Package}\n' | sed -n 's/^[ih]i  *//p')
    missing=$(wanted | grep -vxF -f <(printf '%s\n' "$installed") | paste -sd' ' || true)
    [[ -n $missing ]] || return 0
    if ! command -v apt-get >/dev/null || { [[ $(id -u) != 0 ]] && ! command -v sudo >/dev/null; }; then
        stop "缺少软件包，而这里没有安装的权限。请管理员运行：apt-get install $missing" \
            "packages are missing and there is no right to install them. Ask for: apt-get install $missing"
    fi
    # shellcheck disable=SC2086  # a list of names, meant to be split
    install_packages $missing
}

unmet_without_dpkg() {
    local out=()
    command -v soffice >/dev/null || out+=("LibreOffice (Writer, Calc, python3-uno)")
    command -v bwrap >/dev/null || out+=(bubblewrap)
    [[ -n $python ]] || out+=("Python 3.11+")
    (IFS=','; printf '%s' "${out[*]}")
}

# --- the virtual environment -------------------------------------------------------------------------------------------
need_venv() {
    if [[ -x $venv/bin/python ]] && new_enough "$venv/bin/python" && "$venv/bin/python" -c 'import pip' 2>/dev/null; then
        return
    fi
    say "建立虚拟环境 / making $venv with $python ($("$python" -V 2>&1))"
    rm -rf "$venv"
    "$python" -m venv "$venv"
}

# The stamp is the text of the requirements and of what interprets them: anything else changed means install again.
need_libraries() {
    local stamp=$venv/.fanxiao-$aim now
    now=$(cat "${requirements[@]}" scripts/constraints.txt "$venv/pyvenv.cfg" | sha256sum)
    if [[ -f $stamp && $(<"$stamp") == "$now" ]]; then
        return
    fi
    say "安装 Python 库 / installing Python libraries from ${requirements[*]}"
    "$venv/bin/python" -m pip install -qq --no-input --disable-pip-version-check --root-user-action=ignore \
        -c scripts/constraints.txt -r "${requirements[-1]}" >&2 ||
        stop "Python 库没有装好，请看上面的原因（多半是网络），再运行一次。" \
            "the Python libraries could not be installed (see above; often the network). Run this again."
    printf '%s\n' "$now" >"$stamp"
    say "完成 / done"
}

python=$(find_python)
need_packages
[[ -n $python ]] || python=$(find_python)
[[ -n $python ]] || stop "找不到 Python 3.11 或更新的版本。" "no Python 3.11 or newer was found."
need_venv
need_libraries
