#!/usr/bin/env bash
# The webcam path on real V4L2 devices: a small virtual machine with Debian's kernel and the test drivers `vivid` and, where it can be
# built, `v4l2loopback`. Lists, opens YUYV, NV12, RGB and MJPEG, refuses grey, meets a busy, an unplugged and a stalled camera, and
# recovers. Run on demand, from anywhere, without root:
#
#     sudo apt-get install qemu-system-x86 busybox-static kmod cpio gcc make
#     tests/camera/run.sh                # report: target/camera-check/report.md, exit status 1 if a check failed
#
# Needs the package lists (`apt-get update`) to fetch the kernel, no camera, no KVM. Takes two to four minutes.
set -eu
cd "$(dirname "$0")/../.."
out=$PWD/target/camera-check
mkdir -p "$out/packages" "$out/kernel"
report=$out/report.md

cargo build --release --example camera-probe

# Debian's kernel and, for MJPEG, grey and stalls, the sources of v4l2loopback; unpacked, not installed.
kernel=$(apt-cache depends linux-image-amd64 | sed -n 's/.*Depends: \(linux-image-6[^ ]*\)/\1/p' | head -1)
release=${kernel#linux-image-}
fetch() { # package
    ls "$out/packages/$1"_*.deb >/dev/null 2>&1 || (cd "$out/packages" && apt-get download -q "$1")
    dpkg-deb -x "$out/packages/$1"_*.deb "$out/kernel"
}
[ -e "$out/kernel/boot/vmlinuz-$release" ] || fetch "$kernel"
modules=$out/kernel/lib/modules/$release
loopback=
build_loopback() {
    # The package may have moved on while the lists are old: then these checks are left out, and the report says so.
    fetch "linux-headers-$release" && fetch "linux-headers-${release%-amd64}-common" && fetch v4l2loopback-dkms || return 1
    fetch "$(apt-cache depends "linux-headers-$release" | sed -n 's/.*Depends: \(linux-kbuild[^ ]*\)/\1/p' | head -1)" || return 1
    rm -rf "$out/loopback" && cp -r "$out"/kernel/usr/src/v4l2loopback-* "$out/loopback"
    # The headers name each other by absolute path.
    find "$out/kernel/usr/src" -name Makefile -exec sed -i "s|/usr/src/linux|$out/kernel/usr/src/linux|g" {} +
    rm -f "$out/kernel/usr/src/linux-headers-$release/scripts"
    ln -s "$(ls -d "$out"/kernel/usr/lib/linux-kbuild-*)/scripts" "$out/kernel/usr/src/linux-headers-$release/scripts"
    make -C "$out/kernel/usr/src/linux-headers-$release" M="$out/loopback" modules
}
if [ -e "$out/loopback/v4l2loopback.ko" ] || build_loopback >"$out/loopback.log" 2>&1; then
    mkdir -p "$modules/extra" && cp "$out/loopback/v4l2loopback.ko" "$modules/extra/"
    loopback=yes
fi
/sbin/depmod -b "$out/kernel" "$release"

# The machine's whole disk: busybox, the probe with its libraries, and the modules in the order they load.
root=$out/root
rm -rf "$root" && mkdir -p "$root"/{bin,lib64,lib,dev,proc,sys,modules}
cp "$(command -v busybox)" "$root/bin/busybox"
cp target/release/examples/camera-probe "$root/bin/probe"
ldd target/release/examples/camera-probe | grep -o '/[^ ]*' | while read -r library; do
    mkdir -p "$root$(dirname "$library")" && cp -L "$library" "$root$library"
done
needed() { /sbin/modprobe -d "$out/kernel" -S "$release" --show-depends "$1" | sed -n 's/^insmod \([^ ]*\).*/\1/p'; }
list() { # module, options
    needed "$1" | while read -r file; do
        cp "$file" "$root/modules/"
        case $file in */"$1".ko) echo "$(basename "$file") $2" ;; *) basename "$file" ;; esac
    done
}
list vivid "n_devs=1 node_types=0x1 input_types=0x00 num_inputs=1" >"$root/modules/vivid.list"
[ -z "$loopback" ] || list v4l2loopback "devices=1 video_nr=9 exclusive_caps=1" >"$root/modules/v4l2loopback.list"

