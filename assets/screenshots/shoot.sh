#!/usr/bin/env bash
# Shoots the pictures of this folder anew, or with `matrix` every screen in every size and theme, joined to a sheet each.
# Not shot here: review-u-dark.png and transaction-u-dark.png, which somebody has to click to.
# Needs Xvfb and ImageMagick. Usage: shoot.sh LIFEBOAT FOLDER [matrix]
set -euo pipefail
lifeboat=$(realpath "$1"); folder=$2; mkdir -p "$folder"
owner=0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266

shoot() { # file, width x height, zoom, theme, then the rest of the words
  local file=$1 size=$2 zoom=$3 theme=$4 data; shift 4
  data=$(mktemp -d)
  xvfb-run -a -s "-screen 0 1280x800x24" timeout 120 "$lifeboat" --data-dir "$data" --size "$size" --zoom "$zoom" \
    --theme "$theme" --shot "$file" "$@" >/dev/null 2>&1 </dev/null || echo "FAILED: $file"
  rm -rf "$data"
}
sized() { case $1 in u) echo 1100x720 1;; n) echo 820x560 1;; z) echo 820x560 1.25;; esac; }

if [ "${3:-}" = matrix ]; then
  for screen in firstrun home send sign activity positions exit-plan approvals safe explorer contracts network accounts \
    settings about practice messages; do
    for letter in u n z; do
      for theme in dark light; do
        watch=(--watch "$owner"); [ "$screen" = firstrun ] && watch=()
        # shellcheck disable=SC2046
        shoot "$folder/$screen-$letter-$theme.png" $(sized $letter) "$theme" --network practice --screen "$screen" "${watch[@]}"
      done
    done
    montage "$folder/$screen"-[unz]-{dark,light}.png -tile 3x2 -geometry 820x560+4+4 "$folder/sheet-$screen.png"
  done
  exit
fi

while read -r name percent words; do
  case $name in
    sc-*) letter=u theme=dark ;;
    *) theme=${name##*-}; letter=${name%-*}; letter=${letter##*-} ;;
  esac
  # shellcheck disable=SC2046,SC2086
  shoot "$folder/$name.png" $(sized "$letter") "$theme" $words
  [ "$percent" = 100 ] || mogrify -resize "$percent%" "$folder/$name.png"
  mogrify -strip -dither None -colors 128 -type Palette -define png:compression-level=9 "$folder/$name.png"
done <<PICTURES
accounts-n-dark 100 --network practice --screen accounts --watch $owner
activity-n-light 100 --network practice --screen activity --watch $owner
approvals-n-dark 75 --network practice --screen approvals --watch $owner
contracts-u-light 75 --network practice --screen contracts --watch $owner
exit-plan-u-dark 100 --network practice --screen exit-plan --watch $owner
firstrun-u-light 75 --network practice --screen firstrun
home-u-dark 100 --network practice --screen home --watch $owner
home-z-light 75 --network practice --screen home --watch $owner
network-u-dark 100 --network practice --screen network --watch $owner
positions-u-dark 100 --network practice --screen positions --watch $owner
positions-u-light 100 --network practice --screen positions --watch $owner
practice-u-dark 75 --network practice --screen practice --watch $owner
send-n-light 100 --network practice --screen send --watch $owner
send-z-dark 100 --network practice --screen send --watch $owner
settings-z-light 75 --network practice --screen settings --watch $owner
sign-u-dark 75 --network practice --screen sign --watch $owner
sc-all-liars 75 --scenario all-liars --screen home
sc-clock-behind 75 --scenario clock-behind --screen home
sc-endpoints-down 100 --scenario endpoints-down --screen home
sc-hf-critical 75 --scenario hf-critical --screen home
sc-low-participation 100 --scenario low-participation --screen home
sc-one-liar 75 --scenario one-liar --screen home
sc-stale 75 --scenario stale --screen home
PICTURES
