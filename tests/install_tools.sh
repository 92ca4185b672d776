#!/bin/sh
# Chromium, PostgreSQL and Chinese fonts for the tests, from Debian's packages when this user may install them.
# Ends with 1 and one sentence a missing part when they are neither there nor installable: a skipped test is no test.
set -u
missing=""
command -v "${WENGU_CHROMIUM:-chromium}" >/dev/null 2>&1 || missing="$missing chromium"
command -v initdb >/dev/null 2>&1 || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$missing postgresql"
fc-list 2>/dev/null | grep -qiE 'cjk|noto sans sc|source han|wenquanyi' || missing="$missing fonts-noto-cjk"
[ -z "$missing" ] && exit 0

if [ "$(id -u)" = 0 ]; then as_root=""; elif sudo -n true 2>/dev/null; then as_root="sudo -n"; else as_root="no"; fi
if [ "$as_root" != no ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing$missing…"
  $as_root apt-get update -qq >/dev/null 2>&1
  # shellcheck disable=SC2086
  if $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing fontconfig >/dev/null 2>&1; then
    exit 0
  fi
fi
for part in $missing; do
  case $part in
    chromium) echo "The browser tests cannot run: install Chromium (Debian: apt-get install chromium) or set WENGU_CHROMIUM." >&2 ;;
    postgresql) echo "The PostgreSQL tests cannot run: install PostgreSQL (Debian: apt-get install postgresql)." >&2 ;;
    *) echo "The browser tests would show boxes for Chinese text: install a Chinese font (Debian: apt-get install fonts-noto-cjk)." >&2 ;;
  esac
done
exit 1