cat >"$root/init" <<'INIT'
#!/bin/busybox sh
/bin/busybox --install -s /bin
mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev
load() { while read -r module options; do insmod /modules/$module $options 2>/dev/null; done </modules/$1.list; }
say() { echo "=== $1"; }
load vivid
say list;      probe list
for layout in yuyv nv12 rgb bgr; do say open-$layout; probe watch - 8 $layout; done
say busy;      probe watch - 16 yuyv >/held & sleep 6; probe watch - 6 yuyv; wait
say unplug;    (sleep 6; probe unplug /dev/video0) & probe watch - 16 yuyv; wait
if [ -e /modules/v4l2loopback.list ]; then
    load v4l2loopback; sleep 1
    say mjpeg; probe feed /dev/video9 mjpeg 14 & sleep 3; probe watch /dev/video9 8 mjpeg; wait
    say grey;  probe feed /dev/video9 grey 12 & sleep 3; probe watch /dev/video9 5 -; wait
    say stall; probe feed /dev/video9 yuyv 8 & sleep 3; probe watch /dev/video9 14 yuyv; wait
fi
say done
poweroff -f
INIT
chmod +x "$root/init"
(cd "$root" && find . | cpio -o -H newc --quiet | gzip -1) >"$out/init.gz"

timeout 900 qemu-system-x86_64 -accel tcg -cpu max -m 1024 -smp 2 -kernel "$out/kernel/boot/vmlinuz-$release" -initrd "$out/init.gz" \
    -append "console=ttyS0 quiet panic=-1" -nographic -no-reboot </dev/null 2>&1 | tr -d '\r' | tee "$out/console.log" | grep -E '^(===|HEALTH|END|CAMERA)' || true

# What has to be seen, section by section.
failed=0
# The firmware's screen codes come before the first line, without a line end.
section() { sed -n "/=== $1\$/,/^=== /p" "$out/console.log"; }
check() { # section, what it shows, pattern
    if section "$1" | grep -qE "$3"; then echo "| $2 | yes |" >>"$report"; else echo "| $2 | **no** |" >>"$report"; failed=1; fi
}
{ echo "# Camera check"; echo; echo "Kernel $release, $(qemu-system-x86_64 --version | head -1), $(date -u +%FT%RZ)"; echo
  echo "| Check | Seen |"; echo "| --- | --- |"; } >"$report"
check list "vivid is listed, flagged as virtual, with formats" 'CAMERA id=.*virtual=true formats=[1-9]'
for layout in Yuyv Nv12 Rgb Bgr; do
    small=$(echo "$layout" | tr '[:upper:]' '[:lower:]')
    check "open-$small" "$layout streams and is decoded" "HEALTH .* streaming $layout"
    check "open-$small" "$layout frames arrive, practice only" 'END frames=[1-9][0-9]* origin=Some\(Practice\) ended=true'
done
check busy "a second program is told that the camera is busy" 'HEALTH .* recovering CAM-02'
check busy "and gives up its thread at once" 'END .*ended=true'
check unplug "pulling the plug is a named state" 'HEALTH .* recovering CAM-04'
check unplug "frames come again without a restart" 'END frames=[1-9][0-9]'
if section unplug | sed '1,/recovering CAM-04/d' | grep -q 'HEALTH .* streaming'; then
    echo "| the stream is opened again by itself | yes |" >>"$report"
else
    echo "| the stream is opened again by itself | **no** |" >>"$report"; failed=1
fi
if [ -n "$loopback" ]; then
    check mjpeg "MJPEG streams and is decoded to the picture fed in" 'FRAME .* mean \[2[23][0-9], 1[12][0-9], [23][0-9]\]'
    check grey "an 8-bit grey camera is refused by name" 'HEALTH .* recovering CAM-06'
    check stall "a silent camera is a named state" 'HEALTH .* recovering CAM-05'
    # Only a thread that was woken and has ended is followed by another opening. (A loopback device without its feeder is gone by then.)
    if section stall | sed '1,/recovering CAM-05/d' | grep -q 'HEALTH .* opening'; then
        echo "| its thread is woken, ends, and the camera is opened again | yes |" >>"$report"
    else
        echo "| its thread is woken, ends, and the camera is opened again | **no** |" >>"$report"; failed=1
    fi
else
    echo "| MJPEG, grey, stall | not run: v4l2loopback could not be built, see $out/loopback.log |" >>"$report"
fi
check done "the machine ran to its end" '=== done'
cat "$report"
exit $failed
