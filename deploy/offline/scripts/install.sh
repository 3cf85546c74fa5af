#!/bin/sh
# Installs into the folder given (default: ./assistant) without any network, and reads the documents in.
# 用法：sh install.sh [文件夹] [可选部分，例如 postgresql]
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
target=${1:-"$PWD/assistant"}
extras=${2:-}
python=${PYTHON:-python3}
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "需要 Python 3.11 或更新的版本" >&2; exit 2; }
echo "核对文件……"
(cd "$here" && sha256sum --check --quiet SHA256SUMS) || { echo "安装包不完整或被改过，没有安装" >&2; exit 2; }
mkdir -p "$target"
"$python" -m venv "$target/.venv"
wheel=$(ls "$here"/wheels/tech_manager_assistant-*.whl)
[ -z "$extras" ] || wheel="$wheel[$extras]"
"$target/.venv/bin/python" -m pip install --quiet --no-index --find-links "$here/wheels" --constraint "$here/constraints.txt" "$wheel"
[ -d "$target/corpus" ] || cp -R "$here/corpus" "$target/corpus"
cd "$target"
.venv/bin/tech-manager-assistant ingest
echo "装好了。启动：cd $target && .venv/bin/tech-manager-assistant serve"
