# room.sh, read by clean-room.sh and stranger.sh: a bare Debian 12 in the folder $dir, made by
# debootstrap. The host's apt settings, certificates, proxies and npm registry go along, as an
# office behind a proxy would have them. $keep: yes leaves the folder.
say() { printf '== %s\n' "$*"; }
seconds_since() { echo "$(($(date +%s) - $1)) s"; }
in_room() { chroot "$dir" env -i "${environment[@]}" "$@"; }

# Everything that is mounted and runs in the room ends with the script: called first, with all its
# arguments, it starts the script anew in namespaces of its own.
room_alone() {
    [ "$(id -u)" = 0 ] || { echo "${0##*/}: run as root" >&2; exit 2; }
    [ -n "${ROOM_ALONE:-}" ] ||
        ROOM_ALONE=1 exec unshare --mount --propagation private --pid --fork --mount-proc \
            --kill-child "$0" "$@"
    [ ! -e "$dir" ] || { echo "${0##*/}: $dir exists" >&2; exit 2; }
}

# The host's Debian mirrors and how to reach them; nothing from other vendors.
mirrors() {
    apt-get indextargets --format 'deb $(REPO_URI) $(RELEASE) $(COMPONENT)' \
        'Created-By: Packages' 'Origin: Debian' | grep bookworm | sort -u
}

# More packages than the least, with commas between: $1.
room_make() {
    local mirror
    mirror=$(mirrors | awk '$3 == "bookworm" {print $2; exit}')
    debootstrap --variant=minbase ${1:+--include="$1"} ${ROOM_CACHE:+--cache-dir="$ROOM_CACHE"} \
        bookworm "$dir" ${mirror:+"$mirror"} >"$dir.log" || { tail -n 20 "$dir.log"; return 1; }
    rm "$dir.log"
    mirrors >"$dir/etc/apt/sources.list"
    apt-config dump Acquire >"$dir/etc/apt/apt.conf.d/90host"
    cp /etc/resolv.conf /etc/hosts "$dir/etc/"
    cp /etc/ssl/certs/ca-certificates.crt "$dir/etc/host-ca.crt"
}

# For what runs in it without being its system: nothing is started by being installed.
room_mount() {
    printf '#!/bin/sh\nexit 101\n' >"$dir/usr/sbin/policy-rc.d"
    chmod +x "$dir/usr/sbin/policy-rc.d"
    mount -t proc proc "$dir/proc"
    mount --rbind /dev "$dir/dev"
    mount -t sysfs -o ro sysfs "$dir/sys"
    mount -t tmpfs tmpfs "$dir/run"
}
room_unmount() {
    umount -l "$dir"/{proc,sys,dev/shm,dev/pts,dev,run} 2>/dev/null || true
    rm -f "$dir/usr/sbin/policy-rc.d"
}

room_remove() {
    [ "$keep" != yes ] || return 0
    room_unmount
    rm -rf --one-file-system "$dir"
}

environment_make() {
    local name
    environment=(HOME=/root LANG=C.UTF-8 TERM=dumb CI=true DEBIAN_FRONTEND=noninteractive
        PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
        NODE_EXTRA_CA_CERTS=/etc/host-ca.crt NPM_CONFIG_CAFILE=/etc/host-ca.crt)
    for name in {http,https,no}_proxy {HTTP,HTTPS,NO}_PROXY NPM_CONFIG_REGISTRY; do
        [ -z "${!name:-}" ] || environment+=("$name=${!name}")
    done
    if [ -z "${NPM_CONFIG_REGISTRY:-}" ] && command -v npm >/dev/null; then
        environment+=("NPM_CONFIG_REGISTRY=$(npm config get registry 2>/dev/null)")
    fi
}

# The same package under another version: FILE VERSION FOLDER.
deb_as() {
    local work
    work=$(mktemp -d)
    dpkg-deb -R "$1" "$work/p"
    sed -i "s/^Version: .*/Version: $2/" "$work/p/DEBIAN/control"
    dpkg-deb --root-owner-group -Zgzip -z1 -b "$work/p" "$3/fengqiao_$2.deb" >/dev/null
    rm -rf "$work"
}
