#!/bin/bash
# make deb: builds the Debian package from the files of this working tree, into build/deb.
#   packaging/deb.sh [--dir DIR] [--out DIR]      DIR: where it is built, made anew
# The same files, tools and libraries give the same package, byte for byte, in any directory.
set -euo pipefail
cd "$(dirname "$0")/.."
dir=build/deb-build out=build/deb
while [ $# -gt 0 ]; do
    case $1 in
        --dir) dir=$2; shift ;;
        --out) out=$2; shift ;;
        *) sed -n '2,3p' "$0" >&2; exit 2 ;;
    esac
    shift
done
say() { printf '>> %s\n' "$*"; }
export PATH="$PWD/tools/node/bin:$PATH"

version=$(grep -oP "^project\(.*?, version: '\K[^']+" meson.build)
changelog=$(sed -n '1s/.*(\(.*\)).*/\1/p' packaging/debian/changelog)
if [ "$version" != "$changelog" ]; then
    echo "deb: meson.build says $version, packaging/debian/changelog $changelog" >&2
    exit 1
fi

# Only what is of the project goes along, with modes that no umask has touched.
mkdir -p "$dir" "$out"
dir=$(cd "$dir" && pwd) tree=$dir/fengqiao-$version
rm -rf "$tree" "$dir"/*.deb
mkdir "$tree"
git ls-files -z --cached --others --exclude-standard | tar -c --null -T - --ignore-failed-read \
    --mode=u=rwX,go=rX | tar -x -C "$tree"
cp -r "$tree/packaging/debian" "$tree/debian"
cp -a web/node_modules "$tree/web/"

say "building the package in $dir"
log=$dir/build.log
(cd "$tree" && umask 022 && dpkg-buildpackage -b -us -uc -d ${JOBS:+-j"$JOBS"}) >"$log" 2>&1 ||
    { tail -n 30 "$log"; exit 1; }
rm -rf "$tree"
cp "$dir"/fengqiao_*.deb "$out/"
(cd "$out" && sha256sum "fengqiao_${version}_$(dpkg --print-architecture).deb")
