#!/bin/sh
# Makes the environment from the lock file; says in one sentence what is missing.
set -eu
python="$1"
command -v "$python" >/dev/null 2>&1 || { echo "Cần Python 3.11 trở lên (không thấy $python). Python 3.11 or later is needed." >&2; exit 1; }
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Cần Python 3.11 trở lên. Python 3.11 or later is needed." >&2; exit 1; }
"$python" -c 'import venv, ensurepip' 2>/dev/null || { echo "Thiếu gói python3-venv: hãy cài rồi chạy lại. The package python3-venv is missing." >&2; exit 1; }
[ -x .venv/bin/python ] || "$python" -m venv .venv
echo "Cài thư viện theo tệp khoá… / Installing the locked libraries…"
if command -v uv >/dev/null 2>&1; then
  UV_SYSTEM_CERTS=1 uv pip install --quiet --python .venv/bin/python --require-hashes -r requirements.lock || .venv/bin/python -m pip install --quiet --disable-pip-version-check --progress-bar on --require-hashes -r requirements.lock
else
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --progress-bar on --require-hashes -r requirements.lock
fi
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
touch .venv/ready
