#!/usr/bin/env bash
# Makes a tarball, a .deb and an SBOM of a built `lifeboat` in dist/, with their checksums in SHA256SUMS.
# Needs cargo, tar, and for the .deb dpkg-deb; for the SBOM python3. What is missing is said and left out.
# A binary that is built already can be named: package.sh PATH_TO_LIFEBOAT
set -euo pipefail
cd "$(dirname "$0")/../.."
here=assets/packaging
target="$(rustc -vV | sed -n 's/^host: //p')"
if [ "$#" -gt 0 ]; then
  binary="$1"
else
  cargo build --profile dist --locked
  binary="${CARGO_TARGET_DIR:-target}/dist/lifeboat"
fi
version="$("$binary" --version | cut -d' ' -f2)"
out=dist
rm -rf "$out" && mkdir -p "$out"
# The same input gives the same archives: fixed times, owners and order.
stamp="${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || date +%s)}"
pack() { tar --sort=name --mtime="@$stamp" --owner=0 --group=0 --numeric-owner -C "$1" -cf - "${@:2}" | gzip -9n; }

root="$(mktemp -d)"
trap 'rm -rf "$root"' EXIT
usr="$root/usr"
install -Dm755 "$binary" "$usr/bin/lifeboat"
install -Dm644 "$here/lifeboat.desktop" "$usr/share/applications/lifeboat.desktop"
install -Dm644 assets/icons/lifeboat.svg "$usr/share/icons/hicolor/scalable/apps/lifeboat.svg"
for size in 64 256; do
  install -Dm644 "assets/icons/lifeboat-$size.png" "$usr/share/icons/hicolor/${size}x${size}/apps/lifeboat.png"
done
for file in README.md LICENSE-MIT LICENSE-APACHE; do install -Dm644 "$file" "$usr/share/doc/lifeboat/$file"; done
cat LICENSE-MIT assets/fonts/JetBrainsMono-OFL.txt > "$usr/share/doc/lifeboat/copyright"
mkdir -p "$usr/share/man/man1"
"$binary" man | gzip -9n > "$usr/share/man/man1/lifeboat.1.gz"
for command in status balance send accounts key endpoints serve; do
  "$binary" man "$command" | gzip -9n > "$usr/share/man/man1/lifeboat-$command.1.gz"
done
complete() { install -d "$(dirname "$usr/share/$2")" && "$binary" completions "$1" > "$usr/share/$2"; }
complete bash bash-completion/completions/lifeboat
complete zsh zsh/vendor-completions/_lifeboat
complete fish fish/vendor_completions.d/lifeboat.fish

name="lifeboat-$version-$target"
mkdir "$root/$name" && cp -a "$usr/." "$root/$name/"
pack "$root" "$name" > "$out/$name.tar.gz"

if command -v dpkg-deb > /dev/null; then
  size="$(du -sk "$usr" | cut -f1)"
  install -d "$root/deb/DEBIAN" && cp -a "$usr" "$root/deb/usr"
  cat > "$root/deb/DEBIAN/control" <<CONTROL
Package: lifeboat
Version: $version
Architecture: $(dpkg --print-architecture)
Maintainer: Lifeboat contributors <lifeboat@localhost>
Installed-Size: $size
Depends: libc6
Recommends: libgl1, libxkbcommon0, libxkbcommon-x11-0
Section: net
Priority: optional
Description: Ethereum when hosted front ends, explorers and RPC companies are down
 A light client, a window and a command line in one program: every value
 shown is proven on this computer, whoever delivered the bytes.
CONTROL
  SOURCE_DATE_EPOCH="$stamp" dpkg-deb --root-owner-group -Zxz --build "$root/deb" "$out/lifeboat_${version}_$(dpkg --print-architecture).deb" > /dev/null
else
  echo "SKIPPED: no dpkg-deb here, so no .deb"
fi
if command -v python3 > /dev/null; then
  python3 "$here/sbom.py" "$target" > "$out/lifeboat-$version.cdx.json"
else
  echo "SKIPPED: no python3 here, so no SBOM"
fi
(cd "$out" && sha256sum -- * > SHA256SUMS && cat SHA256SUMS)
